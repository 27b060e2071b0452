package io.krystaline.sink.recalculate;

import io.krystaline.engine.baseline.Baseline;
import io.krystaline.engine.baseline.HourStatistics;
import io.krystaline.engine.baseline.Operation;
import io.krystaline.engine.baseline.OperationDirectory;
import io.krystaline.engine.span.OperationKey;
import org.jspecify.annotations.Nullable;

/** Gives a stored operation its baseline, where the directory has room for it. */
final class Installer {
  private Installer() {}

  /**
   * Installs.
   *
   * @param history what the baseline was made of, if known
   * @return false where the directory is full and the operation is part of {@code other}
   */
  static boolean install(
      OperationDirectory directory,
      OperationKey key,
      Baseline baseline,
      @Nullable HourStatistics history) {
    Operation operation = directory.operation(key);
    if (!operation.key().equals(key)) {
      return false;
    }
    if (history == null) {
      operation.install(baseline);
    } else {
      operation.install(baseline, history);
    }
    return true;
  }
}
