package io.krystaline.platform.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class RequestBodyTest {
  private final AtomicInteger freed = new AtomicInteger();

  private RequestBody body(ByteBuf buffer) {
    return new RequestBody(buffer, freed::incrementAndGet);
  }

  private static CompositeByteBuf pieces() {
    return Unpooled.compositeBuffer()
        .addComponent(true, Unpooled.copiedBuffer(new byte[] {1, 2, 3}))
        .addComponent(true, Unpooled.copiedBuffer(new byte[] {4, 5}));
  }

  @Test
  void copyTo_readsAcrossPieces() {
    byte[] target = new byte[6];
    body(pieces()).copyTo(1, target, 2, 4);
    assertThat(target).containsExactly(0, 0, 2, 3, 4, 5);
  }

  @Test
  void copyTo_outsideIsRefused() {
    RequestBody body = body(pieces());
    assertThatThrownBy(() -> body.copyTo(2, new byte[9], 0, 4))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> body.copyTo(0, new byte[3], 0, 4))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> body.copyTo(-1, new byte[3], 0, 1))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void stream_readsTheSameBytesAndEnds() throws IOException {
    try (InputStream stream = body(pieces()).stream()) {
      assertThat(stream.read()).isEqualTo(1);
      assertThat(stream.skip(1)).isEqualTo(1);
      assertThat(stream.available()).isEqualTo(3);
      assertThat(stream.readAllBytes()).containsExactly(3, 4, 5);
      assertThat(stream.read()).isEqualTo(-1);
    }
  }

  @Test
  void release_freesOnceAndEndsReading() throws IOException {
    CompositeByteBuf buffer = pieces();
    RequestBody body = body(buffer);
    InputStream stream = body.stream();
    body.release();
    body.release();
    assertThat(freed).hasValue(1);
    assertThat(buffer.refCnt()).isZero();
    assertThatThrownBy(body::bytes).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(stream::read).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void release_whileAReaderHoldsKeepsTheBytes() {
    RequestBody body = body(pieces());
    body.hold();
    body.release();
    assertThat(freed).hasValue(0);
    assertThat(body.bytes()).hasSize(5);
    body.drop();
    assertThat(freed).hasValue(1);
  }

  @Test
  void emptyBody_hasNothing() {
    assertThat(RequestBody.empty().bytes()).isEmpty();
  }
}
