package io.krystaline.sink.peers;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;

/**
 * The open recording of a real system, its times moved by whole weeks so that it ends within the
 * week before a given moment: hours of the week stay what they were.
 *
 * @param documents OTLP/JSON, one export request each
 * @param spans how many spans they hold together
 */
record Recording(List<String> documents, long spans) {
  private static final String FILE = "data/online-boutique-2022-08-22/recording.otlp.jsonl.gz";
  private static final Pattern TIME = Pattern.compile("\"(start|end)TimeUnixNano\":\"(\\d+)\"");
  private static final long WEEK_NANOS = Duration.ofDays(7).toNanos();

  Recording {
    documents = List.copyOf(documents);
  }

  /** Reads the whole recording; skips the test where the data is not there. */
  static Recording before(Instant moment) {
    List<String> original = lines(Repository.shared(FILE));
    long[] latest = {0};
    long[] spans = {0};
    original.forEach(
        line ->
            times(
                line,
                times -> {
                  latest[0] = Math.max(latest[0], Long.parseLong(times.group(2)));
                  spans[0] += times.group(1).equals("end") ? 1 : 0;
                }));
    long momentNanos =
        Math.addExact(
            Math.multiplyExact(moment.getEpochSecond(), 1_000_000_000L), moment.getNano());
    long shiftNanos = Math.floorDiv(momentNanos - latest[0], WEEK_NANOS) * WEEK_NANOS;
    return new Recording(
        original.stream().map(line -> shifted(line, shiftNanos)).toList(), spans[0]);
  }

  private static List<String> lines(Path file) {
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(
                new GZIPInputStream(Files.newInputStream(file)), StandardCharsets.UTF_8))) {
      return reader.lines().toList();
    } catch (IOException e) {
      throw new UncheckedIOException("unreadable: " + file, e);
    }
  }

  private static void times(String line, Consumer<Matcher> visitor) {
    Matcher matcher = TIME.matcher(line);
    while (matcher.find()) {
      visitor.accept(matcher);
    }
  }

  private static String shifted(String line, long shiftNanos) {
    return TIME.matcher(line)
        .replaceAll(
            match ->
                "\"%sTimeUnixNano\":\"%d\""
                    .formatted(
                        match.group(1), Math.addExact(Long.parseLong(match.group(2)), shiftNanos)));
  }
}
