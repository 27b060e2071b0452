package io.krystaline.platform.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class PeriodicTaskTest {
  private static final Duration PAUSE = Duration.ofMillis(1);
  private static final Duration LIMIT = Duration.ofSeconds(10);

  @Test
  void run_failure_isCounted_andTheNextRunComes() throws InterruptedException {
    CountDownLatch third = new CountDownLatch(3);
    PeriodicTask task =
        new PeriodicTask(
            "job",
            PAUSE,
            LIMIT,
            () -> {
              third.countDown();
              throw new IOException("disk");
            });
    task.start();
    assertThat(third.await(10, TimeUnit.SECONDS)).isTrue();
    task.close();

    assertThat(task.runs()).isGreaterThanOrEqualTo(3);
    assertThat(task.failures()).isEqualTo(task.runs());
  }

  @Test
  void close_waitsForTheRunUnderWay_andNoneFollows() throws InterruptedException {
    CountDownLatch running = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    AtomicInteger ended = new AtomicInteger();
    PeriodicTask task =
        new PeriodicTask(
            "job",
            PAUSE,
            LIMIT,
            () -> {
              running.countDown();
              release.await();
              ended.incrementAndGet();
            });
    task.start();
    assertThat(running.await(10, TimeUnit.SECONDS)).isTrue();
    Thread closer = Thread.ofPlatform().start(task::close);

    assertThat(ended).hasValue(0);
    release.countDown();
    closer.join();

    assertThat(ended).hasValue(1);
    assertThat(task.runs()).isEqualTo(1);
    assertThat(task.failures()).isZero();
  }

  @Test
  void close_runThatTakesTooLong_isInterrupted() throws InterruptedException {
    CountDownLatch running = new CountDownLatch(1);
    PeriodicTask task =
        new PeriodicTask(
            "job",
            PAUSE,
            Duration.ofMillis(20),
            () -> {
              running.countDown();
              new CountDownLatch(1).await();
            });
    task.start();
    assertThat(running.await(10, TimeUnit.SECONDS)).isTrue();

    task.close();

    assertThat(task.failures()).isEqualTo(1);
  }

  @Test
  void close_fromWithinTheJob_doesNotWaitForItself() throws InterruptedException {
    CountDownLatch closed = new CountDownLatch(1);
    PeriodicTask[] self = new PeriodicTask[1];
    self[0] =
        new PeriodicTask(
            "job",
            PAUSE,
            LIMIT,
            () -> {
              self[0].close();
              closed.countDown();
            });
    self[0].start();

    assertThat(closed.await(5, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void start_twiceOrAfterClose_isRefused() {
    PeriodicTask task = new PeriodicTask("job", Duration.ofHours(1), LIMIT, () -> {});
    task.start();
    assertThatThrownBy(task::start).isInstanceOf(IllegalStateException.class);
    task.close();
    task.close();
    assertThat(task.runs()).isZero();

    PeriodicTask unused = new PeriodicTask("job", PAUSE, LIMIT, () -> {});
    unused.close();
    assertThatThrownBy(unused::start).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void new_pauseNotPositive_isRefused() {
    assertThatThrownBy(() -> new PeriodicTask("job", Duration.ZERO, LIMIT, () -> {}))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
