package io.krystaline.platform.db;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import org.jdbi.v3.core.argument.Argument;
import org.jdbi.v3.core.statement.StatementContext;

/** A whole column as an argument of a statement, of Jdbi's or of plain JDBC. */
public final class SqlArray implements Argument {
  private final String type;
  private final Object[] values;

  SqlArray(String type, Object[] values) {
    this.type = type;
    this.values = values;
  }

  /**
   * Sets it.
   *
   * @param position of the argument, from 1
   */
  public void set(PreparedStatement statement, int position) throws SQLException {
    statement.setArray(position, statement.getConnection().createArrayOf(type, values));
  }

  @Override
  public void apply(int position, PreparedStatement statement, StatementContext context)
      throws SQLException {
    set(statement, position);
  }
}
