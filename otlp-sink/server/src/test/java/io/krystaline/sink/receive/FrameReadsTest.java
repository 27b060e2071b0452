package io.krystaline.sink.receive;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FrameReadsTest {
  private static final ByteBufAllocator ALLOCATOR = new UnpooledByteBufAllocator(false);

  @Test
  void allocate_leavesRoomForAFrameBeforeTheRead() {
    ByteBuf read = newRead("");
    assertThat(read.readerIndex()).isEqualTo(16_384 + 9);
    assertThat(read.writableBytes()).isPositive();
    read.release();
  }

  @Test
  void join_withRoom_movesWhatIsLeftBeforeTheRead() {
    ByteBuf left = Unpooled.copiedBuffer("xxbegin", US_ASCII).skipBytes(2);
    ByteBuf read = newRead("+end");
    ByteBuf joined = FrameReads.join(ALLOCATOR, left, read);
    assertThat(joined).isSameAs(read);
    assertThat(joined.toString(US_ASCII)).isEqualTo("begin+end");
    assertThat(left.refCnt()).isZero();
    assertThat(joined.refCnt()).isOne();
    joined.release();
  }

  @Test
  void join_whereAPartOfTheReadIsHeldElsewhere_leavesThatPartAsItIs() {
    ByteBuf read = newRead("12345+end");
    ByteBuf held = read.readRetainedSlice(5);
    ByteBuf left = Unpooled.copiedBuffer("begin", US_ASCII);
    ByteBuf joined = FrameReads.join(ALLOCATOR, left, read);
    assertThat(joined.toString(US_ASCII)).isEqualTo("begin+end");
    assertThat(held.toString(US_ASCII)).isEqualTo("12345");
    joined.release();
    held.release();
    assertThat(read.refCnt()).isZero();
  }

  @Test
  void join_withoutRoomOrWithoutAnythingLeft_mergesAsEver() {
    ByteBuf plain = Unpooled.copiedBuffer("+end", US_ASCII);
    ByteBuf left = Unpooled.copiedBuffer("begin", US_ASCII);
    ByteBuf joined = FrameReads.join(ALLOCATOR, left, plain);
    assertThat(joined.toString(US_ASCII)).isEqualTo("begin+end");
    joined.release();

    ByteBuf all = FrameReads.join(ALLOCATOR, Unpooled.EMPTY_BUFFER, newRead("all"));
    assertThat(all.toString(US_ASCII)).isEqualTo("all");
    all.release();
  }

  @Test
  void joiner_stepsAsideOnceHttp2IsSpoken() {
    EmbeddedChannel channel = new EmbeddedChannel(new FrameReads.Joiner());
    channel.writeInbound(Unpooled.copiedBuffer("hello", US_ASCII));
    assertThat(channel.pipeline().get(FrameReads.Joiner.class)).isNotNull();
    channel.pipeline().addLast(Http2FrameCodecBuilder.forServer().build());
    channel.writeInbound(Unpooled.copiedBuffer("PRI * HTTP/2.0\r\n", US_ASCII));
    assertThat(channel.pipeline().get(FrameReads.Joiner.class)).isNull();
    channel.finishAndReleaseAll();
  }

  private static ByteBuf newRead(String text) {
    RecvByteBufAllocator.ExtendedHandle handle =
        (RecvByteBufAllocator.ExtendedHandle) FrameReads.ALLOCATOR.newHandle();
    ByteBuf read = handle.allocate(ALLOCATOR);
    read.writeCharSequence(text, US_ASCII);
    return read;
  }

  @Test
  void pool_64HalfReceivedMessages_fitOneChunk() {
    PooledByteBufAllocator pool = (PooledByteBufAllocator) FrameReads.pool();
    List<ByteBuf> reads = new ArrayList<>();
    try {
      for (int message = 0; message < 64; message++) {
        reads.add(pool.directBuffer((16 + 256) * 1024));
      }
      assertThat(pool.metric().usedDirectMemory()).isEqualTo(32 * 1024 * 1024);
    } finally {
      reads.forEach(ByteBuf::release);
    }
  }
}
