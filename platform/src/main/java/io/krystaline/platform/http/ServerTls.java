package io.krystaline.platform.http;

import io.netty.handler.codec.http2.Http2SecurityUtil;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import java.util.Optional;
import javax.net.ssl.SSLException;

/** Reads certificate and key, and offers h2 before http/1.1. */
final class ServerTls {
  private ServerTls() {}

  static Optional<SslContext> of(Optional<TlsSettings> settings) {
    return settings.map(ServerTls::context);
  }

  private static SslContext context(TlsSettings settings) {
    try {
      return SslContextBuilder.forServer(
              settings.certificateChain().toFile(), settings.privateKey().toFile())
          .ciphers(Http2SecurityUtil.CIPHERS, SupportedCipherSuiteFilter.INSTANCE)
          .protocols("TLSv1.3", "TLSv1.2")
          .applicationProtocolConfig(
              new ApplicationProtocolConfig(
                  Protocol.ALPN,
                  SelectorFailureBehavior.NO_ADVERTISE,
                  SelectedListenerFailureBehavior.ACCEPT,
                  ApplicationProtocolNames.HTTP_2,
                  ApplicationProtocolNames.HTTP_1_1))
          .build();
    } catch (SSLException | IllegalArgumentException e) {
      throw new HttpStartException(
          "cannot use the certificate "
              + settings.certificateChain()
              + " with the key "
              + settings.privateKey(),
          e);
    }
  }
}
