package io.krystaline.sink.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.krystaline.engine.incident.Incident;
import io.krystaline.platform.http.HttpException;
import io.krystaline.platform.http.HttpRequest;
import io.krystaline.sink.incident.RuleEffect;
import io.krystaline.sink.incident.RuleListener;
import io.krystaline.sink.incident.RuleProposal;
import io.krystaline.sink.store.DetectionRule;
import io.krystaline.sink.store.IncidentFilter;
import io.krystaline.sink.store.IncidentStore;
import io.krystaline.sink.store.IncidentStores;
import io.krystaline.sink.store.RuleStore;
import io.krystaline.sink.store.StoredIncident;
import io.krystaline.sink.view.EpochNanos;
import io.krystaline.sink.view.PageView;
import io.krystaline.sink.view.RuleView;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Answers {@code rules}, and decides on them. May block on the store. */
final class RuleEndpoint {
  /** How far an effect looks back, from the incident that was marked. */
  private static final Duration LOOK_BACK = Duration.ofDays(30);

  private final ApiSettings settings;
  private final RuleStore rules;
  private final IncidentStore incidents;
  private final RuleListener listener;
  private final ActionBodies bodies;
  private final ObjectMapper mapper;
  private final InstantSource clock;
  // So that the listener's last word is the store's.
  private final ReentrantLock telling = new ReentrantLock();

  RuleEndpoint(
      ApiSettings settings,
      IncidentStores stores,
      RuleListener listener,
      ActionBodies bodies,
      ObjectMapper mapper,
      InstantSource clock) {
    this.settings = settings;
    this.rules = stores.rules();
    this.incidents = stores.incidents();
    this.listener = listener;
    this.bodies = bodies;
    this.mapper = mapper;
    this.clock = clock;
  }

  /** The body of a decision. */
  record DecisionBody(@Nullable String by) {}

  PageView<RuleView> list(HttpRequest request) {
    ApiParameters parameters = ApiParameters.of(request.query(), "state", "limit");
    Optional<DetectionRule.State> state =
        parameters
            .word("state", List.of("proposed", "accepted", "reverted"))
            .map(word -> DetectionRule.State.valueOf(word.toUpperCase(Locale.ROOT)));
    int limit = parameters.number("limit", 1, settings.itemsMax(), settings.itemsDefault());
    return new PageView<>(
        rules.latest(RuleStore.RULES_MAX).stream()
            .filter(rule -> state.isEmpty() || rule.state() == state.get())
            .limit(limit)
            .map(RuleView::of)
            .toList(),
        null);
  }

  /** Keeps the proposal that a false incident asks for, with its effect. */
  RuleView propose(Incident incident, String reason, String by) {
    DetectionRule draft =
        RuleProposal.of(incident, reason, by, clock.instant())
            .orElseThrow(
                () ->
                    new HttpException(
                        409, "the incident has no evidence that a rule could be made of"));
    DetectionRule kept =
        rules
            .propose(draft)
            .orElseThrow(
                () -> new HttpException(409, "there are too many rules: " + RuleStore.RULES_MAX));
    rules.setEffect(kept.id(), effect(kept, incident));
    return RuleView.of(rules.byId(kept.id()).orElse(kept));
  }

  private String effect(DetectionRule rule, Incident incident) {
    Instant since = EpochNanos.toInstant(incident.startNanos()).minus(LOOK_BACK);
    List<Incident> looked =
        incidents
            .find(
                IncidentFilter.ALL.between(EpochNanos.of(since), null),
                IncidentStore.PAGE_LIMIT_MAX,
                null)
            .items()
            .stream()
            .map(StoredIncident::incident)
            .toList();
    try {
      return mapper.writeValueAsString(RuleEffect.of(rule, since, looked));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("the effect of a rule cannot be written", e);
    }
  }

  RuleView accept(HttpRequest request) {
    return decide(request, DetectionRule.State.ACCEPTED);
  }

  RuleView revert(HttpRequest request) {
    return decide(request, DetectionRule.State.REVERTED);
  }

  private RuleView decide(HttpRequest request, DetectionRule.State state) {
    String by = ActionBodies.who(bodies.read(request, DecisionBody.class).by);
    long id = ActionBodies.number(request, "rule");
    telling.lock();
    try {
      Optional<DetectionRule> decided = rules.decide(id, state, clock.instant(), by);
      if (decided.isEmpty()) {
        DetectionRule rule =
            rules.byId(id).orElseThrow(() -> new HttpException(404, "no rule '" + id + "'"));
        throw new HttpException(
            409, "the rule is " + rule.state().name().toLowerCase(Locale.ROOT) + " already");
      }
      listener.onRules(rules.accepted());
      return RuleView.of(decided.get());
    } finally {
      telling.unlock();
    }
  }
}
