package io.krystaline.bench.measure;

import io.krystaline.bench.process.JvmProbe;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/** What is measured: a receiver of spans in a process of its own. Used by one thread. */
public interface Receiver extends AutoCloseable {
  /** A word for tables. */
  String name();

  /** Where it listens. */
  String host();

  /** The port of OTLP over gRPC. */
  int grpcPort();

  /** The port of OTLP over HTTP; 0 where there is none. */
  int httpPort();

  /** Its process; empty where it is on another machine or was not told. */
  Optional<Long> pid();

  /** Processor time that it has used, seconds; empty where its process is not known. */
  OptionalDouble cpuSeconds();

  /** Processor time that its database has used, seconds; empty where there is none. */
  OptionalDouble databaseCpuSeconds();

  /** Its JVM; empty where it is none. */
  Optional<JvmProbe> jvm();

  /** The API of a sink; empty for other receivers. */
  Optional<SinkApi> api();

  /** Begins a round: remembers what was counted before. */
  void open() throws InterruptedException;

  /** Waits until everything that was sent is worked off. */
  void settle() throws InterruptedException;

  /** Ends a round: what does not add up. */
  List<String> differences(SenderCounts sender) throws InterruptedException;

  /** Anomalies that were stored in the round that ended last. */
  long anomaliesStored();

  @Override
  void close();
}
