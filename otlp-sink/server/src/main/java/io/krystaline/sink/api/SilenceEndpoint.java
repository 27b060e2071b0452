package io.krystaline.sink.api;

import io.krystaline.engine.score.Severity;
import io.krystaline.platform.http.HttpException;
import io.krystaline.platform.http.HttpRequest;
import io.krystaline.sink.store.Silence;
import io.krystaline.sink.store.SilenceStore;
import io.krystaline.sink.view.PageView;
import io.krystaline.sink.view.SilenceView;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Answers {@code silences}, makes and ends them. May block on the store. */
final class SilenceEndpoint {
  private static final int NAME_LENGTH_MAX = 1_024;
  private static final Duration LENGTH_MAX = Duration.ofDays(366);

  private final ApiSettings settings;
  private final SilenceStore store;
  private final ActionBodies bodies;
  private final InstantSource clock;

  SilenceEndpoint(
      ApiSettings settings, SilenceStore store, ActionBodies bodies, InstantSource clock) {
    this.settings = settings;
    this.store = store;
    this.bodies = bodies;
    this.clock = clock;
  }

  /** The body of a new silence. */
  record SilenceBody(
      @Nullable String by,
      @Nullable String comment,
      @Nullable String service,
      @Nullable String operation,
      @Nullable Integer maxSeverity,
      @Nullable Instant until) {}

  PageView<SilenceView> list(HttpRequest request) {
    ApiParameters parameters = ApiParameters.of(request.query(), "state", "limit");
    boolean all = parameters.word("state", List.of("active", "all")).orElse("active").equals("all");
    int limit = parameters.number("limit", 1, settings.itemsMax(), settings.itemsDefault());
    Instant now = clock.instant();
    List<Silence> silences = all ? store.latest(limit) : store.active(now);
    return new PageView<>(
        silences.stream().limit(limit).map(silence -> SilenceView.of(silence, now)).toList(), null);
  }

  SilenceView create(HttpRequest request) {
    SilenceBody body = bodies.read(request, SilenceBody.class);
    Instant now = clock.instant();
    Silence draft =
        new Silence(
            0,
            name("service", body.service),
            name("operation", body.operation),
            severity(body.maxSeverity),
            now,
            until(body.until, now),
            ActionBodies.who(body.by),
            ActionBodies.optional("comment", body.comment),
            null,
            null);
    return store
        .create(draft)
        .map(silence -> SilenceView.of(silence, now))
        .orElseThrow(
            () ->
                new HttpException(
                    409, "there are too many active silences: " + SilenceStore.ACTIVE_MAX));
  }

  private static @Nullable String name(String field, @Nullable String name) {
    if (name != null) {
      var _ = ActionBodies.required(field, name, NAME_LENGTH_MAX);
    }
    return name; // as it was sent, as a name may begin or end with a blank
  }

  private static @Nullable Severity severity(@Nullable Integer level) {
    if (level == null) {
      return null;
    }
    if (level < 1 || level > 5) {
      throw new HttpException(400, "'maxSeverity' must be a severity from 1 to 5");
    }
    return Severity.ofLevel(level);
  }

  private static Instant until(@Nullable Instant until, Instant now) {
    if (until == null || !until.isAfter(now) || until.isAfter(now.plus(LENGTH_MAX))) {
      throw new HttpException(
          400, "'until' must be a time within the next %d days".formatted(LENGTH_MAX.toDays()));
    }
    return until;
  }

  SilenceView end(HttpRequest request) {
    String by = ActionBodies.who(ApiParameters.of(request.query(), "by").text("by").orElse(null));
    long id = ActionBodies.number(request, "silence");
    Instant now = clock.instant();
    Optional<Silence> ended = store.end(id, now, by);
    if (ended.isPresent()) {
      return SilenceView.of(ended.get(), now);
    }
    throw store.byId(id).isEmpty()
        ? new HttpException(404, "no silence '" + id + "'")
        : new HttpException(409, "the silence has ended already");
  }
}
