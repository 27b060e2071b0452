package io.krystaline.engine.score;

import io.krystaline.engine.baseline.OperationDirectory;
import io.krystaline.engine.baseline.ServiceOperations;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The services that one scoring thread knows, found by the bytes of their names and numbered from 0
 * in the order of their first sight. Number 0 is the service {@code other}. Bounded by the limits
 * of the directory: a service beyond them is not remembered. Owned by one thread.
 */
final class ServiceTable {
  /** The number of the service that stands for those beyond the limit. */
  static final int OTHER = 0;

  /** Instead of a number: a service beyond the limit, to be taken as {@link #OTHER}. */
  static final int OVERFLOW = -1;

  private static final byte[] UNKNOWN =
      OperationDirectory.UNKNOWN_SERVICE.getBytes(StandardCharsets.UTF_8);

  private final OperationDirectory directory;
  private ServiceOperations[] services = new ServiceOperations[16];
  private byte[][] names = new byte[16][];
  private long[] hashes = new long[16];
  private int[] slots = new int[32];
  private int size;
  private boolean completed;

  ServiceTable(OperationDirectory directory) {
    this.directory = directory;
    add(directory.otherService());
  }

  /**
   * The number of the service with this name, or {@link #OVERFLOW}; a length of -1 means that there
   * is no name.
   */
  int number(byte[] bytes, int offset, int length) {
    if (length < 0) {
      return number(UNKNOWN, 0, UNKNOWN.length);
    }
    int kept =
        OperationDirectory.shortenedLength(
            bytes, offset, length, directory.limits().nameBytesMax());
    int known = find(hash(bytes, offset, kept), bytes, offset, kept);
    return known >= 0 ? known : meet(bytes, offset, kept);
  }

  ServiceOperations service(int number) {
    return services[number];
  }

  /** The seed of the hashes of the service's operations. */
  long seed(int number) {
    return hashes[number];
  }

  int size() {
    return size;
  }

  private int meet(byte[] bytes, int offset, int length) {
    if (directory.servicesFull()) {
      if (completed) {
        return OVERFLOW;
      }
      complete();
      int known = find(hash(bytes, offset, length), bytes, offset, length);
      return known >= 0 ? known : OVERFLOW;
    }
    ServiceOperations service =
        directory.service(new String(bytes, offset, length, StandardCharsets.UTF_8));
    return service == directory.otherService() ? OVERFLOW : add(service);
  }

  /** Learns all services once there will be no more, so that an unknown one needs no look-up. */
  private void complete() {
    completed = true;
    for (ServiceOperations service : directory.services()) {
      byte[] name = service.name().getBytes(StandardCharsets.UTF_8);
      if (find(hash(name, 0, name.length), name, 0, name.length) < 0) {
        add(service);
      }
    }
  }

  private long hash(byte[] bytes, int offset, int length) {
    return NameHash.hash(directory.hashSeed(), bytes, offset, length);
  }

  private int find(long hash, byte[] bytes, int offset, int length) {
    int mask = slots.length - 1;
    for (int slot = (int) hash & mask; slots[slot] != 0; slot = (slot + 1) & mask) {
      int number = slots[slot] - 1;
      byte[] name = names[number];
      if (hashes[number] == hash
          && name.length == length
          && NameHash.same(name, 0, bytes, offset, length)) {
        return number;
      }
    }
    return -1;
  }

  private int add(ServiceOperations service) {
    if (size == services.length) {
      grow();
    }
    byte[] name = service.name().getBytes(StandardCharsets.UTF_8);
    services[size] = service;
    names[size] = name;
    hashes[size] = hash(name, 0, name.length);
    place(size);
    return size++;
  }

  private void grow() {
    int capacity = size * 2;
    services = Arrays.copyOf(services, capacity);
    names = Arrays.copyOf(names, capacity);
    hashes = Arrays.copyOf(hashes, capacity);
    slots = new int[capacity * 2];
    for (int number = 0; number < size; number++) {
      place(number);
    }
  }

  private void place(int number) {
    int mask = slots.length - 1;
    int slot = (int) hashes[number] & mask;
    while (slots[slot] != 0) {
      slot = (slot + 1) & mask;
    }
    slots[slot] = number + 1;
  }
}
