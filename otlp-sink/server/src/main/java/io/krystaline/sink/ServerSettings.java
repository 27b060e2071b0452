package io.krystaline.sink;

import io.krystaline.platform.http.BearerToken;
import io.krystaline.platform.http.CorsPolicy;
import io.krystaline.platform.http.HttpServerSettings;
import io.krystaline.platform.http.TlsSettings;
import io.krystaline.sink.receive.GrpcSettings;
import io.krystaline.sink.receive.HttpReceiverSettings;
import io.krystaline.sink.receive.SenderToken;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.Set;

/** What the three servers are opened with, from where the sink listens. Immutable. */
record ServerSettings(ListenSettings listen, int messageBytesMax) {

  HttpServerSettings api() {
    return http(listen.apiHost(), listen.apiPort());
  }

  HttpReceiverSettings otlpHttp() {
    return new HttpReceiverSettings(
        http(listen.otlpHost(), listen.otlpHttpPort()),
        messageBytesMax,
        CorsPolicy.of(Set.copyOf(listen.corsOrigins())),
        listen.otlpToken().map(token -> new BearerToken(token, Set.of())).orElse(null));
  }

  GrpcSettings otlpGrpc() {
    ListenSettings.Capacity capacity = listen.capacity();
    GrpcSettings plain =
        GrpcSettings.at(new InetSocketAddress(listen.otlpHost(), listen.otlpGrpcPort()));
    return plain
        .withMessageBytesMax(messageBytesMax)
        .withCapacity(
            Math.max(capacity.bufferedBytesMax(), messageBytesMax),
            capacity.connectionsMax(),
            plain.callsPerConnectionMax(),
            capacity.callsMax())
        .withSecurity(tls().orElse(null), listen.otlpToken().map(SenderToken::new).orElse(null));
  }

  private HttpServerSettings http(String host, int port) {
    HttpServerSettings plain = HttpServerSettings.defaults().withAddress(host, port);
    return tls().map(files -> plain.copy().tls(files).build()).orElse(plain);
  }

  private Optional<TlsSettings> tls() {
    return listen.tls().map(files -> new TlsSettings(files.certificate(), files.key()));
  }
}
