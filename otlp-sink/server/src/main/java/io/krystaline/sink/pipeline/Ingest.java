package io.krystaline.sink.pipeline;

/**
 * The pipeline's front door, for every receiver. Thread-safe; meant to be called on event loops: it
 * never blocks on I/O.
 */
public interface Ingest {

  /** Decodes and scores one ExportTraceServiceRequest. An empty message is accepted. */
  IngestResult offer(Transport transport, MessageSource source);
}
