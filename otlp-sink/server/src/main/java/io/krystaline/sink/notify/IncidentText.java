package io.krystaline.sink.notify;

import io.krystaline.sink.store.NotificationChange;
import io.krystaline.sink.view.IncidentView;
import io.krystaline.sink.view.IncidentView.SuspectView;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.StringJoiner;

/** Incidents in plain words, one meaning for all channels. Text comes as it is: not escaped. */
final class IncidentText {
  private static final int LINES_MAX = 5;

  private IncidentText() {}

  /** One line, such as {@code [P0 SEV1] opened: payment is slow}; without control characters. */
  static String line(Notice notice) {
    IncidentView incident = notice.incident();
    return clean(
        "[%s SEV%d] %s: %s"
            .formatted(
                incident.priority(), incident.severity(), word(notice.change()), incident.title()),
        300);
  }

  /** One line for all incidents of a message. */
  static String summary(Message message) {
    if (message.notices().size() == 1) {
      return line(message.first());
    }
    long resolved =
        message.notices().stream()
            .filter(notice -> notice.change() == NotificationChange.RESOLVED)
            .count();
    String count =
        "%d incidents%s"
            .formatted(
                message.notices().size(), resolved == 0 ? "" : " (" + resolved + " resolved)");
    return clean(count + ", the first: " + line(message.first()), 400);
  }

  /** What a person wants to know, a fact a line. */
  static List<String> facts(Notice notice) {
    IncidentView incident = notice.incident();
    StringJoiner suspects = new StringJoiner(", ");
    incident.suspects().stream().limit(3).forEach(suspect -> suspects.add(suspect(suspect)));
    StringJoiner lines = new StringJoiner("\n");
    lines.add("Use case: " + clean(incident.useCase(), 200));
    if (suspects.length() > 0) {
      lines.add("Suspects: " + clean(suspects.toString(), 600));
    }
    lines.add("Services: " + clean(joined(incident.services(), 10), 600));
    lines.add("Since: " + seconds(incident.onset()) + ends(incident));
    incident.evidence().stream()
        .limit(LINES_MAX)
        .forEach(
            evidence ->
                lines.add(clean("Evidence: " + evidence.service() + ": " + evidence.text(), 400)));
    incident.attributes().stream()
        .limit(3)
        .forEach(
            attribute ->
                lines.add(
                    clean(
                        "In common: %s=%s (%d of %d, else %d of %d)"
                            .formatted(
                                attribute.attribute(),
                                attribute.value(),
                                attribute.anomalous(),
                                attribute.anomalousOf(),
                                attribute.normal(),
                                attribute.normalOf()),
                        300)));
    incident.errors().stream()
        .limit(3)
        .forEach(
            error ->
                lines.add(
                    clean(
                        "Error: %s: %s: %s (%d)"
                            .formatted(
                                error.service(), error.type(), error.message(), error.count()),
                        400)));
    if (!incident.sampleTraceIds().isEmpty()) {
      lines.add("Traces: " + joined(incident.sampleTraceIds(), LINES_MAX));
    }
    return lines.toString().lines().toList();
  }

  /** {@code opened}, {@code worsened}, {@code reopened} or {@code resolved}. */
  static String word(NotificationChange change) {
    return change.name().toLowerCase(Locale.ROOT);
  }

  /** The service that is blamed first, else the first that is concerned. */
  static String service(IncidentView incident) {
    if (!incident.suspects().isEmpty()) {
      return incident.suspects().getFirst().service();
    }
    return incident.services().isEmpty() ? "unknown" : incident.services().getFirst();
  }

  /** One line of so many characters at most; control characters become blanks. */
  static String clean(String text, int max) {
    StringBuilder clean = new StringBuilder(Math.min(text.length(), max));
    text.codePoints()
        .limit(max + 1L)
        .map(point -> isControl(point) ? ' ' : point)
        .forEach(clean::appendCodePoint);
    return clean.codePointCount(0, clean.length()) <= max
        ? clean.toString()
        : clean.substring(0, clean.offsetByCodePoints(0, max - 1)) + "…";
  }

  private static boolean isControl(int point) {
    return Character.isISOControl(point)
        || point == 0x2028
        || point == 0x2029
        || (point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE);
  }

  private static String suspect(SuspectView suspect) {
    String operation = suspect.operation() == null ? "" : " " + suspect.operation();
    String caller = suspect.caller() == null ? "" : " called by " + suspect.caller();
    return "%s%s%s (%d %%)"
        .formatted(suspect.service(), operation, caller, Math.round(suspect.share() * 100));
  }

  private static String joined(List<String> texts, int max) {
    String shown = String.join(", ", texts.subList(0, Math.min(max, texts.size())));
    return texts.size() > max ? shown + " and " + (texts.size() - max) + " more" : shown;
  }

  private static String ends(IncidentView incident) {
    Instant end = incident.end();
    if (end == null) {
      return "";
    }
    Duration lasted = Duration.between(incident.onset(), end).truncatedTo(ChronoUnit.SECONDS);
    return ", ended " + seconds(end) + " after " + words(lasted);
  }

  private static String words(Duration duration) {
    long seconds = Math.max(0, duration.toSeconds());
    return seconds < 120
        ? seconds + " s"
        : seconds < 7_200
            ? seconds / 60 + " min"
            : seconds / 3_600 + " h " + seconds % 3_600 / 60 + " min";
  }

  private static String seconds(Instant time) {
    return time.truncatedTo(ChronoUnit.SECONDS).toString();
  }
}
