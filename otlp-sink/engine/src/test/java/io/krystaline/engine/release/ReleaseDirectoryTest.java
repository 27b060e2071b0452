package io.krystaline.engine.release;

import static org.assertj.core.api.Assertions.assertThat;

import io.krystaline.engine.span.SpanBatch;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ReleaseDirectoryTest {
  private static final long SECOND = 1_000_000_000L;

  private final ReleaseDirectory directory = new ReleaseDirectory();
  private final ReleaseTable table = new ReleaseTable(directory);
  private final SpanBatch batch = new SpanBatch();

  private int resolve(String service, String version, long nanos) {
    byte[] bytes = (service + version).getBytes(StandardCharsets.UTF_8);
    int length = service.getBytes(StandardCharsets.UTF_8).length;
    batch.reset(bytes);
    int resource = batch.addResource(0, length, length, bytes.length - length, 0, 0);
    batch.addSpan(resource, 1, 1, 1, 0, 2, 0, nanos - 1, nanos, 0, 0, 0, 0);
    table.resolve(batch);
    return table.number(resource);
  }

  @Test
  void resolve_sameNames_sameNumber() {
    int first = resolve("cart", "1.0", SECOND);
    assertThat(first).isPositive();
    assertThat(resolve("cart", "1.1", SECOND)).isNotEqualTo(first);
    assertThat(resolve("car", "t1.0", SECOND)).isNotEqualTo(first);
    assertThat(resolve("cart", "1.0", SECOND)).isEqualTo(first);
    assertThat(new ReleaseTable(directory)).isNotNull();
    assertThat(directory.find("cart", "1.0", 0).number()).isEqualTo(first);
    Release release = Objects.requireNonNull(directory.release(first));
    assertThat(release.service()).isEqualTo("cart");
    assertThat(release.version()).isEqualTo("1.0");
    assertThat(directory.size()).isEqualTo(3);
  }

  @Test
  void resolve_withoutNameOrVersion_isNone() {
    batch.reset(new byte[] {'a'});
    batch.addResource(0, 1, 0, 0);
    batch.addResource(0, -1, 0, 1, 0, 0);
    table.resolve(batch);
    assertThat(table.number(0)).isEqualTo(Release.NONE);
    assertThat(table.number(1)).isEqualTo(Release.NONE);
    assertThat(directory.release(Release.NONE)).isNull();
  }

  @Test
  void floodOfVersions_replacesTheOldest_notTheOneThatKeepsSending() {
    int stable = resolve("cart", "stable", SECOND);
    for (int i = 0; i < 10_000; i++) {
      resolve("cart", "build-" + i, (i + 2) * SECOND);
      assertThat(resolve("cart", "stable", (i + 2) * SECOND)).isEqualTo(stable);
    }
    assertThat(directory.size()).isEqualTo(ReleaseDirectory.VERSIONS_MAX);
    assertThat(directory.replaced()).isEqualTo(10_001 - ReleaseDirectory.VERSIONS_MAX);
  }

  @Test
  void versionThatWasReplaced_getsANumberAgain() {
    int first = resolve("cart", "first", SECOND);
    for (int i = 0; i < ReleaseDirectory.VERSIONS_MAX; i++) {
      resolve("cart", "build-" + i, (i + 2) * SECOND);
    }
    assertThat(directory.release(first)).isNull();
    int again = resolve("cart", "first", 1_000 * SECOND);
    assertThat(again).isNotEqualTo(first).isPositive();
    assertThat(resolve("cart", "first", 1_000 * SECOND)).isEqualTo(again);
  }

  @Test
  void numbers_areGivenAgainOnlyAfterAllOthers_andStayWithin16Bits() {
    int stable = resolve("cart", "stable", SECOND);
    Set<Integer> given = new HashSet<>();
    for (int i = 0; i < ReleaseDirectory.NUMBER_MAX - 1; i++) {
      directory.find("cart", "stable", (i + 2) * SECOND);
      given.add(directory.find("cart", "build-" + i, (i + 2) * SECOND).number());
    }
    assertThat(given).hasSize(ReleaseDirectory.NUMBER_MAX - 1).doesNotContain(stable, 0);
    assertThat(directory.find("cart", "one more", 100_000 * SECOND).number())
        .isBetween(1, ReleaseDirectory.NUMBER_MAX)
        .isNotEqualTo(stable);
  }

  @Test
  void releasesBeyondTheLimit_haveNoNumber() {
    for (int i = 0; i < ReleaseDirectory.RELEASES_MAX; i++) {
      directory.find("service-" + i, "1", SECOND);
    }
    assertThat(directory.find("one more", "1", SECOND).number()).isEqualTo(Release.NONE);
    assertThat(directory.refused()).isEqualTo(1);
    assertThat(directory.size()).isEqualTo(ReleaseDirectory.RELEASES_MAX);
  }

  @Test
  void longVersions_areCutAtACharacter() {
    int number = resolve("cart", "é".repeat(300), SECOND);
    Release release = Objects.requireNonNull(directory.release(number));
    assertThat(release.version()).isEqualTo("é".repeat(128));
  }
}
