package io.krystaline.engine.incident;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.krystaline.engine.assemble.OperationIndex;
import io.krystaline.engine.baseline.BaselineSettings;
import io.krystaline.engine.baseline.DirectoryLimits;
import io.krystaline.engine.baseline.OperationDirectory;
import io.krystaline.engine.detect.Channel;
import io.krystaline.engine.detect.StreamAlarm;
import io.krystaline.engine.detect.TickEvidence;
import io.krystaline.engine.detect.TickEvidence.OfStream;
import io.krystaline.engine.score.Severity;
import io.krystaline.engine.span.OperationKey;
import io.krystaline.engine.span.SpanKind;
import io.krystaline.engine.span.TraceId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class IncidentTrackerTest {
  /** Ticks of a second, so that a number of ticks is a number of seconds. */
  private static final Duration TICK = Duration.ofSeconds(1);

  private static final long SECOND = 1_000_000_000L;
  private static final List<String> NAMES = List.of("shop", "cart", "pay", "mailer", "stock");

  private final OperationIndex operations = new OperationIndex();
  private final List<String> told = new ArrayList<>();
  private final Map<String, Incident> incidents = new LinkedHashMap<>();
  private final IncidentTracker tracker =
      new IncidentTracker(
          IncidentSettings.DEFAULTS,
          TICK,
          operations,
          (change, incident) -> {
            told.add(change + " " + String.join("+", incident.services()));
            incidents.put(incident.id(), incident);
          });

  private final Map<String, StreamAlarm> active = new LinkedHashMap<>();
  private long tick = 1_000;

  IncidentTrackerTest() {
    OperationDirectory directory =
        new OperationDirectory(
            BaselineSettings.defaults(), new DirectoryLimits(100, 100, 1_000, 512), 1);
    NAMES.forEach(name -> operations.register(directory.operation(operation(name))));
  }

  @Test
  void alarm_opensAnIncident_andItsEndClosesIt() {
    long raised = tick;
    raise("shop", Channel.SELF_TIME);
    pass(10);
    end("shop", Channel.SELF_TIME);
    pass(1);

    assertThat(told).containsExactly("OPENED shop", "CLOSED shop");
    Incident incident = only();
    assertThat(incident.startNanos()).isEqualTo(raised * SECOND);
    assertThat(incident.onsetNanos()).isEqualTo((raised - 5) * SECOND);
    assertThat(incident.detectedNanos()).isEqualTo((raised + 1) * SECOND);
    assertThat(incident.endNanos()).isEqualTo((raised + 11) * SECOND);
    assertThat(incident.isOpen()).isFalse();
    assertThat(incident.kind()).isEqualTo(IncidentKind.LATENCY);
    assertThat(incident.reopened()).isZero();
    assertThat(tracker.open()).isEmpty();
  }

  @Test
  void alarmsOfTwoMinutes_areOneIncident() {
    raise("shop", Channel.GAP_OUT);
    pass(60);
    raise("pay", Channel.GAP_IN);
    pass(58);
    raise("cart", Channel.SELF_TIME);

    assertThat(incidents).hasSize(1);
    assertThat(only().services()).containsExactly("shop", "pay", "cart");
    assertThat(only().evidence()).hasSize(3);
    assertThat(tracker.open()).containsExactly(only());
  }

  @Test
  void alarmOfAnotherService_later_isAnotherIncident() {
    raise("shop", Channel.SELF_TIME);
    pass(121);
    raise("pay", Channel.SELF_TIME);
    pass(1);

    assertThat(incidents.values())
        .extracting(Incident::services)
        .containsExactly(List.of("shop"), List.of("pay"));
    end("shop", Channel.SELF_TIME);
    pass(1);
    assertThat(incidents.values()).extracting(Incident::isOpen).containsExactly(false, true);
  }

  @Test
  void alarmOfTheSameService_muchLater_joinsWhileItIsOpen() {
    raise("shop", Channel.SELF_TIME);
    pass(400);
    raise("shop", Channel.ERRORS);

    assertThat(incidents).hasSize(1);
    end("shop", Channel.SELF_TIME);
    pass(5);
    assertThat(only().isOpen()).isTrue();
    end("shop", Channel.ERRORS);
    pass(1);
    assertThat(only().isOpen()).isFalse();
  }

  @Test
  void alarmSoonAfterTheEnd_opensTheSameAgain() {
    raise("shop", Channel.SELF_TIME);
    pass(10);
    end("shop", Channel.SELF_TIME);
    pass(59);
    raise("shop", Channel.ERRORS);
    pass(1);

    assertThat(told).containsExactly("OPENED shop", "CLOSED shop", "REOPENED shop");
    assertThat(only().reopened()).isEqualTo(1);
    assertThat(only().isOpen()).isTrue();
    assertThat(only().endNanos()).isZero();
  }

  @Test
  void alarmLongAfterTheEnd_isANewIncident() {
    raise("shop", Channel.SELF_TIME);
    pass(10);
    end("shop", Channel.SELF_TIME);
    pass(61);
    raise("shop", Channel.SELF_TIME);
    pass(1);

    assertThat(incidents).hasSize(2);
    assertThat(told).containsExactly("OPENED shop", "CLOSED shop", "OPENED shop");
  }

  @Test
  void alarmOfAnotherService_afterTheEnd_doesNotOpenItAgain() {
    raise("shop", Channel.SELF_TIME);
    pass(10);
    end("shop", Channel.SELF_TIME);
    pass(5);
    raise("pay", Channel.SELF_TIME);
    pass(1);

    assertThat(told).containsExactly("OPENED shop", "CLOSED shop", "OPENED pay");
  }

  @Test
  void streamThatComesBack_goesToItsOwnIncident_notToTheLatest() {
    raise("shop", Channel.SELF_TIME);
    pass(130);
    raise("pay", Channel.SELF_TIME);
    pass(10);
    end("shop", Channel.SELF_TIME);
    pass(10);
    raise("shop", Channel.SELF_TIME);
    pass(1);

    assertThat(told)
        .containsSubsequence("OPENED shop", "OPENED pay", "CLOSED shop", "REOPENED shop")
        .doesNotContain("UPDATED pay+shop");
    assertThat(incidents.values())
        .extracting(Incident::services)
        .containsExactly(List.of("shop"), List.of("pay"));
  }

  @Test
  void openIncident_isUpdatedEveryHalfMinute() {
    raise("shop", Channel.SELF_TIME);
    pass(95);
    assertThat(told).containsExactly("OPENED shop", "UPDATED shop", "UPDATED shop", "UPDATED shop");
  }

  @Test
  void sameAlarms_giveTheSameIds() {
    raise("shop", Channel.SELF_TIME);
    String id = only().id();
    assertThat(id)
        .matches("[0-9a-f]{16}")
        .isEqualTo(IncidentIds.of("shop", alarm("shop", Channel.SELF_TIME, 1_000, 100, 50, 20)));
    assertThat(id)
        .isNotEqualTo(IncidentIds.of("pay", alarm("pay", Channel.SELF_TIME, 1_000, 1, 1, 1)));
  }

  @Test
  void suspects_areRankedFromTheEvidenceAroundTheAlarm() {
    for (int i = 0; i < 30; i++) {
      tick(List.of(), new OfStream(service("stock"), Channel.SELF_TIME, 1_000, 5));
    }
    pass(61);
    tick(List.of(), new OfStream(service("pay"), Channel.SELF_TIME, 30, 5));
    StreamAlarm alarm = alarm("shop", Channel.SELF_TIME, tick, 100, 50, 20);
    active.put("shop", alarm);
    tick(List.of(alarm), new OfStream(service("shop"), Channel.SELF_TIME, 10, 5));

    Incident incident = only();
    assertThat(incident.suspects()).extracting(Suspect::service).containsExactly("pay", "shop");
    assertThat(incident.suspects()).extracting(Suspect::share).containsExactly(0.75, 0.25);
    assertThat(incident.suspects().get(1).operation()).isEqualTo("work of shop");
  }

  @Test
  void traces_andOperations_areThoseOfTheLeadingAlarm() {
    raise("shop", Channel.SELF_TIME);
    Incident incident = only();
    assertThat(incident.operations()).containsExactly(operation("shop"));
    assertThat(incident.sampleTraces()).containsExactly(new TraceId(1, 1), new TraceId(1, 2));
    assertThat(incident.normalTraces()).containsExactly(new TraceId(2, 1));
    Evidence evidence = incident.evidence().get(0);
    assertThat(evidence.service()).isEqualTo("shop");
    assertThat(evidence.text())
        .isEqualTo(
            "self time of shop: 50 of 100 observations beyond what 1 in 10 normal ones exceed,"
                + " 20.0 nats of 12.0 asked for");
    assertThat(incident.title()).isEqualTo("shop is slow, most of all work of shop");
  }

  // Severity.

  @ParameterizedTest
  @CsvSource({
    "ERRORS, 51, 1",
    "ERRORS, 50, 1",
    "ERRORS, 20, 2",
    "ERRORS, 5, 3",
    "ERRORS, 4, 4",
    "SILENCE, 0, 1",
    "SELF_TIME, 50, 2",
    "GAP_IN, 20, 3",
    "GAP_OUT, 19, 4",
    "QUEUE_DELAY, 90, 2",
    "SURGE, 0, 3",
    "ORPHANS, 90, 4",
    "FEW_CHILDREN, 50, 3",
    "RARE_CHILDREN, 49, 5"
  })
  void severity_isByHowMuchOfTheServiceIsTouched(Channel channel, int hits, int level) {
    StreamAlarm alarm = alarm("shop", channel, tick, 100, hits, 20);
    active.put("shop", alarm);
    tick(List.of(alarm));
    assertThat(only().severity()).isEqualTo(Severity.ofLevel(level));
  }

  @Test
  void severity_ofFourServices_isAtLeastTwo() {
    for (String name : NAMES.subList(0, 4)) {
      StreamAlarm alarm = alarm(name, Channel.ORPHANS, tick, 100, 1, 20);
      active.put(name, alarm);
      tick(List.of(alarm));
    }
    assertThat(only().severity()).isEqualTo(Severity.ofLevel(2));
    assertThat(only().title()).endsWith("(4 services in alarm)");
  }

  @ParameterizedTest
  @EnumSource(Channel.class)
  void everyChannel_hasItsKindTitleAndText(Channel channel) {
    raise("shop", channel);
    Incident incident = only();
    assertThat(incident.title()).contains("shop");
    assertThat(incident.evidence().get(0).text()).contains("shop").contains("nats");
    assertThat(incident.evidence().get(0).channel()).isEqualTo(channel);
  }

  @Test
  void settings_thatCannotBe_areRefused() {
    Duration minute = Duration.ofMinutes(1);
    assertThatThrownBy(() -> new IncidentSettings(minute, minute, minute, 0, minute, minute))
        .hasMessageContaining("suspectsMax");
    assertThatThrownBy(() -> new IncidentSettings(minute, minute, minute, 5, Duration.ZERO, minute))
        .hasMessageContaining("updateEvery");
    assertThatThrownBy(
            () -> new IncidentSettings(minute.negated(), minute, minute, 5, minute, minute))
        .hasMessageContaining("0 or more");
    assertThatThrownBy(
            () -> new IncidentSettings(minute, minute, minute, 5, minute, minute.negated()))
        .hasMessageContaining("withholdMax");
  }

  private Incident only() {
    assertThat(incidents).hasSize(1);
    return incidents.values().iterator().next();
  }

  private void raise(String name, Channel channel) {
    StreamAlarm alarm = alarm(name, channel, tick, 100, 50, 20);
    active.put(name + channel, alarm);
    tick(List.of(alarm));
  }

  private void end(String name, Channel channel) {
    active.remove(name + channel);
  }

  private void pass(int ticks) {
    for (int i = 0; i < ticks; i++) {
      tick(List.of());
    }
  }

  private void tick(List<StreamAlarm> raised, OfStream... evidence) {
    tracker.onTick(
        tick,
        raised,
        List.copyOf(active.values()),
        new TickEvidence(tick, List.of(evidence), List.of(), List.of()));
    tick++;
  }

  private static StreamAlarm alarm(
      String name, Channel channel, long tick, long spans, long hits, double nats) {
    return new StreamAlarm(
        NAMES.indexOf(name),
        channel,
        tick - 5,
        tick,
        spans,
        List.of(hits, hits / 2, hits / 3),
        0.1,
        nats,
        12,
        List.of(operation(name)),
        List.of(new TraceId(1, 1), new TraceId(1, 2)),
        List.of(new TraceId(2, 1), new TraceId(1, 2)));
  }

  private static int service(String name) {
    return NAMES.indexOf(name);
  }

  private static OperationKey operation(String name) {
    return new OperationKey(name, "work of " + name, SpanKind.SERVER);
  }
}
