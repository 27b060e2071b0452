package io.krystaline.engine.incident;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ErrorShapesTest {
  private static final String STACK =
      """
      java.lang.IllegalStateException: order 17
      \tat shop.Orders.place(Orders.java:41)
      \tat shop.Api.post(Api.java:7)
      \tat shop.Main.run(Main.java:1)
      \tat java.lang.Thread.run(Thread.java:1583)
      """;

  private final ErrorShapes shapes = new ErrorShapes();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "order 17 of \"bob\" | order * of *",
        "no route to 10.0.3.7:8080 | no route to *",
        "id 3f2b8c1e-0d4a-4b6f-9a11-77ee00cc1234 is gone | id * is gone",
        "at 0xDEADBEEF | at *",
        "commit 9fceb02d0ae598e95dc970b74767f19372d61af8 | commit *",
        "took 1,234.5 ms | took * ms",
        "decade of a facade | decade of a facade",
        "value 'x y' and '' | value * and *",
        "connection refused | connection refused"
      })
  void normalise_leavesOutWhatVaries(String message, String shape) {
    assertThat(ErrorShapes.normalise(message)).isEqualTo(shape);
  }

  @Test
  void normalise_limits() {
    assertThat(ErrorShapes.normalise("")).isEmpty();
    assertThat(ErrorShapes.normalise("x".repeat(5_000))).hasSize(300);
    assertThat(ErrorShapes.normalise(ErrorShapes.normalise("order 17 of \"bob\"")))
        .isEqualTo("order * of *");
  }

  @Test
  void add_ofOneShape_countsIt() {
    shapes.add("shop", "IllegalStateException", "order 17", STACK);
    shapes.add("shop", "IllegalStateException", "order 18", STACK.replace("41", "42"));
    shapes.add("shop", "TimeoutException", "after 5 s", "");

    assertThat(shapes.mostFrequent(5))
        .extracting(ErrorFingerprint::type)
        .containsExactly("IllegalStateException", "TimeoutException");
    ErrorFingerprint first = shapes.mostFrequent(1).get(0);
    assertThat(first.count()).isEqualTo(2);
    assertThat(first.message()).isEqualTo("order *");
    assertThat(first.stackTrace()).isEqualTo(STACK);
    assertThat(first.id()).matches("[0-9a-f]{16}");
  }

  @Test
  void add_ofOtherServiceTypeMessageOrTopFrames_isAnotherShape() {
    shapes.add("shop", "E", "m", STACK);
    shapes.add("cart", "E", "m", STACK);
    shapes.add("shop", "F", "m", STACK);
    shapes.add("shop", "E", "n", STACK);
    shapes.add("shop", "E", "m", STACK.replace("Orders.place", "Orders.cancel"));
    // Deeper than the top three frames it is the same.
    shapes.add("shop", "E", "m", STACK.replace("Thread.run", "Pool.run"));

    assertThat(shapes.mostFrequent(10)).hasSize(5);
    assertThat(shapes.mostFrequent(10)).extracting(ErrorFingerprint::id).doesNotHaveDuplicates();
    assertThat(shapes.mostFrequent(1).get(0).count()).isEqualTo(2);
  }

  @Test
  void add_framesOfOtherLanguages_areFrames() {
    String python =
        "Traceback\n  File \"/app/a.py\", line 3, in f\n  File \"/app/b.py\", line 9, in g\n";
    shapes.add("one", "E", "m", python);
    shapes.add("one", "E", "m", python.replace("line 3", "line 4"));
    shapes.add("one", "E", "m", "goroutine 7\nmain.go:12 +0x1d\n");
    shapes.add("one", "E", "m", "");

    assertThat(shapes.mostFrequent(10)).hasSize(3);
  }

  @Test
  void add_beyondTheLimits_isCut() {
    for (int i = 0; i < 80; i++) {
      shapes.add("shop", "Type" + (char) ('A' + i % 26) + (char) ('A' + i / 26), "m", "");
    }
    assertThat(shapes.mostFrequent(1_000)).hasSize(50);
    ErrorShapes other = new ErrorShapes();
    other.add("shop", "E", "m", "x".repeat(10_000));
    assertThat(other.mostFrequent(1).get(0).stackTrace()).hasSize(4_001).endsWith("…");
    assertThat(other.mostFrequent(0)).isEmpty();
    assertThat(new ErrorShapes().mostFrequent(5)).isEmpty();
  }
}
