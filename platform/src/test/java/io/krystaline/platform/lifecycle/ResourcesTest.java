package io.krystaline.platform.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

final class ResourcesTest {
  private final List<String> closed = Collections.synchronizedList(new ArrayList<>());

  @Test
  void close_reversesOrder_once() {
    Resources resources = new Resources(Duration.ofSeconds(10));
    AutoCloseable first = resources.add("first", () -> closed.add("first"));
    resources.add("second", () -> closed.add("second"));

    resources.close();
    resources.close();

    assertThat(first).isNotNull();
    assertThat(closed).containsExactly("second", "first");
  }

  @Test
  void close_empty_doesNothing() {
    new Resources(Duration.ofSeconds(1)).close();
    assertThat(closed).isEmpty();
  }

  @Test
  void close_failures_areKeptAndDoNotStopTheRest() {
    Resources resources = new Resources(Duration.ofSeconds(10));
    resources.add("first", () -> closed.add("first"));
    resources.add(
        "second",
        () -> {
          throw new IOException("disk");
        });
    resources.add(
        "third",
        () -> {
          throw new AssertionError("third");
        });

    assertThatThrownBy(resources::close)
        .isInstanceOf(ResourceCloseException.class)
        .satisfies(
            e ->
                assertThat(e.getSuppressed())
                    .extracting(Throwable::getMessage)
                    .containsExactly("third", "disk"));
    assertThat(closed).containsExactly("first");
  }

  @Test
  void close_hangingResource_isInterruptedAndLeftBehind() throws InterruptedException {
    Resources resources = new Resources(Duration.ofMillis(50));
    CountDownLatch interrupted = new CountDownLatch(1);
    resources.add("first", () -> closed.add("first"));
    resources.add(
        "hanging",
        () -> {
          try {
            new CountDownLatch(1).await();
          } catch (InterruptedException _) {
            interrupted.countDown();
          }
        });

    assertThatThrownBy(resources::close)
        .satisfies(
            e ->
                assertThat(e.getSuppressed())
                    .singleElement()
                    .isInstanceOf(TimeoutException.class)
                    .extracting(Throwable::getMessage)
                    .isEqualTo("hanging did not close within PT0.05S"));
    assertThat(closed).containsExactly("first");
    assertThat(interrupted.await(10, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void close_byInterruptedThread_stillClosesAll_andKeepsTheInterrupt() {
    Resources resources = new Resources(Duration.ofSeconds(10));
    resources.add("first", () -> closed.add("first"));
    resources.add("second", () -> closed.add("second"));

    Thread.currentThread().interrupt();
    resources.close();

    assertThat(Thread.interrupted()).isTrue();
    assertThat(closed).containsExactly("second", "first");
  }

  @Test
  void closeAfter_keepsFailuresInTheCause() {
    Resources resources = new Resources(Duration.ofSeconds(10));
    resources.add(
        "first",
        () -> {
          throw new IOException("disk");
        });
    IllegalStateException cause = new IllegalStateException("start");

    resources.closeAfter(cause);

    assertThat(cause.getSuppressed()).singleElement().isInstanceOf(IOException.class);
  }

  @Test
  void add_afterClose_closesTheResourceAndRefuses() {
    Resources resources = new Resources(Duration.ofSeconds(10));
    resources.close();

    assertThatThrownBy(() -> resources.add("late", () -> closed.add("late")))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("late");
    assertThatThrownBy(
            () ->
                resources.add(
                    "bad",
                    () -> {
                      throw new IOException("disk");
                    }))
        .satisfies(e -> assertThat(e.getSuppressed()).hasSize(1));
    assertThat(closed).containsExactly("late");
  }

  @Test
  void new_limitNotPositive_isRefused() {
    assertThatThrownBy(() -> new Resources(Duration.ZERO))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
