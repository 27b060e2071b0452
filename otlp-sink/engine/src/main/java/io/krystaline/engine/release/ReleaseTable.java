package io.krystaline.engine.release;

import io.krystaline.engine.baseline.OperationDirectory;
import io.krystaline.engine.span.SpanBatch;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Finds the releases of a batch's resources by the bytes of their names: once a resource, without
 * an allocation for those met before. A cache of 4,096 places over a shared {@link
 * ReleaseDirectory}. Owned by one thread.
 */
public final class ReleaseTable {
  private static final int PLACES = 4_096;
  private static final int WAYS = 4;
  private static final int NAME_BYTES_MAX = 256;
  private static final long STEP = 0x9E3779B97F4A7C15L;

  private final ReleaseDirectory directory;
  private final @Nullable Entry[] places = new Entry[PLACES];
  private int[] numbers = new int[16];
  private int turn;

  /** A release by the bytes of its names. */
  private static final class Entry {
    final long hash;
    final byte[] service;
    final byte[] version;
    final Release release;

    Entry(long hash, byte[] service, byte[] version, Release release) {
      this.hash = hash;
      this.service = service;
      this.version = version;
      this.release = release;
    }
  }

  /** A table that has met nothing. */
  public ReleaseTable(ReleaseDirectory directory) {
    this.directory = directory;
  }

  /** Looks at the resources of a batch; {@link #number} is valid until the next one. */
  public void resolve(SpanBatch batch) {
    int resources = batch.resourceCount();
    if (resources > numbers.length) {
      numbers = new int[Math.max(resources, numbers.length * 2)];
    }
    int spans = batch.spanCount();
    long seenNanos = spans == 0 ? 0 : batch.endNanos(spans - 1);
    for (int i = 0; i < resources; i++) {
      boolean named = batch.serviceLength(i) > 0 && batch.versionLength(i) > 0;
      numbers[i] = named ? find(batch, i, seenNanos) : Release.NONE;
    }
  }

  /** The number of a resource's release, {@link Release#NONE} where it has none. */
  public int number(int resource) {
    return numbers[resource];
  }

  private int find(SpanBatch batch, int resource, long seenNanos) {
    byte[] bytes = batch.bytes();
    int service = batch.serviceOffset(resource);
    int serviceLength = shortened(bytes, service, batch.serviceLength(resource));
    int version = batch.versionOffset(resource);
    int versionLength = shortened(bytes, version, batch.versionLength(resource));
    long hash = hash(hash(1, bytes, service, serviceLength), bytes, version, versionLength);
    int first = (int) (hash >>> 32) & (PLACES - WAYS);
    for (int place = first; place < first + WAYS; place++) {
      Entry entry = places[place];
      if (entry != null
          && entry.hash == hash
          && same(entry.service, bytes, service, serviceLength)
          && same(entry.version, bytes, version, versionLength)
          && entry.release.isKnown()) {
        entry.release.seen(seenNanos);
        return entry.release.number();
      }
    }
    byte[] serviceBytes = Arrays.copyOfRange(bytes, service, service + serviceLength);
    byte[] versionBytes = Arrays.copyOfRange(bytes, version, version + versionLength);
    Release release =
        directory.find(
            new String(serviceBytes, StandardCharsets.UTF_8),
            new String(versionBytes, StandardCharsets.UTF_8),
            seenNanos);
    places[placeFor(first)] = new Entry(hash, serviceBytes, versionBytes, release);
    return release.number();
  }

  /** A free place, one of a release that was replaced, or the next in turn. */
  private int placeFor(int first) {
    for (int place = first; place < first + WAYS; place++) {
      Entry entry = places[place];
      if (entry == null || !entry.release.isKnown()) {
        return place;
      }
    }
    turn = (turn + 1) % WAYS;
    return first + turn;
  }

  private static int shortened(byte[] bytes, int offset, int length) {
    return OperationDirectory.shortenedLength(bytes, offset, length, NAME_BYTES_MAX);
  }

  private static boolean same(byte[] name, byte[] bytes, int offset, int length) {
    return Arrays.equals(name, 0, name.length, bytes, offset, offset + length);
  }

  private static long hash(long seed, byte[] bytes, int offset, int length) {
    long hash = seed * STEP + length;
    for (int i = offset; i < offset + length; i++) {
      hash = (hash ^ bytes[i]) * STEP;
      hash ^= hash >>> 32;
    }
    return hash;
  }
}
