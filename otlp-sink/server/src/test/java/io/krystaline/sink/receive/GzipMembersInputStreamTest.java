package io.krystaline.sink.receive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;

class GzipMembersInputStreamTest {
  private static final int SEED = 20_261_121;
  private static final int MESSAGE_BYTES_MAX = 4 * 1024 * 1024;

  @Test
  void read_oneMember_givesItsBytes() throws IOException {
    byte[] plain = random(200_000);

    assertThat(read(Compressed.bytes("gzip", plain))).isEqualTo(plain);
  }

  @Test
  void read_emptyMember_givesNothing() throws IOException {
    assertThat(read(Compressed.bytes("gzip", new byte[0]))).isEmpty();
  }

  @Test
  void read_severalMembers_givesAllInOrder() throws IOException {
    byte[] first = random(70_000);
    byte[] last = "end".getBytes(java.nio.charset.StandardCharsets.UTF_8);

    byte[] members =
        concat(
            Compressed.bytes("gzip", first),
            Compressed.bytes("gzip", new byte[0]),
            Compressed.bytes("gzip", last));

    assertThat(read(members)).isEqualTo(concat(first, last));
  }

  @Test
  void read_moreThanTheWindow_reachesBackAsFarAsItMay() throws IOException {
    byte[] block = random(32 * 1024);
    byte[] plain = concat(block, block, block, random(100_000), block, block, block, block);

    byte[] members = concat(Compressed.bytes("gzip", plain), Compressed.bytes("gzip", plain));

    assertThat(read(members)).isEqualTo(concat(plain, plain));
  }

  @Test
  void read_inPieces_givesTheSame() throws IOException {
    byte[] plain = random(100_000);
    Random random = new Random(SEED);
    ByteArrayOutputStream pieces = new ByteArrayOutputStream();

    try (InputStream stream =
        open(Compressed.bytes("gzip", plain), new GzipBuffers(MESSAGE_BYTES_MAX))) {
      assertThat(stream.read(new byte[0])).isZero();
      byte[] piece = new byte[5_000];
      int read = stream.read();
      while (read >= 0) {
        pieces.write(read);
        int length = stream.read(piece, 7, random.nextInt(piece.length - 7));
        pieces.write(piece, 7, Math.max(0, length));
        read = stream.read();
      }
    }

    assertThat(pieces.toByteArray()).isEqualTo(plain);
  }

  @Test
  void read_withBuffersOfAnotherMessage_seesNothingOfIt() throws IOException {
    GzipBuffers buffers = new GzipBuffers(MESSAGE_BYTES_MAX);
    byte[] plain = random(50_000);
    byte[] reachesBeforeItsStart = Compressed.bytes("gzip", concat(plain, plain));
    byte[] head = Arrays.copyOf(reachesBeforeItsStart, 10);
    byte[] matchAtTheStart = concat(head, new byte[] {0x03, 0x02, 0, 0, 0, 0, 0, 0, 0, 0});

    try (InputStream stream = open(reachesBeforeItsStart, buffers)) {
      assertThat(stream.readAllBytes()).isEqualTo(concat(plain, plain));
    }
    try (InputStream stream = open(matchAtTheStart, buffers)) {
      assertThatThrownBy(stream::readAllBytes).hasMessageContaining("before the data");
    }
    try (InputStream stream = open(Compressed.bytes("gzip", plain), buffers)) {
      assertThat(stream.readAllBytes()).isEqualTo(plain);
    }
  }

  @Test
  void close_givesTheBuffersBackOnce() throws IOException {
    List<GzipBuffers> givenBack = new ArrayList<>();
    GzipBuffers buffers = new GzipBuffers(MESSAGE_BYTES_MAX);
    InputStream stream =
        new GzipMembersInputStream(new ByteArrayInputStream(new byte[0]), buffers, givenBack::add);

    stream.close();
    stream.close();

    assertThat(givenBack).containsExactly(buffers);
    assertThatThrownBy(stream::read).hasMessageContaining("closed");
  }

  @Test
  void read_optionalHeaderFields_areSkipped() throws IOException {
    byte[] plain = random(100);
    byte[] member = Compressed.bytes("gzip", plain);
    byte[] fixedHeader = Arrays.copyOf(member, 10);
    fixedHeader[3] = 2 + 4 + 8 + 16;
    byte[] fields = concat(fixedHeader, new byte[] {3, 0, 9, 9, 9}, new byte[] {'n', 0, 'c', 0});
    CRC32 checksum = new CRC32();
    checksum.update(fields);
    byte[] headerChecksum = {(byte) checksum.getValue(), (byte) (checksum.getValue() >> 8)};
    byte[] body = Arrays.copyOfRange(member, 10, member.length);

    assertThat(read(concat(fields, headerChecksum, body))).isEqualTo(plain);

    headerChecksum[0] ^= 1;
    assertThatThrownBy(() -> read(concat(fields, headerChecksum, body)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("checksum of the gzip header");
  }

  @Test
  void read_nothing_isCutOff() {
    assertThatThrownBy(() -> read(new byte[0])).isInstanceOf(IOException.class);
  }

  @Test
  void read_anyCut_throws() {
    byte[] member = Compressed.bytes("gzip", random(300));

    for (int length = 0; length < member.length; length++) {
      byte[] cut = Arrays.copyOf(member, length);
      assertThatThrownBy(() -> read(cut)).as("cut at %d", length).isInstanceOf(IOException.class);
    }
  }

  @Test
  void read_dataAfterTheMember_throws() {
    byte[] member = Compressed.bytes("gzip", random(300));

    assertThatThrownBy(() -> read(concat(member, new byte[] {1})))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("after the gzip member");
  }

  @Test
  void read_wrongChecksumOrLength_throws() {
    byte[] member = Compressed.bytes("gzip", random(300));

    for (int fromEnd = 1; fromEnd <= 8; fromEnd++) {
      byte[] wrong = member.clone();
      wrong[wrong.length - fromEnd] ^= 1;
      assertThatThrownBy(() -> read(wrong)).isInstanceOf(IOException.class);
    }
  }

  @Test
  void read_mutated_neverThrowsAnythingElse() {
    byte[] member = Compressed.bytes("gzip", new byte[2000]);
    Random random = new Random(SEED);
    for (int round = 0; round < 2000; round++) {
      byte[] mutated = member.clone();
      mutated[random.nextInt(mutated.length)] = (byte) random.nextInt();
      try {
        assertThat(read(mutated)).isEqualTo(new byte[2000]);
      } catch (IOException expected) {
        assertThat(expected).hasMessageNotContainingAny("null");
      }
    }
  }

  private static byte[] read(byte[] gzip) throws IOException {
    try (InputStream stream = open(gzip, new GzipBuffers(MESSAGE_BYTES_MAX))) {
      return stream.readAllBytes();
    }
  }

  private static InputStream open(byte[] gzip, GzipBuffers buffers) {
    return new GzipMembersInputStream(new ByteArrayInputStream(gzip), buffers, _ -> {});
  }

  private static byte[] random(int length) {
    byte[] bytes = new byte[length];
    new Random(SEED).nextBytes(bytes);
    return bytes;
  }

  private static byte[] concat(byte[]... parts) {
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      whole.writeBytes(part);
    }
    return whole.toByteArray();
  }
}
