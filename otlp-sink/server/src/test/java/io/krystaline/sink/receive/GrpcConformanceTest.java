package io.krystaline.sink.receive;

import static io.krystaline.sink.receive.GrpcRefusals.details;
import static io.krystaline.sink.receive.GrpcRefusals.hasRetryInfo;
import static io.krystaline.sink.receive.GrpcRefusals.refusalOf;
import static io.krystaline.sink.receive.GrpcRefusals.retryDelay;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.ZstdOutputStream;
import com.google.rpc.BadRequest;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.krystaline.sink.pipeline.IngestResult;
import io.krystaline.sink.pipeline.StoreUnavailableException;
import io.krystaline.sink.pipeline.Transport;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xerial.snappy.SnappyFramedOutputStream;

/** The lines of otlp-conformance.md for OTLP/gRPC, over real sockets with a real client. */
class GrpcConformanceTest {
  private static final int MESSAGE_BYTES_MAX = 1024 * 1024;
  private static final byte[] GARBAGE = {(byte) 0xff, (byte) 0xff, (byte) 0xff, 7, 7};

  private final CountingMetrics metrics = new CountingMetrics();
  private final FakeIngest ingest = new FakeIngest(MESSAGE_BYTES_MAX);
  private final GrpcReceiver receiver =
      new GrpcReceiver(
          GrpcSettings.at(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
              .withMessageBytesMax(MESSAGE_BYTES_MAX),
          new SignalIntake(ingest, metrics, MESSAGE_BYTES_MAX),
          metrics,
          TestEventLoops.GROUP);
  private GrpcSender sender;

  @BeforeEach
  void start() {
    receiver.start();
    sender = new GrpcSender(receiver.port());
  }

  @AfterEach
  void stop() {
    sender.close();
    receiver.close();
  }

  @Test
  void line01_plainAndGzip_areAccepted() {
    byte[] message = OtlpSamples.spans(3).toByteArray();

    sender.export(GrpcSender.TRACES, message);
    sender.export(GrpcSender.TRACES, message, "gzip", GZIPOutputStream::new);

    assertThat(ingest.messages()).containsExactly(OtlpSamples.spans(3), OtlpSamples.spans(3));
    assertThat(ingest.spans(Transport.GRPC)).isEqualTo(6);
  }

  @Test
  void line01_zstdAndSnappyOfTheCollector_areAccepted() {
    byte[] message = OtlpSamples.spans(1000).toByteArray();

    sender.export(GrpcSender.TRACES, message, "zstd", ZstdOutputStream::new);
    sender.export(GrpcSender.TRACES, message, "snappy", SnappyFramedOutputStream::new);

    assertThat(ingest.messages()).containsExactly(OtlpSamples.spans(1000), OtlpSamples.spans(1000));
  }

  @Test
  void line02_exactlyTheLimit_isAccepted() {
    byte[] message = OtlpSamples.ofBytes(MESSAGE_BYTES_MAX).toByteArray();

    sender.export(GrpcSender.TRACES, message);
    sender.export(GrpcSender.TRACES, message, "gzip", GZIPOutputStream::new);

    assertThat(ingest.messages()).hasSize(2);
  }

  @Test
  void line02_oneByteOverTheLimitOnceDecompressed_isResourceExhausted() throws Exception {
    byte[] message = OtlpSamples.ofBytes(MESSAGE_BYTES_MAX + 1).toByteArray();

    for (String coding : new String[] {"gzip", "zstd", "snappy"}) {
      StatusRuntimeException refusal =
          refusalOf(
              () ->
                  sender.export(
                      GrpcSender.TRACES,
                      message,
                      coding,
                      target -> Compressed.stream(coding, target)));
      assertThat(refusal.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
      assertThat(hasRetryInfo(refusal)).isFalse();
    }
    metrics.assertCount("refused grpc too_large", 3);
    assertThat(ingest.messages()).isEmpty();
  }

  @Test
  void line03_emptyRequest_isSuccess() {
    assertThat(sender.export(GrpcSender.TRACES, new byte[0])).isEmpty();
    assertThat(sender.export(GrpcSender.METRICS, new byte[0])).isEmpty();
    assertThat(sender.export(GrpcSender.LOGS, new byte[0])).isEmpty();
  }

  @Test
  void line04_fullSuccess_leavesPartialSuccessUnset() {
    assertThat(sender.export(GrpcSender.TRACES, OtlpSamples.spans(2).toByteArray())).isEmpty();
  }

  @Test
  void line05_partialAcceptance_isOkWithCountAndMessage() throws Exception {
    byte[] response = sender.export(GrpcSender.TRACES, OtlpSamples.withInvalidIds().toByteArray());

    var partial = ExportTraceServiceResponse.parseFrom(response).getPartialSuccess();
    assertThat(partial.getRejectedSpans()).isEqualTo(2);
    assertThat(partial.getErrorMessage()).isEqualTo("2 spans have invalid ids");
    assertThat(ingest.spans(Transport.GRPC)).isEqualTo(1);
  }

  @Test
  void line05_warning_isOkWithZeroAndMessage() throws Exception {
    ingest.answerWith(ok -> new IngestResult.Accepted(1, 0, "times are in the future", null));

    byte[] response = sender.export(GrpcSender.TRACES, OtlpSamples.spans(1).toByteArray());

    var parsed = ExportTraceServiceResponse.parseFrom(response);
    assertThat(parsed.hasPartialSuccess()).isTrue();
    assertThat(parsed.getPartialSuccess().getRejectedSpans()).isZero();
    assertThat(parsed.getPartialSuccess().getErrorMessage()).isEqualTo("times are in the future");
  }

  @Test
  void line06_longMessages_areCutFarBelow64KiB() throws Exception {
    ingest.answerWith(ok -> new IngestResult.Accepted(0, 9, "x".repeat(100_000), null));
    assertThat(sender.export(GrpcSender.TRACES, OtlpSamples.spans(1).toByteArray()))
        .hasSizeLessThan(1024);

    ingest.answerWith(ok -> new IngestResult.Malformed("y".repeat(100_000)));
    StatusRuntimeException refusal =
        refusalOf(() -> sender.export(GrpcSender.TRACES, OtlpSamples.spans(1).toByteArray()));
    assertThat(refusal.getStatus().getDescription()).hasSizeLessThan(1024);
  }

  @Test
  void line07_unknownField_isIgnored() {
    byte[] known = OtlpSamples.spans(1).toByteArray();
    byte[] message = Arrays.copyOf(known, known.length + 3);
    message[known.length] = (byte) 0xf8;
    message[known.length + 1] = 0x07;
    message[known.length + 2] = 42;

    assertThat(sender.export(GrpcSender.TRACES, message)).isEmpty();
    assertThat(ingest.spans(Transport.GRPC)).isEqualTo(1);
  }

  @Test
  void line09_everyAttributeType_isAccepted() {
    ExportTraceServiceRequest request = OtlpSamples.withEveryAttributeType();

    assertThat(sender.export(GrpcSender.TRACES, request.toByteArray())).isEmpty();
    assertThat(ingest.messages()).containsExactly(request);
  }

  @Test
  void line12_overload_isUnavailableWithRetryInfo() throws Exception {
    ingest.answerWith(ok -> new IngestResult.Unavailable(Duration.ofMillis(1500), "overloaded"));

    StatusRuntimeException refusal =
        refusalOf(() -> sender.export(GrpcSender.TRACES, OtlpSamples.spans(1).toByteArray()));

    assertThat(refusal.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    assertThat(retryDelay(refusal)).isEqualTo(Duration.ofMillis(1500));
    metrics.assertCount("refused grpc unavailable", 1);
  }

  @Test
  void line12_failedCommit_isUnavailableWithRetryInfo() throws Exception {
    ingest.answerWith(
        ok ->
            new IngestResult.Accepted(
                1,
                0,
                "",
                CompletableFuture.failedFuture(
                    new StoreUnavailableException(
                        "down", Duration.ofSeconds(7), new IOException("refused")))));

    StatusRuntimeException refusal =
        refusalOf(() -> sender.export(GrpcSender.TRACES, OtlpSamples.spans(1).toByteArray()));

    assertThat(refusal.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    assertThat(retryDelay(refusal)).isEqualTo(Duration.ofSeconds(7));
  }

  @Test
  void line13_badData_isInvalidArgumentWithBadRequest() throws Exception {
    for (String method : new String[] {GrpcSender.TRACES, GrpcSender.METRICS, GrpcSender.LOGS}) {
      StatusRuntimeException refusal = refusalOf(() -> sender.export(method, GARBAGE));

      assertThat(refusal.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
      com.google.rpc.Status status = details(refusal);
      assertThat(status.getDetails(0).unpack(BadRequest.class).getFieldViolationsCount())
          .isEqualTo(1);
    }
    metrics.assertCount("refused grpc malformed", 3);
  }

  @Test
  void line14_tooLarge_isResourceExhaustedWithoutRetryInfoAlsoForTheNextOnTheConnection()
      throws Exception {
    byte[] small = OtlpSamples.spans(1).toByteArray();
    byte[] large = OtlpSamples.ofBytes(8 * MESSAGE_BYTES_MAX).toByteArray();

    for (int attempt = 0; attempt < 5; attempt++) {
      StatusRuntimeException refusal = refusalOf(() -> sender.export(GrpcSender.TRACES, large));
      assertThat(refusal.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
      assertThat(hasRetryInfo(refusal)).isFalse();
      sender.export(GrpcSender.TRACES, small);
    }

    assertThat(ingest.messages()).hasSize(5);
    metrics.assertCount("refused grpc too_large", 5);
  }

  @Test
  void line17_metricsAndLogs_areCounted() {
    sender.export(GrpcSender.METRICS, OtlpSamples.dataPoints(4).toByteArray());
    sender.export(GrpcSender.LOGS, OtlpSamples.logRecords(3).toByteArray());

    metrics.assertCount("points grpc", 4);
    metrics.assertCount("logs grpc", 3);
  }
}
