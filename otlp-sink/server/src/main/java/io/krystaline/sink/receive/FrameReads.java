package io.krystaline.sink.receive;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.util.UncheckedBooleanSupplier;

/**
 * Reads a connection's bytes so that a frame of HTTP/2 that ends in the next read costs a copy of
 * its beginning only. By default the next read, 64 KiB of which a fourth at most is of that frame,
 * is copied behind it as a whole: every byte once more.
 *
 * <p>Each read leaves room for a frame before it. The beginning of a frame that is left over from
 * the last read is moved there.
 */
final class FrameReads {
  /** A frame of the size that HTTP/2 allows where nothing else is agreed, with its header. */
  private static final int FRAME_BYTES_MAX = 16_384 + 9;

  private static final int READ_BYTES_MIN = 512;
  private static final int READ_BYTES_FIRST = 4 * 1024;
  private static final int READ_BYTES_MAX = 256 * 1024;

  private static final int PAGE_BYTES = 8 * 1024;
  private static final int CHUNK_ORDER = 12;
  private static final long CHUNK_BYTES = (long) PAGE_BYTES << CHUNK_ORDER;

  /** One chunk for each event loop may take a sixth of the memory; loops share them beyond. */
  private static final int MEMORY_PART = 6;

  /** Allocates the buffers that connections are read into. */
  static final RecvByteBufAllocator ALLOCATOR =
      new RecvByteBufAllocator() {
        private final RecvByteBufAllocator adaptive =
            new AdaptiveRecvByteBufAllocator(READ_BYTES_MIN, READ_BYTES_FIRST, READ_BYTES_MAX);

        @Override
        public ExtendedHandle newHandle() {
          return new RoomBefore((ExtendedHandle) adaptive.newHandle());
        }
      };

  private FrameReads() {}

  /**
   * Where those buffers come from. Those of messages that are half received, 16 MiB with 64 of 512
   * spans, and what is being read then fit a chunk of 32 MiB. A second one would be free now and
   * then, given back to the system, and asked for again, which fills it with zeros: the event loop
   * stands still for milliseconds.
   */
  static ByteBufAllocator pool() {
    long chunksMax = Runtime.getRuntime().maxMemory() / MEMORY_PART / CHUNK_BYTES;
    return new PooledByteBufAllocator(
        true,
        PooledByteBufAllocator.defaultNumHeapArena(),
        Math.clamp(chunksMax, 1, PooledByteBufAllocator.defaultNumDirectArena()),
        PAGE_BYTES,
        CHUNK_ORDER,
        PooledByteBufAllocator.defaultSmallCacheSize(),
        PooledByteBufAllocator.defaultNormalCacheSize(),
        PooledByteBufAllocator.defaultUseCacheForAllThreads());
  }

  private static final class RoomBefore extends RecvByteBufAllocator.DelegatingHandle
      implements RecvByteBufAllocator.ExtendedHandle {
    private final RecvByteBufAllocator.ExtendedHandle sizes;

    RoomBefore(RecvByteBufAllocator.ExtendedHandle sizes) {
      super(sizes);
      this.sizes = sizes;
    }

    @Override
    public ByteBuf allocate(ByteBufAllocator allocator) {
      ByteBuf buffer = allocator.ioBuffer(FRAME_BYTES_MAX + guess());
      return buffer.setIndex(FRAME_BYTES_MAX, FRAME_BYTES_MAX);
    }

    @Override
    public boolean continueReading(UncheckedBooleanSupplier maybeMore) {
      return sizes.continueReading(maybeMore);
    }
  }

  /**
   * Sits in the pipeline of a listening channel, and puts a {@link Joiner} into each connection's.
   */
  @Sharable
  static final class Installer extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      ((Channel) message).pipeline().addFirst(new Joiner());
      context.fireChannelRead(message);
    }
  }

  /** Stands first in a connection's pipeline until HTTP/2 is spoken there. */
  static final class Joiner extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      Http2ConnectionHandler http2 = context.pipeline().get(Http2ConnectionHandler.class);
      if (http2 != null) {
        http2.setCumulator(FrameReads::join);
        context.pipeline().remove(this);
      }
      context.fireChannelRead(message);
    }
  }

  /**
   * Puts what is left of the last read before what was read now; see {@link
   * ByteToMessageDecoder.Cumulator}.
   */
  static ByteBuf join(ByteBufAllocator allocator, ByteBuf left, ByteBuf read) {
    int bytes = left.readableBytes();
    int start = read.readerIndex() - bytes;
    // With one owner nobody else holds a part of it, so what is before its index is free.
    if (bytes == 0 || start < 0 || read.isReadOnly() || read.refCnt() != 1) {
      return ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(allocator, left, read);
    }
    read.setBytes(start, left, left.readerIndex(), bytes);
    read.readerIndex(start);
    left.release();
    return read;
  }
}
