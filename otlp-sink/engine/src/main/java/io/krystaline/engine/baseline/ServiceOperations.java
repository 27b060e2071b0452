package io.krystaline.engine.baseline;

import io.krystaline.engine.span.OperationKey;
import io.krystaline.engine.span.SpanKind;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * The operations of one service, up to a limit. Beyond it, or where the limit of all operations is
 * reached, every new name is the service's {@code other} operation, of kind {@code UNSPECIFIED}.
 * Thread-safe.
 */
public final class ServiceOperations {
  private final String name;
  private final OperationDirectory directory;
  private final Map<OperationKey, Operation> operations = new ConcurrentHashMap<>();
  private final LongAdder overflowSpans = new LongAdder();
  private final Operation other;
  private volatile boolean full;

  ServiceOperations(String name, OperationDirectory directory) {
    this.name = name;
    this.directory = directory;
    OperationKey key = new OperationKey(name, OperationDirectory.OTHER, SpanKind.UNSPECIFIED);
    this.other = directory.register(key);
  }

  /** The service's name. */
  public String name() {
    return name;
  }

  /**
   * The operation of a name and kind, made on first sight; {@link #other} where there is no room.
   */
  public Operation operation(String operationName, SpanKind kind) {
    OperationKey key = new OperationKey(name, directory.shorten(operationName), kind);
    Operation known = find(key);
    return known != null ? known : create(key);
  }

  @Nullable Operation find(OperationKey key) {
    return key.equals(other.key()) ? other : operations.get(key);
  }

  private Operation create(OperationKey key) {
    synchronized (directory) {
      Operation known = operations.get(key);
      if (known != null) {
        return known;
      }
      if (isFull()) {
        return other;
      }
      Operation created = directory.register(key);
      operations.put(key, created);
      full = operations.size() >= directory.limits().operationsPerService();
      return created;
    }
  }

  /** The operation that stands for all names beyond the limit. */
  public Operation other() {
    return other;
  }

  /** Whether no new name gets an operation of its own any more. Never turns back. */
  public boolean isFull() {
    return full || directory.isFull();
  }

  /** All operations but {@link #other}, in no order. Complete once {@link #isFull}. */
  public Collection<Operation> operations() {
    return List.copyOf(operations.values());
  }

  /** Notes a span that was taken as {@link #other} for want of room. */
  public void countOverflow() {
    overflowSpans.increment();
  }

  /** How many spans were taken as {@link #other} for want of room. */
  public long overflowSpans() {
    return overflowSpans.sum();
  }

  @Override
  public String toString() {
    return name + "[" + operations.size() + " operations]";
  }
}
