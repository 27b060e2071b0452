package io.krystaline.sink.recalculate;

import java.util.List;
import java.util.Locale;

/**
 * One field of a cron expression as a set of numbers: {@code *}, {@code 3}, {@code 1-5}, {@code
 * 0-30/10}, {@code *}{@code /15}, names where the field has them, and lists of these. Immutable.
 *
 * @param members bit {@code n} is set where {@code n} is in the set
 * @param any whether the field begins with {@code *}
 */
record CronField(long members, boolean any) {
  private static final List<String> MONTHS =
      List.of(
          "", "JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC");
  private static final List<String> DAYS = List.of("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT");

  static CronField minute(String text) {
    return parse("minute", text, 0, 59, List.of());
  }

  static CronField hour(String text) {
    return parse("hour", text, 0, 23, List.of());
  }

  static CronField dayOfMonth(String text) {
    return parse("day of month", text, 1, 31, List.of());
  }

  static CronField month(String text) {
    return parse("month", text, 1, 12, MONTHS);
  }

  /** Sunday is 0 as well as 7; in the set it is 0. */
  static CronField dayOfWeek(String text) {
    CronField field = parse("day of week", text, 0, 7, DAYS);
    long members = field.members;
    if ((members & 1L << 7) != 0) {
      members = (members | 1) & ~(1L << 7);
    }
    return new CronField(members, field.any);
  }

  boolean contains(int value) {
    return (members >>> value & 1) != 0;
  }

  private static CronField parse(
      String name, String text, int min, int max, List<String> valueNames) {
    long members = 0;
    for (String part : text.split(",", -1)) {
      members |= part(new Part(name, part, min, max, valueNames));
    }
    return new CronField(members, text.startsWith("*"));
  }

  private static long part(Part part) {
    int slash = part.text.indexOf('/');
    String range = slash < 0 ? part.text : part.text.substring(0, slash);
    int step = slash < 0 ? 1 : part.number(part.text.substring(slash + 1), 1, part.max);
    int hyphen = range.indexOf('-');
    int from;
    int to;
    if (range.equals("*")) {
      from = part.min;
      to = part.max;
    } else if (hyphen >= 0) {
      from = part.value(range.substring(0, hyphen));
      to = part.value(range.substring(hyphen + 1));
    } else {
      from = part.value(range);
      to = slash < 0 ? from : part.max; // "5/20" means from 5 on, each 20th
    }
    if (from > to) {
      throw part.bad("the range runs backwards");
    }
    long members = 0;
    for (int value = from; value <= to; value += step) {
      members |= 1L << value;
    }
    return members;
  }

  private record Part(String name, String text, int min, int max, List<String> valueNames) {
    int value(String word) {
      int named = valueNames.indexOf(word.toUpperCase(Locale.ROOT));
      return named >= 0 && !word.isEmpty() ? named : number(word, min, max);
    }

    int number(String word, int least, int most) {
      if (word.isEmpty()
          || word.length() > 2
          || !word.chars().allMatch(c -> c >= '0' && c <= '9')) {
        throw bad("'" + word + "' is no number");
      }
      int number = Integer.parseInt(word);
      if (number < least || number > most) {
        throw bad(number + " is not in " + least + ".." + most);
      }
      return number;
    }

    IllegalArgumentException bad(String reason) {
      return new IllegalArgumentException(
          "the " + name + " '" + text + "' of the cron expression: " + reason);
    }
  }
}
