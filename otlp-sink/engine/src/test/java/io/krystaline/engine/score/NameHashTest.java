package io.krystaline.engine.score;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class NameHashTest {
  private static long hash(long seed, String name) {
    byte[] bytes = ("##" + name).getBytes(StandardCharsets.UTF_8);
    return NameHash.hash(seed, bytes, 2, bytes.length - 2);
  }

  @Test
  void hash_similarNames_spreadsOverTheTable() {
    for (String pattern :
        new String[] {"GET /api/resource-%d/items", "%d", "abcdefgh%08d", "é%dx"}) {
      Set<Long> hashes = new HashSet<>();
      int[] slots = new int[1 << 16];
      int crowded = 0;
      for (int i = 0; i < 20_000; i++) {
        long hash = hash(42, pattern.formatted(i));
        hashes.add(hash);
        crowded = Math.max(crowded, ++slots[(int) hash & 0xFFFF]);
      }
      assertThat(hashes).hasSize(20_000);
      // 20,000 balls in 65,536 places: seven in one would be seen once in a thousand trials.
      assertThat(crowded).isLessThan(8);
    }
  }

  @Test
  void hash_seedAndLengthMatter() {
    assertThat(hash(1, "abc")).isNotEqualTo(hash(2, "abc"));
    assertThat(hash(1, "abc")).isNotEqualTo(hash(1, "abc\0"));
    assertThat(hash(1, "")).isNotEqualTo(hash(2, ""));
    assertThat(hash(1, "abc")).isEqualTo(hash(1, "abc"));
  }

  @Test
  void same_eachLengthAndDifference_isSeen() {
    byte[] a = "0123456789abcdefghij".getBytes(StandardCharsets.UTF_8);
    for (int length = 0; length <= a.length; length++) {
      assertThat(NameHash.same(a, 0, a.clone(), 0, length)).isTrue();
      for (int i = 0; i < length; i++) {
        byte[] b = a.clone();
        b[i]++;
        assertThat(NameHash.same(a, 0, b, 0, length)).isFalse();
      }
    }
  }

  @Test
  void word_eachLength_hasTheNamesBytesAndZeros() {
    byte[] bytes = "abcdefghijklmnop0123456789ABCDEFGHIJKLMN".getBytes(StandardCharsets.UTF_8);
    for (int length = 0; length <= 24; length++) {
      for (int position = 0; position <= 32; position++) {
        long expected = 0;
        for (int i = 0; i < 8 && position + i < length; i++) {
          expected |= (long) bytes[position + i] << (8 * i);
        }
        assertThat(NameHash.word(bytes, position, length)).isEqualTo(expected);
      }
    }
  }

  @Test
  void hash_ofWords_spreadsOverTheTable() {
    Set<Long> hashes = new HashSet<>();
    int[] slots = new int[1 << 16];
    int crowded = 0;
    long seed = hash(42, "shop");
    for (int i = 4; i < 20_004; i++) {
      long[] words = {0x6F2F20544547L, 0x2F73726564L, 0, 0};
      words[i & 3] += (long) (i >>> 2) << (8 * (i & 3));
      long hash = NameHash.hash(seed, words[0], words[1], words[2], words[3]);
      hashes.add(hash);
      crowded = Math.max(crowded, ++slots[(int) hash & 0xFFFF]);
      assertThat(NameHash.hash(seed + 1, words[0], words[1], words[2], words[3]))
          .isNotEqualTo(hash);
    }
    assertThat(hashes).hasSize(20_000);
    assertThat(crowded).isLessThan(8);
  }

  @Test
  void hash_ofWordsThatAreConstantsOfTheHash_doesNotCollapse() {
    long seed = hash(42, "shop");
    for (long constant : new long[] {0, -1, NameHash.FIRST, NameHash.SECOND}) {
      Set<Long> hashes = new HashSet<>();
      for (long i = 1; i <= 1_000; i++) {
        hashes.add(NameHash.hash(seed, i, constant, 0, 0));
        hashes.add(NameHash.hash(seed, constant, i, 0, 1));
        hashes.add(NameHash.hash(seed, 0, 0, i, constant));
        hashes.add(NameHash.hash(seed, 1, 0, constant, i));
      }
      assertThat(hashes).hasSize(4_000);
    }
  }
}
