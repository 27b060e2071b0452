package io.krystaline.platform.http;

import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpRequestDecoder;

/** Reads HTTP/1.1 within the server's limits; refuses a request whose length is told twice. */
final class Http1Decoder extends HttpRequestDecoder {
  private static final int PIECE_BYTES_MAX = 64 << 10;

  Http1Decoder(HttpServerSettings settings) {
    super(
        new HttpDecoderConfig()
            .setMaxInitialLineLength(settings.targetBytesMax())
            .setMaxHeaderSize(settings.headerBytesMax())
            .setMaxChunkSize(PIECE_BYTES_MAX)
            .setAllowDuplicateContentLengths(false));
  }

  @Override
  protected void handleTransferEncodingChunkedWithContentLength(HttpMessage message) {
    throw new IllegalArgumentException("Content-Length and Transfer-Encoding in one request");
  }
}
