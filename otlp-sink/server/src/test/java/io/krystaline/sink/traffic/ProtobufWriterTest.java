package io.krystaline.sink.traffic;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.CodedInputStream;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProtobufWriterTest {

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 127, 128, 16_383, 16_384, 2_097_151, 2_097_152})
  void end_lengthOfAnySize_isWritten(int length) throws IOException {
    ProtobufWriter out = new ProtobufWriter(16);
    out.varintField(1, 7);
    int start = out.begin(2);
    out.raw(new byte[length], length);
    out.end(start);
    out.fixed64Field(3, -2);

    CodedInputStream in = CodedInputStream.newInstance(out.bytes(), 0, out.size());
    assertThat(in.readTag()).isEqualTo(1 << 3);
    assertThat(in.readInt64()).isEqualTo(7);
    assertThat(in.readTag()).isEqualTo(2 << 3 | 2);
    assertThat(in.readByteArray()).hasSize(length);
    assertThat(in.readTag()).isEqualTo(3 << 3 | 1);
    assertThat(in.readFixed64()).isEqualTo(-2);
    assertThat(in.isAtEnd()).isTrue();
  }

  @Test
  void fields_ofAllKinds_areReadBack() throws IOException {
    ProtobufWriter out = new ProtobufWriter(1);
    out.stringField(5, "grün");
    out.idField(15, 0x0102030405060708L);
    out.idField(16, 1, -1);
    out.varintField(1, -1);

    CodedInputStream in = CodedInputStream.newInstance(out.copy());
    assertThat(in.readTag()).isEqualTo(5 << 3 | 2);
    assertThat(in.readString()).isEqualTo("grün");
    assertThat(in.readTag()).isEqualTo(15 << 3 | 2);
    assertThat(in.readByteArray()).containsExactly(1, 2, 3, 4, 5, 6, 7, 8);
    assertThat(in.readTag()).isEqualTo(16 << 3 | 2);
    assertThat(in.readByteArray())
        .containsExactly(0, 0, 0, 0, 0, 0, 0, 1, -1, -1, -1, -1, -1, -1, -1, -1);
    assertThat(in.readTag()).isEqualTo(1 << 3);
    assertThat(in.readInt64()).isEqualTo(-1);
    assertThat(in.isAtEnd()).isTrue();
  }
}
