package io.krystaline.platform.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.CompositeByteBuf;
import org.jspecify.annotations.Nullable;

/** Puts the pieces of a body together without copying them. Owned by one event loop. */
final class BodyGatherer {
  private final BodyMemory memory;
  private @Nullable CompositeByteBuf gathered;

  BodyGatherer(BodyMemory memory) {
    this.memory = memory;
  }

  /**
   * Takes a piece over.
   *
   * @return false if the server holds too many bytes of bodies; the piece is then released
   */
  boolean add(ByteBufAllocator allocator, ByteBuf piece) {
    if (!memory.tryReserve(piece.readableBytes())) {
      piece.release();
      return false;
    }
    CompositeByteBuf buffer = gathered;
    if (buffer == null) {
      buffer = allocator.compositeBuffer(Integer.MAX_VALUE);
      gathered = buffer;
    }
    buffer.addComponent(true, piece);
    return true;
  }

  /** The body so far, handed over; the next one begins empty. */
  RequestBody take() {
    CompositeByteBuf buffer = gathered;
    gathered = null;
    if (buffer == null) {
      return RequestBody.empty();
    }
    long bytes = buffer.readableBytes();
    return new RequestBody(buffer, () -> memory.free(bytes));
  }
}
