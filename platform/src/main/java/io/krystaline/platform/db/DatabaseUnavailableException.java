package io.krystaline.platform.db;

/**
 * The database cannot do any work now: it cannot be reached, is starting or shutting down, has no
 * room left, or did not answer in time. What was asked may be repeated later; whether it took
 * effect is unknown.
 */
public final class DatabaseUnavailableException extends DatabaseException {
  private static final long serialVersionUID = 1L;

  public DatabaseUnavailableException(String message) {
    super(message);
  }

  public DatabaseUnavailableException(String message, Throwable cause) {
    super(message, cause);
  }
}
