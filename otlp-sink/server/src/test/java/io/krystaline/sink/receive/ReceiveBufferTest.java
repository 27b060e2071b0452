package io.krystaline.sink.receive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.krystaline.sink.pipeline.MessageTooLargeException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class ReceiveBufferTest {
  private static final int LIMIT = 100_000;

  private final ReceiveBuffer buffer = new ReceiveBuffer(LIMIT);

  @Test
  void write_arraysBuffersAndStreams_areAppended() throws IOException {
    buffer.write(new byte[] {9, 1, 2, 9}, 1, 2);
    buffer.write(ByteBuffer.wrap(new byte[] {3, 4}));
    buffer.readFrom(new ByteArrayInputStream(new byte[] {5}));

    assertThat(Arrays.copyOf(buffer.array(), buffer.length())).containsExactly(1, 2, 3, 4, 5);
    buffer.reset(LIMIT);
    assertThat(buffer.length()).isZero();
  }

  @Test
  void write_exactlyTheLimit_fits() throws IOException {
    buffer.readFrom(new ByteArrayInputStream(new byte[LIMIT]));
    assertThat(buffer.length()).isEqualTo(LIMIT);

    buffer.reset(1024);
    buffer.write(new byte[LIMIT], 0, LIMIT);
    assertThat(buffer.length()).isEqualTo(LIMIT);
  }

  @Test
  void write_oneByteMore_isTooLarge() throws IOException {
    assertThatThrownBy(() -> buffer.readFrom(new ByteArrayInputStream(new byte[LIMIT + 1])))
        .isInstanceOf(MessageTooLargeException.class);
    buffer.reset(LIMIT);
    buffer.write(new byte[LIMIT], 0, LIMIT);
    assertThatThrownBy(() -> buffer.write(new byte[1], 0, 1))
        .isInstanceOf(MessageTooLargeException.class);
    assertThatThrownBy(() -> buffer.write(ByteBuffer.allocate(1)))
        .isInstanceOf(MessageTooLargeException.class);
  }

  @Test
  void readFrom_limitBelowTheFirstArray_isKept() {
    ReceiveBuffer small = new ReceiveBuffer(10);

    assertThatThrownBy(() -> small.readFrom(new ByteArrayInputStream(new byte[11])))
        .isInstanceOf(MessageTooLargeException.class);
  }
}
