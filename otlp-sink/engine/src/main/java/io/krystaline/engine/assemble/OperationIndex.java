package io.krystaline.engine.assemble;

import io.krystaline.engine.baseline.Operation;
import io.krystaline.engine.span.OperationKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The operations and services that were met, by small numbers. An operation's number is its {@link
 * Operation#index()}; a service's is its turn of being met, from 0. Owned by one thread.
 */
public final class OperationIndex {
  private final Map<String, Integer> services = new HashMap<>();
  private final List<String> serviceNames = new ArrayList<>();
  private int[] serviceOf = new int[256];
  private @Nullable OperationKey[] keys = new OperationKey[256];

  /** An empty index. */
  public OperationIndex() {}

  /** The number of an operation, which is known from then on. */
  public int register(Operation operation) {
    int index = operation.index();
    if (index >= keys.length) {
      int size = Math.max(index + 1, keys.length * 2);
      keys = Arrays.copyOf(keys, size);
      serviceOf = Arrays.copyOf(serviceOf, size);
    }
    if (keys[index] == null) {
      keys[index] = operation.key();
      serviceOf[index] = service(operation.key().service());
    }
    return index;
  }

  /** The service of a registered operation. */
  public int serviceOf(int operation) {
    return serviceOf[operation];
  }

  /**
   * The name of a registered operation.
   *
   * @throws IllegalArgumentException if it was not registered
   */
  public OperationKey key(int operation) {
    OperationKey key = operation < keys.length ? keys[operation] : null;
    if (key == null) {
      throw new IllegalArgumentException("operation " + operation + " is not registered");
    }
    return key;
  }

  /** The number of a service, given on first sight. */
  public int service(String name) {
    Integer known = services.get(name);
    if (known != null) {
      return known;
    }
    services.put(name, serviceNames.size());
    serviceNames.add(name);
    return serviceNames.size() - 1;
  }

  /** The name of a service. */
  public String serviceName(int service) {
    return serviceNames.get(service);
  }

  /** How many services were met. */
  public int services() {
    return serviceNames.size();
  }
}
