package io.krystaline.sink.receive;

import static io.krystaline.sink.receive.GrpcRefusals.hasRetryInfo;
import static io.krystaline.sink.receive.GrpcRefusals.refusalOf;
import static io.krystaline.sink.receive.GrpcRefusals.retryDelay;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import io.krystaline.platform.http.TlsSettings;
import io.krystaline.sink.pipeline.IngestResult;
import io.krystaline.sink.pipeline.Transport;
import io.netty.handler.ssl.SslContext;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the gRPC receiver does beyond single answers: starting, stopping, limits, faults. */
class GrpcReceiverTest {
  private static final int MESSAGE_BYTES_MAX = 16 * 1024 * 1024;
  private static final byte[] SMALL = OtlpSamples.spans(1).toByteArray();
  private static final int WAIT_SECONDS = 20;

  private final CountingMetrics metrics = new CountingMetrics();
  private final FakeIngest ingest = new FakeIngest(MESSAGE_BYTES_MAX);
  private final List<AutoCloseable> opened = new ArrayList<>();

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable resource : opened.reversed()) {
      resource.close();
    }
  }

  @Test
  void line16_health_servesUntilDrained() {
    GrpcReceiver receiver = start(UnaryOperator.identity());
    var health = HealthGrpc.newBlockingStub(sender(receiver).channel());
    String service = "opentelemetry.proto.collector.trace.v1.TraceService";

    assertThat(health.check(check(service)).getStatus()).isEqualTo(ServingStatus.SERVING);
    assertThat(health.check(check("")).getStatus()).isEqualTo(ServingStatus.SERVING);

    receiver.drain();
    assertThat(health.check(check(service)).getStatus()).isEqualTo(ServingStatus.NOT_SERVING);
  }

  @Test
  void line16_reflection_describesTheServices() throws Exception {
    GrpcSender sender = sender(start(UnaryOperator.identity()));
    CompletableFuture<ServerReflectionResponse> list = new CompletableFuture<>();

    StreamObserver<ServerReflectionRequest> requests =
        ServerReflectionGrpc.newStub(sender.channel()).serverReflectionInfo(firstInto(list));
    requests.onNext(ServerReflectionRequest.newBuilder().setListServices("").build());

    assertThat(list.get(WAIT_SECONDS, TimeUnit.SECONDS).getListServicesResponse().getServiceList())
        .extracting("name")
        .contains(
            "opentelemetry.proto.collector.trace.v1.TraceService",
            "opentelemetry.proto.collector.metrics.v1.MetricsService",
            "opentelemetry.proto.collector.logs.v1.LogsService");

    CompletableFuture<ServerReflectionResponse> file = new CompletableFuture<>();
    requests = ServerReflectionGrpc.newStub(sender.channel()).serverReflectionInfo(firstInto(file));
    requests.onNext(
        ServerReflectionRequest.newBuilder()
            .setFileContainingSymbol("opentelemetry.proto.collector.trace.v1.TraceService")
            .build());
    assertThat(file.get(WAIT_SECONDS, TimeUnit.SECONDS).hasFileDescriptorResponse()).isTrue();
  }

  @Test
  void unknownMethod_isUnimplementedWithoutItsName() {
    GrpcSender sender = sender(start(UnaryOperator.identity()));

    StatusRuntimeException refusal = refusalOf(() -> sender.export("some.Service/Secret", SMALL));

    assertThat(refusal.getStatus().getCode()).isEqualTo(Status.Code.UNIMPLEMENTED);
    assertThat(refusal.getStatus().getDescription()).doesNotContain("Secret");
    metrics.assertCount("refused grpc not_found", 1);
  }

  @Test
  void unknownCoding_isUnimplemented() {
    GrpcSender sender = sender(start(UnaryOperator.identity()));

    StatusRuntimeException refusal =
        refusalOf(() -> sender.export(GrpcSender.TRACES, SMALL, "br", target -> target));

    assertThat(refusal.getStatus().getCode()).isEqualTo(Status.Code.UNIMPLEMENTED);
  }

  @Test
  void mislabelledOrCutCompression_isInvalidArgument() {
    GrpcSender sender = sender(start(UnaryOperator.identity()));

    for (String coding : new String[] {"gzip", "zstd", "snappy"}) {
      byte[] whole = Compressed.bytes(coding, OtlpSamples.spans(50).toByteArray());
      byte[] cut = Arrays.copyOf(whole, whole.length - 5);
      for (byte[] body : new byte[][] {SMALL, cut}) {
        StatusRuntimeException refusal =
            refusalOf(() -> sender.export(GrpcSender.TRACES, body, coding, target -> target));
        assertThat(refusal.getStatus().getCode())
            .as(coding)
            .isEqualTo(Status.Code.INVALID_ARGUMENT);
        assertThat(refusal.getStatus().getDescription()).contains(coding);
      }
    }
    assertThat(ingest.messages()).isEmpty();
  }

  @Test
  void severalMembersOrFrames_areAllRead() {
    GrpcSender sender = sender(start(UnaryOperator.identity()));
    byte[] message = OtlpSamples.spans(50).toByteArray();
    byte[] head = Arrays.copyOf(message, 1000);
    byte[] tail = Arrays.copyOfRange(message, 1000, message.length);

    for (String coding : new String[] {"gzip", "zstd", "snappy"}) {
      byte[] first = Compressed.bytes(coding, head);
      byte[] second = Compressed.bytes(coding, tail);
      byte[] both = Arrays.copyOf(first, first.length + second.length);
      System.arraycopy(second, 0, both, first.length, second.length);
      sender.export(GrpcSender.TRACES, both, coding, target -> target);
    }

    assertThat(ingest.messages()).hasSize(3).containsOnly(OtlpSamples.spans(50));
  }

  @Test
  void fiftyThousandSpans_failAtTheSmallLimitAndPassAtTheLarge() {
    byte[] message = OtlpSamples.spans(50_000).toByteArray();
    GrpcSender small = sender(start(settings -> settings.withMessageBytesMax(1024 * 1024)));
    GrpcSender large = sender(start(UnaryOperator.identity()));

    StatusRuntimeException refusal = refusalOf(() -> small.export(GrpcSender.TRACES, message));
    assertThat(refusal.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    assertThat(hasRetryInfo(refusal)).isFalse();
    large.export(GrpcSender.TRACES, message);
    assertThat(ingest.spans(Transport.GRPC)).isEqualTo(50_000);
  }

  @Test
  void okRetryablePermanentOk_onOneConnection_keepsTwoAndCountsTwoRefusals() {
    GrpcSender sender = sender(start(UnaryOperator.identity()));

    sender.export(GrpcSender.TRACES, SMALL);
    ingest.answerWith(ok -> new IngestResult.Unavailable(Duration.ofSeconds(1), "overloaded"));
    assertThat(refusalOf(() -> sender.export(GrpcSender.TRACES, SMALL)).getStatus().getCode())
        .isEqualTo(Status.Code.UNAVAILABLE);
    ingest.answerWith(
        ok -> {
          throw new IllegalStateException("a defect with a secret");
        });
    StatusRuntimeException defect = refusalOf(() -> sender.export(GrpcSender.TRACES, SMALL));
    assertThat(defect.getStatus().getCode()).isEqualTo(Status.Code.INTERNAL);
    assertThat(defect.getStatus().getDescription()).doesNotContain("secret");
    ingest.answerWith(UnaryOperator.identity());
    sender.export(GrpcSender.TRACES, SMALL);

    assertThat(ingest.messages()).hasSize(2);
    metrics.assertCount("refused grpc unavailable", 1);
    metrics.assertCount("refused grpc internal", 1);
  }

  @Test
  void messages_areOfferedOnTheEventLoop() {
    sender(start(UnaryOperator.identity())).export(GrpcSender.TRACES, SMALL);

    assertThat(ingest.threads()).hasSize(1).allMatch(name -> name.startsWith("test-loop"));
  }

  @Test
  void answer_waitsUntilDurable() throws Exception {
    GrpcSender sender = sender(start(UnaryOperator.identity()));
    CompletableFuture<Void> durable = new CompletableFuture<>();
    CountDownLatch offered = new CountDownLatch(1);
    ingest.answerWith(
        ok -> {
          offered.countDown();
          return new IngestResult.Accepted(1, 0, "", durable);
        });

    Future<byte[]> answer = exportAsync(sender);
    assertThat(offered.await(WAIT_SECONDS, TimeUnit.SECONDS)).isTrue();
    ingest.answerWith(UnaryOperator.identity());
    sender.export(GrpcSender.TRACES, SMALL);
    assertThat(answer.isDone()).isFalse();

    durable.complete(null);
    assertThat(answer.get(WAIT_SECONDS, TimeUnit.SECONDS)).isEmpty();
  }

  @Test
  void cancelledWhileWaiting_leavesTheConnectionUsable() throws Exception {
    GrpcSender sender = sender(start(UnaryOperator.identity()));
    CompletableFuture<Void> durable = new CompletableFuture<>();
    CountDownLatch offered = new CountDownLatch(1);
    ingest.answerWith(
        ok -> {
          offered.countDown();
          return new IngestResult.Accepted(1, 0, "", durable);
        });

    Future<byte[]> answer = exportAsync(sender);
    assertThat(offered.await(WAIT_SECONDS, TimeUnit.SECONDS)).isTrue();
    answer.cancel(true);
    ingest.answerWith(UnaryOperator.identity());
    sender.export(GrpcSender.TRACES, SMALL);
    durable.complete(null);

    sender.export(GrpcSender.TRACES, SMALL);
    metrics.assertCount("refused grpc internal", 0);
  }

  @Test
  void callWithTwoMessagesOrNone_isAnError() throws Exception {
    GrpcSender sender = sender(start(UnaryOperator.identity()));
    var streaming =
        GrpcSender.method(GrpcSender.TRACES).toBuilder()
            .setType(io.grpc.MethodDescriptor.MethodType.CLIENT_STREAMING)
            .build();
    for (int messages : new int[] {0, 2}) {
      CompletableFuture<byte[]> answer = new CompletableFuture<>();
      StreamObserver<byte[]> requests =
          ClientCalls.asyncClientStreamingCall(
              sender.channel().newCall(streaming, CallOptions.DEFAULT), firstInto(answer));
      for (int sent = 0; sent < messages; sent++) {
        requests.onNext(SMALL);
      }
      requests.onCompleted();

      assertThatThrownBy(() -> answer.get(WAIT_SECONDS, TimeUnit.SECONDS))
          .cause()
          .extracting(failure -> Status.fromThrowable(failure).getCode())
          .isEqualTo(messages == 0 ? Status.Code.INTERNAL : Status.Code.CANCELLED);
    }
    metrics.assertCount("refused grpc protocol", 1);
  }

  @Test
  void token_missingOrWrong_isUnauthenticated() {
    GrpcReceiver receiver =
        start(settings -> settings.withSecurity(null, new SenderToken("open sesame")));
    GrpcSender none = sender(receiver);
    GrpcSender wrong = senderWithToken(receiver, "Bearer open");
    GrpcSender right = senderWithToken(receiver, "bearer open sesame");

    for (GrpcSender sender : List.of(none, wrong)) {
      assertThat(refusalOf(() -> sender.export(GrpcSender.TRACES, SMALL)).getStatus().getCode())
          .isEqualTo(Status.Code.UNAUTHENTICATED);
    }
    right.export(GrpcSender.TRACES, SMALL);

    assertThat(ingest.messages()).hasSize(1);
    metrics.assertCount("refused grpc unauthenticated", 2);
    assertThat(HealthGrpc.newBlockingStub(none.channel()).check(check("")).getStatus())
        .isEqualTo(ServingStatus.SERVING);
  }

  @Test
  void connectionsOverTheLimit_areClosed() {
    GrpcReceiver receiver =
        start(settings -> settings.withCapacity(settings.bufferedBytesMax(), 1, 10, 10));
    GrpcSender first = sender(receiver);
    first.export(GrpcSender.TRACES, SMALL);

    assertThat(refusalOf(() -> sender(receiver).export(GrpcSender.TRACES, SMALL)).getStatus())
        .extracting(Status::getCode)
        .isEqualTo(Status.Code.UNAVAILABLE);

    metrics.assertCount("connections refused grpc", 1);
    first.export(GrpcSender.TRACES, SMALL);
  }

  @Test
  void callsOverTheLimit_areToldToComeAgain() throws Exception {
    GrpcReceiver receiver =
        start(settings -> settings.withCapacity(settings.bufferedBytesMax(), 10, 10, 2));
    GrpcSender sender = sender(receiver);
    List<ClientCall<byte[], byte[]>> open = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      open.add(openCall(sender));
    }

    StatusRuntimeException refusal = refusalOf(() -> sender.export(GrpcSender.TRACES, SMALL));
    assertThat(refusal.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    assertThat(refusal.getStatus().getDescription()).contains("too many calls");
    assertThat(retryDelay(refusal)).isEqualTo(Duration.ofSeconds(1));
    metrics.assertCount("refused grpc unavailable", 1);

    open.forEach(call -> call.cancel("enough", null));
    // The refused call and the cancelled ones end on the server a little later than here.
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (ingest.messages().isEmpty() && System.nanoTime() - end < 0) {
      refusalOf(() -> sender.export(GrpcSender.TRACES, SMALL));
    }
    assertThat(ingest.messages()).hasSize(1);
  }

  /** A call that has sent nothing, once the server has seen it. */
  private static ClientCall<byte[], byte[]> openCall(GrpcSender sender) {
    ClientCall<byte[], byte[]> call =
        sender.channel().newCall(GrpcSender.method(GrpcSender.TRACES), CallOptions.DEFAULT);
    call.start(new ClientCall.Listener<>() {}, new Metadata());
    // On one connection the server sees calls in the order of their headers.
    call.request(1);
    return call;
  }

  @Test
  void start_portInUse_fails() {
    int taken = start(UnaryOperator.identity()).port();
    GrpcReceiver second = receiver(GrpcSettings.at(loopback(taken)));

    assertThatThrownBy(second::start)
        .isInstanceOf(ReceiverStartException.class)
        .hasMessageContaining(String.valueOf(taken));
    second.close();
  }

  @Test
  void start_badCredentials_fails(@TempDir Path folder) throws Exception {
    Path file = Files.writeString(folder.resolve("certificate.pem"), "no certificate");
    GrpcReceiver receiver =
        receiver(GrpcSettings.at(loopback(0)).withSecurity(new TlsSettings(file, file), null));

    assertThatThrownBy(receiver::start)
        .isInstanceOf(ReceiverStartException.class)
        .hasMessageContaining("certificate.pem");

    GrpcReceiver missing =
        receiver(
            GrpcSettings.at(loopback(0))
                .withSecurity(new TlsSettings(folder.resolve("none.pem"), file), null));
    assertThatThrownBy(missing::start).isInstanceOf(ReceiverStartException.class);
  }

  @Test
  void tls_isServedWithTheGivenCertificate(@TempDir Path folder) throws Exception {
    TlsSettings identity = ServerIdentity.create(folder);
    GrpcReceiver receiver = start(settings -> settings.withSecurity(identity, null));
    SslContext trust =
        GrpcSslContexts.forClient().trustManager(identity.certificateChain().toFile()).build();
    GrpcSender secure =
        new GrpcSender(
            receiver.port(), options -> options.useTransportSecurity().sslContext(trust));
    opened.add(secure);

    secure.export(GrpcSender.TRACES, SMALL);
    assertThat(refusalOf(() -> sender(receiver).export(GrpcSender.TRACES, SMALL)).getStatus())
        .extracting(Status::getCode)
        .isEqualTo(Status.Code.UNAVAILABLE);
    assertThat(ingest.messages()).hasSize(1);
  }

  @Test
  void close_nothingReachesThePipelineAfterwards() throws Exception {
    GrpcReceiver receiver = start(UnaryOperator.identity());
    GrpcSender sender = sender(receiver);
    sender.export(GrpcSender.TRACES, SMALL);
    List<Future<byte[]>> answers = new ArrayList<>();
    for (int sent = 0; sent < 200; sent++) {
      answers.add(exportAsync(sender));
    }

    receiver.close();
    int kept = ingest.messages().size();

    for (Future<byte[]> answer : answers) {
      try {
        answer.get(WAIT_SECONDS, TimeUnit.SECONDS);
      } catch (java.util.concurrent.ExecutionException refused) {
        assertThat(Status.fromThrowable(refused).getCode()).isEqualTo(Status.Code.UNAVAILABLE);
      }
    }
    assertThat(ingest.messages()).hasSize(kept);
  }

  private GrpcReceiver start(UnaryOperator<GrpcSettings> change) {
    GrpcReceiver receiver =
        receiver(change.apply(GrpcSettings.at(loopback(0)).withMessageBytesMax(MESSAGE_BYTES_MAX)));
    receiver.start();
    opened.add(receiver);
    return receiver;
  }

  private GrpcReceiver receiver(GrpcSettings settings) {
    SignalIntake intake = new SignalIntake(ingest, metrics, settings.messageBytesMax());
    return new GrpcReceiver(settings, intake, metrics, TestEventLoops.GROUP);
  }

  private GrpcSender sender(GrpcReceiver receiver) {
    GrpcSender sender = new GrpcSender(receiver.port());
    opened.add(sender);
    return sender;
  }

  private GrpcSender senderWithToken(GrpcReceiver receiver, String authorization) {
    Metadata headers = new Metadata();
    headers.put(Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), authorization);
    GrpcSender sender =
        new GrpcSender(
            receiver.port(),
            options -> options.intercept(MetadataUtils.newAttachHeadersInterceptor(headers)));
    opened.add(sender);
    return sender;
  }

  private static Future<byte[]> exportAsync(GrpcSender sender) {
    return ClientCalls.futureUnaryCall(
        sender.channel().newCall(GrpcSender.method(GrpcSender.TRACES), CallOptions.DEFAULT), SMALL);
  }

  private static InetSocketAddress loopback(int port) {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }

  private static HealthCheckRequest check(String service) {
    return HealthCheckRequest.newBuilder().setService(service).build();
  }

  private static <T> StreamObserver<T> firstInto(CompletableFuture<T> target) {
    return new StreamObserver<>() {
      @Override
      public void onNext(T value) {
        target.complete(value);
      }

      @Override
      public void onError(Throwable failure) {
        target.completeExceptionally(failure);
      }

      @Override
      public void onCompleted() {}
    };
  }
}
