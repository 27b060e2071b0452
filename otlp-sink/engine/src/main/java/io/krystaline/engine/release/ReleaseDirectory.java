package io.krystaline.engine.release;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The releases that were met, by service and version, within limits: of a service the 64 that were
 * seen last, and 16,384 in all. A flood of versions (one for each pod or build) replaces the least
 * recent ones and no more. Thread-safe; scoring threads come here only for what their {@link
 * ReleaseTable} does not know.
 */
public final class ReleaseDirectory {
  /** Releases of one service. */
  public static final int VERSIONS_MAX = 64;

  static final int RELEASES_MAX = 16_384;
  static final int NUMBER_MAX = 65_535;

  private final Map<String, Map<String, Release>> services = new HashMap<>();
  private final Map<Integer, Release> byNumber = new ConcurrentHashMap<>();
  private final AtomicLong replaced = new AtomicLong();
  private final AtomicLong refused = new AtomicLong();
  private int lastNumber;

  /** An empty directory. */
  public ReleaseDirectory() {}

  /**
   * The release of this name, made on first sight.
   *
   * @param nanos when it was seen, nanoseconds since the epoch
   * @return one of the number {@link Release#NONE} where there is no room
   */
  synchronized Release find(String service, String version, long nanos) {
    Map<String, Release> versions = services.get(service);
    Release known = versions == null ? null : versions.get(version);
    if (known != null) {
      known.seen(nanos);
      return known;
    }
    if (versions != null && versions.size() >= VERSIONS_MAX) {
      forgetOldest(versions);
    }
    if (byNumber.size() >= RELEASES_MAX) {
      refused.incrementAndGet();
      return new Release(Release.NONE, service, version, nanos);
    }
    Release release = new Release(nextNumber(), service, version, nanos);
    services.computeIfAbsent(service, name -> new HashMap<>()).put(version, release);
    byNumber.put(release.number(), release);
    return release;
  }

  /** The release of a number, null for {@link Release#NONE} and for one that was replaced. */
  public @Nullable Release release(int number) {
    return byNumber.get(number);
  }

  /** How many releases are held. */
  public int size() {
    return byNumber.size();
  }

  /** How many releases made room for others of their service, ever. */
  public long replaced() {
    return replaced.get();
  }

  /** How often a release was not taken in, as there are too many. */
  public long refused() {
    return refused.get();
  }

  private void forgetOldest(Map<String, Release> versions) {
    Release oldest = null;
    for (Release release : versions.values()) {
      if (oldest == null || isBefore(release, oldest)) {
        oldest = release;
      }
    }
    if (oldest != null) {
      versions.remove(oldest.version());
      byNumber.remove(oldest.number());
      oldest.forget();
      replaced.incrementAndGet();
    }
  }

  private static boolean isBefore(Release one, Release other) {
    int by = Long.compare(one.seenNanos(), other.seenNanos());
    return by < 0 || (by == 0 && one.version().compareTo(other.version()) < 0);
  }

  private int nextNumber() {
    do {
      lastNumber = lastNumber == NUMBER_MAX ? 1 : lastNumber + 1;
    } while (byNumber.containsKey(lastNumber));
    return lastNumber;
  }
}
