package io.krystaline.sink.api;

import io.krystaline.engine.score.Severity;
import io.krystaline.engine.span.SpanKind;
import io.krystaline.platform.http.HttpException;
import io.krystaline.platform.http.QueryParameters;
import io.krystaline.sink.store.AnomalyFilter;
import io.krystaline.sink.view.EpochNanos;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * The query parameters of one request, checked. Each fault is an {@link HttpException} with 400
 * that names the parameter and what is allowed. Immutable.
 */
final class ApiParameters {
  private static final int TEXT_LENGTH_MAX = 1_024;

  private final QueryParameters query;

  private ApiParameters(QueryParameters query) {
    this.query = query;
  }

  /**
   * Takes the parameters of a request that allows these names, each at most once.
   *
   * @throws HttpException 400 if another name is there, or one is there twice
   */
  static ApiParameters of(QueryParameters query, String... allowed) {
    List<String> names = List.of(allowed);
    for (String name : query.names()) {
      if (!names.contains(name)) {
        throw bad(
            "the parameter '%s' is unknown here; %s"
                .formatted(
                    printable(name),
                    names.isEmpty()
                        ? "none is allowed"
                        : "allowed are " + String.join(", ", new TreeSet<>(names))));
      }
      if (query.all(name).size() > 1) {
        throw bad("the parameter " + name + " is given more than once");
      }
    }
    return new ApiParameters(query);
  }

  /** A text that is not empty. */
  Optional<String> text(String name) {
    return query
        .first(name)
        .map(
            text -> {
              if (text.isEmpty() || text.length() > TEXT_LENGTH_MAX) {
                throw bad(
                    "the parameter %s must have 1 to %d characters"
                        .formatted(name, TEXT_LENGTH_MAX));
              }
              return text;
            });
  }

  /** One of some words. */
  Optional<String> word(String name, List<String> words) {
    return read(name, "one of " + String.join(", ", words), text -> memberOf(words, text));
  }

  /** A whole number within a range. */
  int number(String name, int min, int max, int absent) {
    return read(
            name,
            "a whole number from " + min + " to " + max,
            text -> {
              int value = Integer.parseInt(text);
              if (value < min || value > max) {
                throw new IllegalArgumentException("out of range");
              }
              return value;
            })
        .orElse(absent);
  }

  /** A time with an offset; a plus sign that a client forgot to encode is taken as one. */
  Optional<Instant> time(String name) {
    return read(
        name,
        "an ISO-8601 time with an offset, as 2026-11-21T09:00:00Z",
        text -> Instant.parse(text.replace(' ', '+')));
  }

  /** A length of time of whole seconds. */
  Optional<Duration> wholeSeconds(String name) {
    return read(
        name,
        "an ISO-8601 duration of whole seconds, as PT5M",
        text -> {
          Duration duration = Duration.parse(text);
          if (!duration.isPositive() || duration.toNanosPart() != 0) {
            throw new IllegalArgumentException("not whole seconds");
          }
          return duration;
        });
  }

  /** A kind of span, in either case. */
  Optional<SpanKind> kind() {
    return read(
        "kind",
        "one of UNSPECIFIED, INTERNAL, SERVER, CLIENT, PRODUCER, CONSUMER",
        text -> SpanKind.valueOf(text.toUpperCase(Locale.ROOT)));
  }

  /** The parameter {@code minSeverity}. */
  Optional<Severity> minSeverity() {
    return read(
        "minSeverity", "a severity from 1 to 5", text -> Severity.ofLevel(Integer.parseInt(text)));
  }

  /** Anything else that a reader makes of the text; it throws IllegalArgumentException. */
  <T> Optional<T> read(String name, String allowed, Function<String, T> reader) {
    return query
        .first(name)
        .map(
            text -> {
              try {
                return reader.apply(text);
              } catch (IllegalArgumentException | DateTimeException e) {
                throw new HttpException(
                    400, "the parameter %s must be %s".formatted(name, allowed), e);
              }
            });
  }

  /** The filter of {@code service}, {@code operation} and {@code minSeverity}. */
  AnomalyFilter filter() {
    return AnomalyFilter.ALL
        .service(text("service").orElse(null))
        .operation(text("operation").orElse(null))
        .minSeverity(minSeverity().orElse(null));
  }

  /** A filter narrowed to the times that are given. */
  static AnomalyFilter between(
      AnomalyFilter filter, Optional<Instant> from, Optional<Instant> until) {
    if (from.isPresent() && until.isPresent() && !from.get().isBefore(until.get())) {
      throw bad("the parameter from must be before until");
    }
    return filter
        .from(from.map(EpochNanos::of).orElse(null))
        .until(until.map(EpochNanos::of).orElse(null));
  }

  static HttpException bad(String detail) {
    return new HttpException(400, detail);
  }

  /** A client's text for a message: short, in one line. */
  static String printable(String text) {
    String shown = text.length() <= 64 ? text : text.substring(0, 64) + "...";
    return shown.replaceAll("\\p{C}", "?");
  }

  private static String memberOf(List<String> words, String text) {
    if (!words.contains(text)) {
      throw new IllegalArgumentException("no such word");
    }
    return text;
  }
}
