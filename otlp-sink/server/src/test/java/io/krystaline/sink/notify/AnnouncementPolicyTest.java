package io.krystaline.sink.notify;

import static io.krystaline.sink.store.NotificationChange.OPENED;
import static io.krystaline.sink.store.NotificationChange.REOPENED;
import static io.krystaline.sink.store.NotificationChange.RESOLVED;
import static io.krystaline.sink.store.NotificationChange.WORSENED;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.krystaline.engine.incident.Incident;
import io.krystaline.engine.incident.Priority;
import io.krystaline.engine.score.Severity;
import io.krystaline.platform.json.StrictJson;
import io.krystaline.sink.store.NewNotification;
import io.krystaline.sink.store.NotificationChange;
import io.krystaline.sink.store.ToldIncident;
import io.krystaline.sink.view.IncidentView;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AnnouncementPolicyTest {
  private static final ObjectMapper MAPPER = StrictJson.mapper();
  private static final ChannelTarget TARGET =
      new ChannelTarget.Slack(URI.create("http://127.0.0.1:1/"), Optional.empty());
  private static final Incident OPEN = Incidents.open("00000000000000aa", Priority.P1);

  private final AnnouncementPolicy policy = policy(Severity.LOW, Priority.P2);

  private static AnnouncementPolicy policy(Severity severityMin, Priority priorityMin) {
    ChannelSettings channel = ChannelSettings.of("ops", TARGET);
    return new AnnouncementPolicy(
        NotifySettings.of(
            List.of(
                new ChannelSettings(
                    "ops",
                    TARGET,
                    severityMin,
                    priorityMin,
                    channel.perMinute(),
                    channel.burst(),
                    channel.urgentPerMinute(),
                    channel.timeout()))),
        MAPPER);
  }

  private static List<ToldIncident> told(
      Incident incident, int reopened, boolean resolved, boolean reached) {
    return List.of(
        new ToldIncident(
            "ops",
            incident.id(),
            incident.severity(),
            incident.priority(),
            reopened,
            resolved,
            reached));
  }

  private List<NotificationChange> changes(Incident incident, List<ToldIncident> told) {
    return policy.news(incident, false, told).stream().map(NewNotification::change).toList();
  }

  @Test
  void news_neverTold_isOpenedOnce() {
    assertThat(changes(OPEN, List.of())).containsExactly(OPENED);
    assertThat(changes(OPEN, told(OPEN, 0, false, true))).isEmpty();
  }

  @Test
  void news_endIsToldWhereSomethingWas() {
    Incident closed = Incidents.closed(OPEN);
    assertThat(changes(closed, List.of())).isEmpty();
    assertThat(changes(closed, told(OPEN, 0, false, true))).containsExactly(RESOLVED);
    assertThat(changes(closed, told(OPEN, 0, false, false))).isEmpty();
    assertThat(changes(closed, told(OPEN, 0, true, true))).isEmpty();
  }

  @Test
  void news_endOfAnOlderState_isNone() {
    assertThat(changes(Incidents.closed(OPEN), told(OPEN, 1, false, true))).isEmpty();
  }

  @Test
  void news_reopened_isTold() {
    Incident again = Incidents.reopened(Incidents.closed(OPEN));
    assertThat(changes(again, told(OPEN, 0, true, true))).containsExactly(REOPENED);
    // Its end was missed.
    assertThat(changes(again, told(OPEN, 0, false, true))).containsExactly(REOPENED);
    assertThat(changes(again, told(OPEN, 1, false, true))).isEmpty();
    assertThat(changes(OPEN, told(OPEN, 0, true, true))).isEmpty();
  }

  @Test
  void news_worse_isToldAndMilderIsNot() {
    List<ToldIncident> told = told(OPEN, 0, false, true);
    assertThat(changes(Incidents.changed(OPEN, Severity.CRITICAL, Priority.P1), told))
        .containsExactly(WORSENED);
    assertThat(changes(Incidents.changed(OPEN, Severity.MAJOR, Priority.P0), told))
        .containsExactly(WORSENED);
    assertThat(changes(Incidents.changed(OPEN, Severity.LOW, Priority.P2), told)).isEmpty();
  }

  @Test
  void news_belowTheChannelsMinimum_isToldOnceItIsWorse() {
    AnnouncementPolicy strict = policy(Severity.CRITICAL, Priority.P1);
    assertThat(strict.news(OPEN, false, List.of())).isEmpty();
    assertThat(strict.concerns(OPEN)).isFalse();
    Incident worse = Incidents.changed(OPEN, Severity.CRITICAL, Priority.P1);
    assertThat(strict.concerns(worse)).isTrue();
    assertThat(strict.news(worse, false, List.of()))
        .extracting(NewNotification::change)
        .containsExactly(OPENED);
    assertThat(
            strict.news(Incidents.changed(OPEN, Severity.CRITICAL, Priority.P2), false, List.of()))
        .isEmpty();
  }

  @Test
  void news_silenced_isItsEndOnly() {
    assertThat(policy.news(OPEN, true, List.of())).isEmpty();
    assertThat(policy.news(Incidents.closed(OPEN), true, told(OPEN, 0, false, true)))
        .extracting(NewNotification::change)
        .containsExactly(RESOLVED);
  }

  @Test
  void news_urgentDoesNotWait_othersDo() {
    Incident urgent = Incidents.open("00000000000000bb", Priority.P0);
    assertThat(policy.news(urgent, false, List.of()).getFirst().groupWait())
        .isEqualTo(Duration.ZERO);
    NewNotification news = policy.news(OPEN, false, List.of()).getFirst();
    assertThat(news.groupWait()).isEqualTo(Duration.ofSeconds(30));
    assertThat(news.groupKey()).isEqualTo("shop");
    assertThat(news.key()).isEqualTo("00000000000000aa-0-opened-ops");
  }

  @Test
  void news_keysDiffer_whereTheNewsDoes() {
    List<ToldIncident> told = told(OPEN, 0, false, true);
    assertThat(
            policy
                .news(Incidents.changed(OPEN, Severity.CRITICAL, Priority.P0), false, told)
                .getFirst()
                .key())
        .isEqualTo("00000000000000aa-0-worsened-sev1-p0-ops");
    assertThat(policy.news(Incidents.closed(OPEN), false, told).getFirst().key())
        .isEqualTo("00000000000000aa-0-resolved-ops");
  }

  @Test
  void news_document_isTheViewInAscii() throws Exception {
    Incident odd = Incidents.of(OPEN, "caf\u00e9 \ud800\u0000");
    String document = policy.news(odd, false, List.of()).getFirst().document();
    assertThat(document).matches("\\p{ASCII}*");
    assertThat(MAPPER.readValue(document, IncidentView.class)).isEqualTo(IncidentView.of(odd));
  }
}
