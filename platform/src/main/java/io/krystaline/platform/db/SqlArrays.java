package io.krystaline.platform.db;

import java.util.Arrays;

/**
 * Whole columns as arguments of one statement, for {@code INSERT ... SELECT FROM unnest(...)}. The
 * arrays are read when the statement runs. Arrays of the very classes that the driver knows go in
 * the database's own form; of plain objects it would make text.
 */
public final class SqlArrays {
  private SqlArrays() {}

  public static SqlArray ofLongs(long[] values) {
    return array("int8", Arrays.stream(values).boxed().toArray(Long[]::new));
  }

  public static SqlArray ofInts(int[] values) {
    return array("int4", Arrays.stream(values).boxed().toArray(Integer[]::new));
  }

  public static SqlArray ofDoubles(double[] values) {
    return array("float8", Arrays.stream(values).boxed().toArray(Double[]::new));
  }

  public static SqlArray ofTexts(String[] values) {
    return array("text", values);
  }

  public static SqlArray ofBytes(byte[][] values) {
    return array("bytea", values);
  }

  private static SqlArray array(String type, Object[] values) {
    return new SqlArray(type, values);
  }
}
