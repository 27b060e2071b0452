package io.krystaline.platform.http;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The decoded query of a request: names in the order of their first appearance, each with its
 * values. Immutable. At most {@value #PARAMETERS_MAX} parameters are read.
 */
public final class QueryParameters {
  /** More parameters than this are refused with 400. */
  public static final int PARAMETERS_MAX = 256;

  private final Map<String, List<String>> values;

  private QueryParameters(Map<String, List<String>> values) {
    this.values = values;
  }

  /**
   * Reads an encoded query. {@code +} is a space, an empty piece between two {@code &} is skipped,
   * a name without {@code =} has the empty value.
   *
   * @throws HttpException 400 if an escape is broken or there are too many parameters
   */
  public static QueryParameters parse(String query) {
    Map<String, List<String>> values = new LinkedHashMap<>();
    int count = 0;
    int start = 0;
    while (start < query.length()) {
      int ampersand = query.indexOf('&', start);
      int end = ampersand < 0 ? query.length() : ampersand;
      if (end > start) {
        if (++count > PARAMETERS_MAX) {
          throw new HttpException(400, "the query has more than " + PARAMETERS_MAX + " parameters");
        }
        int equals = query.indexOf('=', start);
        boolean named = equals >= 0 && equals < end;
        String name = PercentCoding.decode(query, start, named ? equals : end, true);
        String value = named ? PercentCoding.decode(query, equals + 1, end, true) : "";
        values.computeIfAbsent(name, _ -> new ArrayList<>(1)).add(value);
      }
      start = end + 1;
    }
    return new QueryParameters(values);
  }

  /** The first value of this name. */
  public Optional<String> first(String name) {
    List<String> all = values.get(name);
    return all == null ? Optional.empty() : Optional.of(all.getFirst());
  }

  /** Every value of this name, in order; empty if there is none. */
  public List<String> all(String name) {
    return List.copyOf(values.getOrDefault(name, List.of()));
  }

  /** The names that were given. */
  public Set<String> names() {
    return Set.copyOf(values.keySet());
  }

  @Override
  public String toString() {
    return values.size() + " query parameters";
  }
}
