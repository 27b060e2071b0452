package io.krystaline.sink.traffic;

import java.util.List;

/**
 * Releases that change nothing: each service gets a new version about every two days, at an hour of
 * its own. A function of the time.
 */
final class Deploys {
  private static final long HOUR = 3_600 * Season.SECOND;
  private static final long PERIOD = 48 * HOUR;
  private static final long MINUTE = 60 * Season.SECOND;

  private final List<String> services;
  private final long[] offset;
  private final long[] installed;
  private long checkedMinute = Long.MIN_VALUE;

  Deploys(long seed, List<String> services) {
    this.services = services;
    this.offset = new long[services.size()];
    this.installed = new long[services.size()];
    for (int i = 0; i < offset.length; i++) {
      offset[i] = (long) (Hashing.unit(Hashing.mix(seed, 5, i)) * PERIOD);
      installed[i] = Long.MIN_VALUE;
    }
  }

  /** Installs what is due by then: at most once a minute of event time. */
  void advance(long nanos, OutgoingSpans out) {
    long minute = Math.floorDiv(nanos, MINUTE);
    if (minute == checkedMinute) {
      return;
    }
    checkedMinute = minute;
    for (int i = 0; i < installed.length; i++) {
      long due = Math.floorDiv(nanos + offset[i], PERIOD);
      if (due != installed[i]) {
        installed[i] = due;
        out.replaceResource(i, resource(services.get(i), "1." + due + ".0"));
      }
    }
  }

  /** The resource of a service in a version, encoded. */
  static byte[] resource(String service, String version) {
    ProtobufWriter out = new ProtobufWriter(256);
    SpanFields.attribute(out, 1, "service.name", service);
    SpanFields.attribute(out, 1, "service.version", version);
    SpanFields.attribute(out, 1, "deployment.environment.name", "selftest");
    SpanFields.attribute(out, 1, "telemetry.sdk.language", "java");
    return out.copy();
  }
}
