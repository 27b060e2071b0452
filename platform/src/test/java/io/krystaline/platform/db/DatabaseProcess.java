package io.krystaline.platform.db;

import java.nio.file.Path;

/**
 * A process of its own that writes rows as fast as it can and prints the id of each one that is
 * committed, until it is killed.
 */
final class DatabaseProcess {
  private DatabaseProcess() {}

  public static void main(String[] arguments) {
    Database database = DatabaseTest.database(Path.of(arguments[0]));
    database.start();
    for (long id = Long.parseLong(arguments[1]); ; id++) {
      long value = id;
      database.inTransaction(
          "insert",
          handle -> handle.execute("INSERT INTO note VALUES (?, ?)", value, "row " + value));
      System.out.println(value);
    }
  }
}
