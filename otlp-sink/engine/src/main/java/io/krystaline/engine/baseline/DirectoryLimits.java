package io.krystaline.engine.baseline;

/**
 * How many operations are kept apart; the rest shares {@code other} operations.
 *
 * @param operationsPerService operations of one service; 2,000
 * @param services services; 500
 * @param operations operations of all services together; 50,000
 * @param nameBytesMax bytes of a service's or operation's name that are told apart, cut at a
 *     character; 512
 * @param pendingHours hourly statistics of all operations that wait for a checkpoint, about 2 KB
 *     each; beyond, spans of further hours are not kept for the store, and counted; 100,000
 */
public record DirectoryLimits(
    int operationsPerService, int services, int operations, int nameBytesMax, int pendingHours) {
  public DirectoryLimits {
    within("operationsPerService", operationsPerService, 1, 1_000_000);
    within("services", services, 1, 60_000);
    within("operations", operations, 1, 1_000_000);
    within("nameBytesMax", nameBytesMax, 16, 1_000);
    within("pendingHours", pendingHours, 1, 10_000_000);
  }

  /** These limits, and the default of pending hours. */
  public DirectoryLimits(int operationsPerService, int services, int operations, int nameBytesMax) {
    this(operationsPerService, services, operations, nameBytesMax, 100_000);
  }

  /** The defaults. */
  public static DirectoryLimits defaults() {
    return new DirectoryLimits(2_000, 500, 50_000, 512);
  }

  private static void within(String name, int value, int least, int most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          name + " is " + value + ", " + least + " to " + most + " is allowed");
    }
  }
}
