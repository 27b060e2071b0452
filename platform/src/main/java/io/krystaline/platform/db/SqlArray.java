package io.krystaline.platform.db;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Arrays;
import org.jdbi.v3.core.argument.Argument;
import org.jdbi.v3.core.statement.StatementContext;

/**
 * A whole column as an argument of a statement, for {@code INSERT ... SELECT FROM unnest(...)}. The
 * array is read when the statement runs. Arrays of the very classes that the driver knows go in the
 * database's own form; of plain objects it would make text.
 */
public final class SqlArray implements Argument {
  private final String type;
  private final Object[] values;

  private SqlArray(String type, Object[] values) {
    this.type = type;
    this.values = values;
  }

  public static SqlArray ofLongs(long[] values) {
    Long[] boxed = new Long[values.length];
    Arrays.setAll(boxed, i -> values[i]);
    return new SqlArray("int8", boxed);
  }

  public static SqlArray ofInts(int[] values) {
    Integer[] boxed = new Integer[values.length];
    Arrays.setAll(boxed, i -> values[i]);
    return new SqlArray("int4", boxed);
  }

  public static SqlArray ofDoubles(double[] values) {
    Double[] boxed = new Double[values.length];
    Arrays.setAll(boxed, i -> values[i]);
    return new SqlArray("float8", boxed);
  }

  public static SqlArray ofTexts(String[] values) {
    return new SqlArray("text", values);
  }

  public static SqlArray ofBytes(byte[][] values) {
    return new SqlArray("bytea", values);
  }

  /**
   * Sets it as an argument of a statement of plain JDBC.
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
