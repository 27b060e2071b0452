package io.krystaline.sink.api;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.krystaline.engine.release.ReleaseState;
import io.krystaline.platform.http.JsonBodies;
import io.krystaline.sink.incident.Excluder;
import io.krystaline.sink.incident.RuleListener;
import io.krystaline.sink.recalculate.Recalculator;
import io.krystaline.sink.store.IncidentStores;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;

/** The part of the API that is about incidents and what people do with them. */
public final class IncidentApi {
  static final String BASE = "/api/monitor/";

  private final JsonBodies json;
  private final IncidentReader reader;
  private final IncidentActions actions;
  private final ExclusionEndpoint exclusions;
  private final RuleEndpoint rules;
  private final SilenceEndpoint silences;
  private final ReleaseReader releases;

  /**
   * What it reads from and acts on.
   *
   * @param excluder what takes an interval out of the detector's own memory
   * @param rules is told of the rules in force whenever they change
   * @param releases the versions of services that the detector knows
   */
  public record Sources(
      IncidentStores stores,
      Excluder excluder,
      RuleListener rules,
      Supplier<List<ReleaseState>> releases) {
    public Sources {
      Objects.requireNonNull(stores, "stores");
      Objects.requireNonNull(excluder, "excluder");
      Objects.requireNonNull(rules, "rules");
      Objects.requireNonNull(releases, "releases");
    }
  }

  IncidentApi(
      ApiSettings settings,
      Sources sources,
      Recalculator recalculator,
      ObjectMapper mapper,
      InstantSource clock) {
    json = new JsonBodies(mapper);
    ActionBodies bodies = new ActionBodies(json);
    IncidentStores stores = sources.stores;
    reader = new IncidentReader(settings, stores, clock);
    rules = new RuleEndpoint(settings, stores, sources.rules, bodies, mapper, clock);
    actions = new IncidentActions(stores.incidents(), reader, rules, bodies);
    exclusions =
        new ExclusionEndpoint(stores, sources.excluder, recalculator, reader, bodies, clock);
    silences = new SilenceEndpoint(settings, stores.silences(), bodies, clock);
    releases = new ReleaseReader(settings, sources.releases);
  }

  void addTo(ApiRoutes routes) {
    routes.get(BASE + "incidents", reader::list);
    routes.get(BASE + "incidents/{id}", reader::one);
    routes.post(
        BASE + "incidents/{id}/acknowledge", request -> json.ok(actions.acknowledge(request)));
    routes.post(
        BASE + "incidents/{id}/comments", request -> json.write(201, actions.comment(request)));
    routes.post(
        BASE + "incidents/{id}/false", request -> json.write(201, actions.markFalse(request)));
    routes.post(
        BASE + "incidents/{id}/exclude",
        request ->
            json.write(202, exclusions.exclude(request))
                .withHeader("location", BASE + "recalculate"));
    routes.get(BASE + "releases", releases::list);
    routes.get(BASE + "rules", rules::list);
    routes.post(BASE + "rules/{id}/accept", request -> json.ok(rules.accept(request)));
    routes.post(BASE + "rules/{id}/revert", request -> json.ok(rules.revert(request)));
    routes.get(BASE + "silences", silences::list);
    routes.post(BASE + "silences", request -> json.write(201, silences.create(request)));
    routes.delete(BASE + "silences/{id}", request -> json.ok(silences.end(request)));
  }
}
