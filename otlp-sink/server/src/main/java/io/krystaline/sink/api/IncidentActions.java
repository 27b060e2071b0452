package io.krystaline.sink.api;

import io.krystaline.engine.incident.Incident;
import io.krystaline.platform.http.HttpException;
import io.krystaline.platform.http.HttpRequest;
import io.krystaline.sink.store.Acknowledgement;
import io.krystaline.sink.store.Acknowledging;
import io.krystaline.sink.store.IncidentEntry;
import io.krystaline.sink.store.IncidentStore;
import io.krystaline.sink.store.StoredIncident;
import io.krystaline.sink.view.IncidentDetailView;
import io.krystaline.sink.view.RuleView;
import org.jspecify.annotations.Nullable;

/** What people do with an incident: acknowledge, comment, mark as false. May block on the store. */
final class IncidentActions {
  private final IncidentStore incidents;
  private final IncidentReader reader;
  private final RuleEndpoint rules;
  private final ActionBodies bodies;

  IncidentActions(
      IncidentStore incidents, IncidentReader reader, RuleEndpoint rules, ActionBodies bodies) {
    this.incidents = incidents;
    this.reader = reader;
    this.rules = rules;
    this.bodies = bodies;
  }

  /** The body of an acknowledgement. */
  record AcknowledgeBody(@Nullable String by, @Nullable String comment) {}

  /** The body of a comment. */
  record CommentBody(@Nullable String by, @Nullable String text) {}

  /** The body of a mark as false. */
  record FalseBody(@Nullable String by, @Nullable String reason) {}

  IncidentDetailView acknowledge(HttpRequest request) {
    AcknowledgeBody body = bodies.read(request, AcknowledgeBody.class);
    String by = ActionBodies.who(body.by);
    String comment = ActionBodies.optional("comment", body.comment);
    String id = request.pathParameter("id");
    return switch (incidents.acknowledge(id, by, comment)) {
      case Acknowledging.Done(StoredIncident stored) -> reader.detail(stored);
      case Acknowledging.AlreadyDone(Acknowledgement earlier) ->
          throw new HttpException(
              409,
              "%s has acknowledged this incident at %s"
                  .formatted(ApiParameters.printable(earlier.by()), earlier.at()));
      case Acknowledging.Unknown _ -> throw IncidentReader.unknown(id);
    };
  }

  IncidentDetailView comment(HttpRequest request) {
    CommentBody body = bodies.read(request, CommentBody.class);
    String by = ActionBodies.who(body.by);
    String text = ActionBodies.required("text", body.text, ActionBodies.TEXT_LENGTH_MAX);
    String id = request.pathParameter("id");
    switch (incidents.note(id, IncidentEntry.Action.COMMENTED, by, text)) {
      case WRITTEN -> {}
      case UNKNOWN -> throw IncidentReader.unknown(id);
      case FULL ->
          throw new HttpException(
              409, "the log of this incident is full: " + IncidentStore.ENTRIES_MAX + " entries");
    }
    return reader.detail(reader.require(request));
  }

  /** Proposes a rule under which the incident would not have been. */
  RuleView markFalse(HttpRequest request) {
    FalseBody body = bodies.read(request, FalseBody.class);
    String by = ActionBodies.who(body.by);
    String reason = ActionBodies.required("reason", body.reason, ActionBodies.TEXT_LENGTH_MAX);
    Incident incident = reader.require(request).incident();
    RuleView rule = rules.propose(incident, reason, by);
    // Where the log is full, the rule itself still says who marked the incident, and why.
    var _ =
        incidents.note(
            incident.id(),
            IncidentEntry.Action.MARKED_FALSE,
            by,
            "rule " + rule.id() + ": " + reason);
    return rule;
  }
}
