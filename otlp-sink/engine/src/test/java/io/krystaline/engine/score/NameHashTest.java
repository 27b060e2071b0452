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
}
