package io.krystaline.engine.incident;

import static org.assertj.core.api.Assertions.assertThat;

import io.krystaline.engine.baseline.BaselineSettings;
import io.krystaline.engine.baseline.DirectoryLimits;
import io.krystaline.engine.baseline.Operation;
import io.krystaline.engine.baseline.OperationDirectory;
import io.krystaline.engine.score.Severity;
import io.krystaline.engine.span.OperationKey;
import io.krystaline.engine.span.SpanKind;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class LearningGuardTest {
  private static final OperationKey BUY = new OperationKey("shop", "buy", SpanKind.SERVER);
  private static final OperationKey PAY = new OperationKey("pay", "charge", SpanKind.SERVER);
  private static final OperationKey NEVER_SEEN = new OperationKey("x", "y", SpanKind.SERVER);

  private final OperationDirectory directory =
      new OperationDirectory(BaselineSettings.defaults(), DirectoryLimits.defaults(), 1);
  private final Operation buy = directory.operation(BUY);
  private final Operation pay = directory.operation(PAY);
  private final LearningGuard guard = new LearningGuard(directory, Duration.ofHours(24));

  private static Incident incident(
      String id, Duration age, boolean open, OperationKey... operations) {
    long updated = 1_000_000 + age.toNanos();
    return new Incident(
        id,
        Severity.ofLevel(3),
        Priority.P2,
        "unclassified",
        IncidentKind.LATENCY,
        "t",
        1_000_000,
        1_000_000,
        1_000_000,
        updated,
        open ? 0 : updated,
        0,
        List.of(),
        List.of(),
        List.of(operations),
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        List.of());
  }

  private void open(String id, Duration age, OperationKey... operations) {
    guard.onIncident(IncidentChange.UPDATED, incident(id, age, true, operations));
  }

  private void close(String id) {
    guard.onIncident(IncidentChange.CLOSED, incident(id, Duration.ofHours(1), false, BUY));
  }

  @Test
  void openIncident_itsOperationsAreWithheld_untilItCloses() {
    open("1", Duration.ZERO, BUY, NEVER_SEEN);
    assertThat(buy.isWithheld()).isTrue();
    assertThat(pay.isWithheld()).isFalse();
    assertThat(directory.find(NEVER_SEEN)).isEmpty();

    close("1");
    assertThat(buy.isWithheld()).isFalse();
    close("1");
    assertThat(buy.isWithheld()).isFalse();
  }

  @Test
  void operationNamedOnce_staysCovered_whenTheIncidentNamesAnother() {
    open("1", Duration.ZERO, BUY);
    open("1", Duration.ofMinutes(1), PAY);
    open("1", Duration.ofMinutes(2), PAY);
    assertThat(buy.isWithheld()).isTrue();
    assertThat(pay.isWithheld()).isTrue();

    close("1");
    assertThat(buy.isWithheld()).isFalse();
    assertThat(pay.isWithheld()).isFalse();
  }

  @Test
  void twoIncidents_theLastToEndCounts() {
    open("1", Duration.ZERO, BUY, PAY);
    open("2", Duration.ZERO, BUY);
    close("1");
    assertThat(buy.isWithheld()).isTrue();
    assertThat(pay.isWithheld()).isFalse();

    close("2");
    assertThat(buy.isWithheld()).isFalse();
  }

  @Test
  void openForLong_isTheNewNormal_andTeachesAgain() {
    open("1", Duration.ofHours(24), BUY);
    assertThat(buy.isWithheld()).isTrue();
    open("1", Duration.ofHours(24).plusNanos(1), BUY);
    assertThat(buy.isWithheld()).isFalse();
    open("1", Duration.ofHours(25), BUY);
    assertThat(buy.isWithheld()).isFalse();
    close("1");
    assertThat(buy.isWithheld()).isFalse();
  }

  @Test
  void release_letsEverythingTeach() {
    open("1", Duration.ZERO, BUY);
    open("2", Duration.ZERO, BUY, PAY);
    guard.release();
    assertThat(buy.isWithheld()).isFalse();
    assertThat(pay.isWithheld()).isFalse();
    guard.release();
  }
}
