package io.krystaline.engine.release;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The versions of one service: the established one, which the others are compared with, those on
 * trial, and those that are only remembered. Owned by one thread.
 *
 * <p>The first version that is seen is established. Another one becomes it when its own trial is
 * over and the established one is gone. A version that comes back (a rollback) is not tried again,
 * unless it was gone and was never found to be good.
 */
final class ServiceReleases {
  private static final long NEVER = Long.MIN_VALUE / 2;

  final int service;
  private final CourtSettings settings;
  private final CourtTimes times;
  private final List<TrackedVersion> versions = new ArrayList<>();
  private @Nullable TrackedVersion established;
  private long minute = NEVER;
  private boolean alarmedInMinute;
  private boolean alarmedBefore;
  private long marked = NEVER;

  ServiceReleases(int service, CourtSettings settings, CourtTimes times) {
    this.service = service;
    this.settings = settings;
    this.times = times;
  }

  List<TrackedVersion> versions() {
    return versions;
  }

  /** The version of a release, which may have been remembered under another number. */
  TrackedVersion meet(Release release, long tick, boolean training) {
    for (TrackedVersion version : versions) {
      if (version.release.version().equals(release.version())) {
        version.release = release;
        return version;
      }
    }
    return add(release, tick, training);
  }

  private TrackedVersion add(Release release, long tick, boolean training) {
    if (versions.size() >= ReleaseDirectory.VERSIONS_MAX) {
      versions.stream()
          .filter(version -> version != established)
          .min(Comparator.comparingLong(version -> version.lastTick))
          .ifPresent(versions::remove);
    }
    TrackedVersion version = new TrackedVersion(release, service, tick);
    versions.add(version);
    TrackedVersion first = established;
    if (first == null) {
      establish(version);
    } else if (compare(version) && !training) {
      beginTrial(version, first, tick);
    }
    return version;
  }

  /** Gives a version a tally where there is room for one more. */
  private boolean compare(TrackedVersion version) {
    long compared = versions.stream().filter(other -> other.tally != null).count();
    if (compared >= settings.versionsAtOnce()) {
      return false;
    }
    version.tally = new VersionTally(settings.operationsMax());
    version.old = established == null ? version.tally : established.tally;
    return true;
  }

  private static void beginTrial(TrackedVersion version, TrackedVersion before, long tick) {
    VersionTally own = version.tally;
    VersionTally old = before.tally;
    if (own != null && old != null) {
      own.restart();
      version.trial = new Trial(before.release, old, own, tick);
      version.previousVersion = before.release.version();
      version.verdict = Verdict.UNDECIDED;
      version.sinceTick = tick;
      version.reasons = List.of();
    }
  }

  private void establish(TrackedVersion version) {
    if (version.tally == null) {
      version.tally = new VersionTally(settings.operationsMax());
    }
    VersionTally tally = version.tally;
    tally.restart();
    tally.mark(settings.margin().toNanos(), settings.marginFactor());
    version.wasEstablished = true;
    version.trial = null;
    established = version;
    versions.forEach(other -> other.old = tally);
  }

  /** The trials that are to be judged with this tick. */
  List<TrackedVersion> onTrial(long tick) {
    List<TrackedVersion> due = new ArrayList<>();
    if (!times.isTurn(tick)) {
      return due;
    }
    for (TrackedVersion version : versions) {
      Trial trial = version.trial;
      if (trial != null
          && (!trial.over || trial.alarmed)
          && tick - trial.firstTick > times.warmUpTicks()) {
        due.add(version);
      }
    }
    return due;
  }

  /** Ends the tick, after its trials were judged. */
  void closeTick(long tick, boolean alarmed, boolean training) {
    boolean showed = versions.stream().anyMatch(TrackedVersion::showedInTick);
    alarmedInMinute |= alarmed;
    for (TrackedVersion version : versions) {
      if (version.tally != null && times.isTurn(tick)) {
        version.tally.sumTick();
        version.tally.closeTick();
      }
      boolean returned = version.showedInTick() && version.absentTicks > times.goneTicks();
      version.closeTick(tick, showed);
      if (returned && !training) {
        comeBack(version, tick);
      }
    }
    if (!showed) {
      return;
    }
    closeMinute(tick);
    giveUp();
    succeed(tick);
    leave();
  }

  private void closeMinute(long tick) {
    long now = Math.floorDiv(tick + 1, times.minuteTicks());
    if (now == minute) {
      return;
    }
    minute = now;
    boolean learn = !alarmedInMinute && !alarmedBefore;
    alarmedBefore = alarmedInMinute;
    alarmedInMinute = false;
    for (TrackedVersion version : versions) {
      if (version.tally != null) {
        version.tally.closeMinute(learn, times.decayPerMinute());
      }
    }
    if (established != null && established.tally != null && now - marked >= times.markMinutes()) {
      marked = now;
      established.tally.mark(settings.margin().toNanos(), settings.marginFactor());
    }
  }

  /** A version that was gone and never found to be good is tried again. */
  private void comeBack(TrackedVersion version, long tick) {
    boolean good = version.wasEstablished || version.verdict == Verdict.NO_DIFFERENCE_FOUND;
    if (!good && established != null && (version.tally != null || compare(version))) {
      beginTrial(version, established, tick);
    }
  }

  /** Ends trials of versions that are gone, or whose old version is, for long enough. */
  private void giveUp() {
    boolean stale = established != null && established.absentTicks > times.sessionTicks();
    for (TrackedVersion version : versions) {
      Trial trial = version.trial;
      if (trial != null && (stale || version.absentTicks > times.goneTicks())) {
        trial.over = true;
      }
    }
  }

  /** Where the established version is gone, the one with the most spans takes its place. */
  private void succeed(long tick) {
    if (established == null || established.absentTicks <= times.goneTicks()) {
      return;
    }
    Optional<TrackedVersion> next =
        versions.stream()
            .filter(version -> version.absentTicks <= times.goneTicks())
            .max(
                Comparator.comparingInt(ServiceReleases::standing)
                    .thenComparingLong(version -> version.spans)
                    .thenComparing(version -> version.release.version()));
    if (next.isPresent() && standing(next.get()) > 0) {
      establish(next.get());
      for (TrackedVersion version : versions) {
        if (version.trial != null && !version.trial.over) {
          beginTrial(version, next.get(), tick);
        }
      }
    }
  }

  /** Versions under trial wait for its end; those with a tally come before those without. */
  private static int standing(TrackedVersion version) {
    Trial trial = version.trial;
    if (trial != null && (!trial.over || trial.alarmed)) {
      return 0;
    }
    return version.tally == null ? 1 : 2;
  }

  /** Frees what versions hold that are gone, and forgets those that the directory forgot. */
  private void leave() {
    for (TrackedVersion version : versions) {
      Trial trial = version.trial;
      boolean open = trial != null && (!trial.over || trial.alarmed);
      if (version != established && !open && version.absentTicks > times.goneTicks()) {
        version.tally = null;
        version.trial = null;
      }
    }
    versions.removeIf(version -> version != established && !version.release.isKnown());
  }

  /** Forgets what is under way: the stream has ended. */
  void endStream() {
    versions.forEach(TrackedVersion::endStream);
    minute = NEVER;
    marked = NEVER;
    alarmedInMinute = false;
    alarmedBefore = false;
    if (established != null && established.tally != null) {
      established.tally.mark(settings.margin().toNanos(), settings.marginFactor());
    }
  }
}
