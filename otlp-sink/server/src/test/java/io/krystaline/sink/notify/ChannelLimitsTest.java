package io.krystaline.sink.notify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.krystaline.engine.incident.Incident;
import io.krystaline.engine.incident.Priority;
import io.krystaline.engine.score.Severity;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * The token bucket, the backoff, and the queue of changes: everything that holds something back.
 */
class ChannelLimitsTest {
  private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");

  @Test
  void tokenBucket_burstThenRate() {
    TokenBucket bucket = new TokenBucket(60, 2, NOW);
    assertThat(bucket.take(NOW)).isTrue();
    assertThat(bucket.take(NOW)).isTrue();
    assertThat(bucket.take(NOW)).isFalse();
    Instant next = bucket.next(NOW);
    assertThat(next).isBetween(NOW.plusMillis(999), NOW.plusMillis(1_001));
    assertThat(bucket.take(next)).isTrue();
    assertThat(bucket.take(next)).isFalse();
    Instant later = next.plus(Duration.ofDays(1));
    assertThat(bucket.next(later)).isEqualTo(later);
    assertThat(bucket.take(later)).isTrue();
    assertThat(bucket.take(later)).isTrue();
    assertThat(bucket.take(later)).isFalse();
  }

  @Test
  void tokenBucket_clockJumpsBack_givesNothing() {
    TokenBucket bucket = new TokenBucket(60, 1, NOW);
    assertThat(bucket.take(NOW)).isTrue();
    Instant before = NOW.minusSeconds(3_600);
    assertThat(bucket.take(before)).isFalse();
    assertThat(bucket.take(before.plusSeconds(2))).isTrue();
    assertThatThrownBy(() -> new TokenBucket(0, 1, NOW))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void backoff_doubles_withinItsLimits() {
    Backoff backoff = new Backoff(Duration.ofSeconds(1), Duration.ofMinutes(5));
    Random random = new Random(1);
    for (int failures = 1; failures < 80; failures++) {
      double most = Math.min(300, Math.pow(2, failures - 1));
      for (int i = 0; i < 20; i++) {
        double seconds = backoff.after(failures, random).toNanos() / 1e9;
        assertThat(seconds).isBetween(most / 2, most);
      }
    }
    assertThatThrownBy(() -> new Backoff(Duration.ofSeconds(2), Duration.ofSeconds(1)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void changeQueue_asBadOrWorse_keepsTheLatestOnly() throws Exception {
    ChangeQueue queue = new ChangeQueue(10);
    Incident first = Incidents.open("a", Priority.P1);
    Incident second = Incidents.changed(first, Severity.CRITICAL, Priority.P1);
    assertThat(queue.offer(first)).isTrue();
    assertThat(queue.offer(second)).isTrue();
    assertThat(queue.size()).isEqualTo(1);
    assertThat(queue.peek(Duration.ZERO).orElseThrow()).isSameAs(second);
    queue.remove(first);
    assertThat(queue.size()).isEqualTo(1);
    queue.remove(second);
    assertThat(queue.peek(Duration.ZERO)).isEmpty();
  }

  @Test
  void changeQueue_endAndWorse_areKeptInOrder() throws Exception {
    ChangeQueue queue = new ChangeQueue(10);
    Incident open = Incidents.open("a", Priority.P1);
    Incident milder = Incidents.changed(open, Severity.LOW, Priority.P1);
    Incident closed = Incidents.closed(milder);
    Incident reopened = Incidents.reopened(closed);
    for (Incident state : new Incident[] {open, milder, closed, reopened}) {
      queue.offer(state);
    }
    for (Incident state : new Incident[] {open, milder, closed, reopened}) {
      assertThat(queue.peek(Duration.ZERO).orElseThrow()).isSameAs(state);
      queue.remove(state);
    }
    assertThat(queue.size()).isZero();
  }

  @Test
  void changeQueue_full_refusesNewOnesAndTakesUpdates() {
    ChangeQueue queue = new ChangeQueue(1);
    assertThat(queue.offer(Incidents.open("a", Priority.P1))).isTrue();
    assertThat(queue.offer(Incidents.open("b", Priority.P1))).isFalse();
    assertThat(queue.offer(Incidents.open("a", Priority.P0))).isTrue();
    queue.close();
    assertThat(queue.offer(Incidents.open("c", Priority.P1))).isFalse();
  }
}
