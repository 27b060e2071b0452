package io.krystaline.engine.score;

import io.krystaline.engine.baseline.Operation;
import io.krystaline.engine.baseline.OperationDirectory;
import io.krystaline.engine.baseline.ServiceOperations;
import io.krystaline.engine.span.SpanBatch;
import io.krystaline.engine.span.SpanKind;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Finds the cell of a span's operation by its service, kind and the bytes of its name. What is new
 * becomes known to the directory, or is counted as over its limits and is the service's other
 * operation. Owned by one thread.
 */
final class OperationFinder {
  private final OperationDirectory directory;
  private final OperationTable table;
  private final ServiceTable services;
  private final int nameBytesMax;

  /** By the resource's index in the batch: the number of its service. */
  private int[] serviceOfResource = new int[16];

  /** By the service's number: the cell of its other operation once it is full, else -1. */
  private int[] otherCells = new int[0];

  /**
   * A finder of what is in a table.
   *
   * @param table gets a cell for each operation that is met
   */
  OperationFinder(OperationDirectory directory, OperationTable table) {
    this.directory = directory;
    this.table = table;
    this.services = new ServiceTable(directory);
    this.nameBytesMax = directory.limits().nameBytesMax();
  }

  /** Finds the services of a batch, before its spans' operations are asked for. */
  void begin(SpanBatch batch) {
    int resources = batch.resourceCount();
    if (resources > serviceOfResource.length) {
      serviceOfResource = new int[Math.max(resources, serviceOfResource.length * 2)];
    }
    for (int i = 0; i < resources; i++) {
      serviceOfResource[i] =
          services.number(batch.bytes(), batch.serviceOffset(i), batch.serviceLength(i));
    }
  }

  /** The position of the cell of a span's operation. */
  int find(SpanBatch batch, int row) {
    byte[] bytes = batch.bytes();
    int offset = batch.nameOffset(row);
    int length = batch.nameLength(row);
    if (length > nameBytesMax) {
      length = OperationDirectory.shortenedLength(bytes, offset, length, nameBytesMax);
    }
    int service = serviceOfResource[batch.resource(row)];
    if (service == ServiceTable.OVERFLOW) {
      service = ServiceTable.OTHER;
      directory.otherService().countOverflow();
    }
    int kind = batch.kind(row);
    long seed = services.seed(service) + kind;
    int identity = OperationTable.identity(service, kind, length);
    int cell = table.find(seed, identity, bytes, offset, length);
    return cell >= 0 ? cell : meet(service, kind, seed, identity, bytes, offset, length);
  }

  /** The cell of a name that this thread has not met, or has no room for. */
  private int meet(
      int service, int kind, long seed, int identity, byte[] bytes, int offset, int length) {
    ServiceOperations operations = services.service(service);
    if (operations.isFull()) {
      int other = otherCell(service);
      int known = table.find(seed, identity, bytes, offset, length);
      if (known < 0 && service != ServiceTable.OTHER) {
        operations.countOverflow();
      }
      return known < 0 ? other : known;
    }
    String name = new String(bytes, offset, length, StandardCharsets.UTF_8);
    Operation operation = operations.operation(name, SpanKind.fromWire(kind));
    boolean overflow = operation == operations.other() && !name.equals(OperationDirectory.OTHER);
    return overflow
        ? meet(service, kind, seed, identity, bytes, offset, length)
        : table.add(seed, identity, bytes, offset, length, operation);
  }

  /**
   * The cell of a full service's other operation. The first time, all operations of the service are
   * learned, so that a name that is not found needs no look-up from then on.
   */
  private int otherCell(int service) {
    if (service >= otherCells.length) {
      int[] grown = new int[Math.max(16, service * 2)];
      Arrays.fill(grown, -1);
      System.arraycopy(otherCells, 0, grown, 0, otherCells.length);
      otherCells = grown;
    }
    if (otherCells[service] < 0) {
      ServiceOperations operations = services.service(service);
      operations.operations().forEach(operation -> cellOf(service, operation));
      otherCells[service] = cellOf(service, operations.other());
    }
    return otherCells[service];
  }

  private int cellOf(int service, Operation operation) {
    byte[] name = operation.key().operation().getBytes(StandardCharsets.UTF_8);
    int kind = operation.key().kind().ordinal();
    long seed = services.seed(service) + kind;
    int identity = OperationTable.identity(service, kind, name.length);
    int known = table.find(seed, identity, name, 0, name.length);
    return known >= 0 ? known : table.add(seed, identity, name, 0, name.length, operation);
  }
}
