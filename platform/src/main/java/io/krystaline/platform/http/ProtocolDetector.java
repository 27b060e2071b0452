package io.krystaline.platform.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Tells HTTP/2 with prior knowledge from HTTP/1.1 by the first bytes of a plain connection. */
final class ProtocolDetector extends ByteToMessageDecoder {
  private static final byte[] PREFACE =
      "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  private final ServerContext server;
  private final ConnectionWatch watch;

  ProtocolDetector(ServerContext server, ConnectionWatch watch) {
    this.server = server;
    this.watch = watch;
  }

  @Override
  protected void decode(ChannelHandlerContext ctx, ByteBuf input, List<Object> output) {
    int seen = Math.min(input.readableBytes(), PREFACE.length);
    for (int index = 0; index < seen; index++) {
      if (input.getByte(input.readerIndex() + index) != PREFACE[index]) {
        ConnectionInitializer.http1(server, watch, ctx.pipeline(), true);
        ctx.pipeline().remove(this);
        return;
      }
    }
    if (seen == PREFACE.length) {
      Http2Connection.build(server, watch, ctx.pipeline());
      ctx.pipeline().remove(this);
    }
  }
}
