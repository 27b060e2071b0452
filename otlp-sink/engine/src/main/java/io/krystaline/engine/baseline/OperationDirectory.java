package io.krystaline.engine.baseline;

import io.krystaline.engine.span.OperationKey;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Every operation that this process knows, within limits: a flood of names ends in {@code other}
 * operations, counted and visible.
 *
 * <p>Beyond its limit a service's new names are its operation {@code other}; beyond the limit of
 * services a new service is the service {@code other}. Nothing is ever removed, so an {@link
 * Operation} stays the same object. Thread-safe; look-ups of known operations take no lock.
 */
public final class OperationDirectory {
  /** The name of the operation, and of the service, that takes what is beyond a limit. */
  public static final String OTHER = "other";

  /** The service of spans whose resource names none. */
  public static final String UNKNOWN_SERVICE = "unknown_service";

  private final BaselineSettings settings;
  private final DirectoryLimits limits;
  private final long hashSeed;
  private final Map<String, ServiceOperations> services = new ConcurrentHashMap<>();
  private final AtomicInteger generation = new AtomicInteger();
  private final PendingHours pendingHours;
  private final ServiceOperations other;
  private volatile boolean servicesFull;
  private volatile boolean full;

  // Guarded by this.
  private final List<Operation> operations = new ArrayList<>();

  /**
   * An empty directory.
   *
   * @param hashSeed a number that no sender can guess, so that none can choose names that collide
   *     in the tables of the scoring threads
   */
  public OperationDirectory(BaselineSettings settings, DirectoryLimits limits, long hashSeed) {
    this.settings = settings;
    this.limits = limits;
    this.hashSeed = hashSeed;
    this.pendingHours = new PendingHours(limits.pendingHours());
    this.other = new ServiceOperations(OTHER, this);
  }

  /** The service of a name, made on first sight; {@link #otherService} where there is no room. */
  public ServiceOperations service(String name) {
    String shortened = shorten(name);
    ServiceOperations known = services.get(shortened);
    if (known != null) {
      return known;
    }
    if (shortened.equals(OTHER)) {
      return other;
    }
    synchronized (this) {
      known = services.get(shortened);
      if (known == null) {
        if (servicesFull) {
          return other;
        }
        known = new ServiceOperations(shortened, this);
        services.put(shortened, known);
        servicesFull = services.size() >= limits.services();
      }
      return known;
    }
  }

  /** The operation of a key, made on first sight; an {@code other} where there is no room. */
  public Operation operation(OperationKey key) {
    return service(key.service()).operation(key.operation(), key.kind());
  }

  /** The operation of a key, if it is known. */
  public Optional<Operation> find(OperationKey key) {
    ServiceOperations service = key.service().equals(OTHER) ? other : services.get(key.service());
    return service == null ? Optional.empty() : Optional.ofNullable(service.find(key));
  }

  /** The service that stands for all services beyond the limit. */
  public ServiceOperations otherService() {
    return other;
  }

  /** All services but {@link #otherService}, in no order. Complete once {@link #servicesFull}. */
  public Collection<ServiceOperations> services() {
    return List.copyOf(services.values());
  }

  /** Whether no new service is taken in any more. Never turns back. */
  public boolean servicesFull() {
    return servicesFull;
  }

  /** Whether no service gets a new operation any more. Never turns back. */
  public boolean isFull() {
    return full;
  }

  /** All operations, the {@code other} ones among them, by index. */
  public synchronized List<Operation> operations() {
    return List.copyOf(operations);
  }

  /** How many operations there are, the {@code other} ones among them. */
  public synchronized int size() {
    return operations.size();
  }

  /** How many spans were taken as an {@code other} operation for want of room. */
  public long overflowSpans() {
    long total = other.overflowSpans();
    for (ServiceOperations service : services.values()) {
      total += service.overflowSpans();
    }
    return total;
  }

  /** How many hourly statistics wait for a checkpoint, over all operations. */
  public int pendingHours() {
    return pendingHours.waiting();
  }

  /**
   * How many spans were not kept for the store, because too many hourly statistics were waiting.
   * They were scored, and taught provisional baselines.
   */
  public long unstoredSpans() {
    return pendingHours.refusedSpans();
  }

  /** How many spans did not teach their operation, as it was withheld. */
  public long withheldSpans() {
    return pendingHours.withheldSpans();
  }

  /** Changes with each baseline that is installed; a scoring thread then looks again. */
  public int generation() {
    return generation.get();
  }

  /** The seed of the tables that find operations by the bytes of their names. */
  public long hashSeed() {
    return hashSeed;
  }

  /** How baselines are learned. */
  public BaselineSettings settings() {
    return settings;
  }

  /** How much is kept. */
  public DirectoryLimits limits() {
    return limits;
  }

  synchronized Operation register(OperationKey key) {
    Operation operation = new Operation(operations.size(), key, settings, generation, pendingHours);
    operations.add(operation);
    full = operations.size() >= limits.operations();
    return operation;
  }

  /** Cuts a name to the limit of bytes, at a character. */
  String shorten(String name) {
    if (name.length() * 3L <= limits.nameBytesMax()) {
      return name;
    }
    byte[] utf8 = name.getBytes(StandardCharsets.UTF_8);
    int length = shortenedLength(utf8, 0, utf8.length, limits.nameBytesMax());
    return length == utf8.length ? name : new String(utf8, 0, length, StandardCharsets.UTF_8);
  }

  /**
   * How many of the UTF-8 bytes of a name are told apart: all, or as many whole characters as fit
   * the limit.
   */
  public static int shortenedLength(byte[] utf8, int offset, int length, int bytesMax) {
    if (length <= bytesMax) {
      return length;
    }
    int cut = bytesMax;
    while (cut > 0 && (utf8[offset + cut] & 0xC0) == 0x80) {
      cut--;
    }
    return cut;
  }
}
