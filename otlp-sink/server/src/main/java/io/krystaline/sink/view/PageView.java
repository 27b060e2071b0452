package io.krystaline.sink.view;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One page of a list.
 *
 * @param nextCursor what to pass as {@code cursor} for the next page; null on the last one, and
 *     then still written
 */
@JsonInclude(JsonInclude.Include.ALWAYS)
public record PageView<T>(List<T> items, @Nullable String nextCursor) {
  public PageView {
    items = List.copyOf(items);
  }
}
