package io.krystaline.platform.db;

import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Maps what the driver and the pool throw to the two kinds of error that matter to a caller. */
final class DatabaseErrors {
  private static final Set<String> UNAVAILABLE =
      Set.of(
          "25006", // read-only: a standby before its promotion
          "25P03", // idle in transaction for too long
          "40001", // serialization failure, after the retries
          "40P01", // deadlock, after the retries
          "55P03", // lock not available in time
          "57014", // cancelled, which the statement timeout does
          "57P01", // shutdown by an administrator
          "57P02", // crash of another backend
          "57P03", // starting up or shutting down
          "57P05", // idle session timeout
          "58030"); // input or output error

  private DatabaseErrors() {}

  static DatabaseException map(String what, Throwable error) {
    SQLException sql = sqlException(error);
    if (sql == null) {
      return new DatabaseException(what + ": " + error.getMessage(), error);
    }
    String message = what + ": " + sql.getMessage();
    return isUnavailable(sql)
        ? new DatabaseUnavailableException(message, error)
        : new DatabaseException(message, error);
  }

  /** Whether the transaction lost against another and may be repeated at once. */
  static boolean isConflict(Throwable error) {
    SQLException sql = sqlException(error);
    return sql != null && ("40001".equals(sql.getSQLState()) || "40P01".equals(sql.getSQLState()));
  }

  static boolean isUnavailable(SQLException error) {
    if (error instanceof SQLTransientConnectionException) {
      return true; // the pool has no connection to give
    }
    String state = error.getSQLState();
    if (state == null) {
      String message = error.getMessage();
      return message != null && message.contains("has been closed"); // the pool after its end
    }
    return state.startsWith("08") || state.startsWith("53") || UNAVAILABLE.contains(state);
  }

  private static @Nullable SQLException sqlException(Throwable error) {
    Throwable cause = error;
    for (int depth = 0; cause != null && depth < 16; depth++) {
      if (cause instanceof SQLException sql) {
        return sql;
      }
      cause = cause.getCause();
    }
    return null;
  }
}
