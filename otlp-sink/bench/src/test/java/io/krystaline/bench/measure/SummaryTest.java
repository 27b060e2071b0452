package io.krystaline.bench.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SummaryTest {
  private static RoundResult round(String name, int number, double rate, double cpu) {
    return new RoundResult(
        name,
        number,
        Map.of(Figure.SPANS_PER_SECOND, rate, Figure.CPU, cpu, Figure.SPANS, 100.0),
        Map.of("otlp", cpu / 2),
        List.of());
  }

  @Test
  void of_values_givesMedianAndRange() {
    assertThat(Spread.of(List.of(3.0))).isEqualTo(new Spread(3, 3, 3));
    assertThat(Spread.of(List.of(9.0, 1.0, 2.0))).isEqualTo(new Spread(2, 1, 9));
    assertThat(Spread.of(List.of(4.0, 1.0, 2.0, 9.0))).isEqualTo(new Spread(3, 1, 9));
    assertThatIllegalArgumentException().isThrownBy(() -> Spread.of(List.of()));
  }

  @Test
  void ratios_pairsOfRounds_tellHowManyTimesBetter() {
    List<RoundResult> one = List.of(round("a", 1, 200, 0.5), round("a", 2, 400, 1));
    List<RoundResult> other = List.of(round("b", 1, 100, 2), round("b", 2, 100, 2));

    Map<Figure, Spread> ratios = Summary.ratios(one, other);

    assertThat(ratios).containsOnlyKeys(Figure.SPANS_PER_SECOND, Figure.CPU);
    assertThat(ratios.get(Figure.SPANS_PER_SECOND)).isEqualTo(new Spread(3, 2, 4));
    assertThat(ratios.get(Figure.CPU)).isEqualTo(new Spread(3, 2, 4));
    assertThat(Summary.ratios(one, List.of())).isEmpty();
  }

  @Test
  void ratios_figureIsZeroOrAbsent_isLeftOut() {
    RoundResult zero = new RoundResult("a", 1, Map.of(Figure.CPU, 0.0), Map.of(), List.of());
    RoundResult none = new RoundResult("b", 1, Map.of(), Map.of(), List.of());

    assertThat(Summary.ratios(List.of(zero), List.of(round("b", 1, 1, 1)))).isEmpty();
    assertThat(Summary.ratios(List.of(round("a", 1, 1, 1)), List.of(none))).isEmpty();
  }

  @Test
  void threads_someRoundsHaveOne_countsNothingInTheOthers() {
    RoundResult plain = round("a", 1, 1, 0.5);
    RoundResult other =
        new RoundResult("a", 2, Map.of(), Map.of("otlp", 0.75, "late", 0.5), List.of());

    Map<String, Spread> threads = Summary.threads(List.of(plain, other));

    assertThat(threads.keySet()).containsExactly("otlp", "late");
    assertThat(threads.get("otlp")).isEqualTo(new Spread(0.5, 0.25, 0.75));
    assertThat(threads.get("late")).isEqualTo(new Spread(0.25, 0, 0.5));
  }

  @Test
  void report_twoReceivers_showsBothAndTheRatio() {
    StringWriter text = new StringWriter();
    Report report = new Report(new PrintWriter(text));

    report.round(
        new RoundResult("sink", 1, Map.of(Figure.CPU, 0.25), Map.of(), List.of("1 span is lost")));
    report.summary(
        List.of(List.of(round("sink", 1, 2e6, 0.25)), List.of(round("reference", 1, 1e6, 1))));

    assertThat(text.toString())
        .contains("DOES NOT ADD UP: 1 span is lost", "sink", "reference", "times better")
        .containsPattern("CPU s/M spans +0.250 \\(0.250..0.250\\) +1.00 \\(1.00..1.00\\) +4.00");
  }

  @Test
  void number_anySize_hasDigitsThatCount() {
    assertThat(Report.number(0)).isEqualTo("0");
    assertThat(Report.number(0.00123)).isEqualTo("0.00123");
    assertThat(Report.number(0.1234)).isEqualTo("0.123");
    assertThat(Report.number(1.234)).isEqualTo("1.23");
    assertThat(Report.number(12.34)).isEqualTo("12.3");
    assertThat(Report.number(1_234_567.8)).isEqualTo("1,234,568");
  }
}
