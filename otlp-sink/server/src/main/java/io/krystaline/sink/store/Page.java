package io.krystaline.sink.store;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One page of a list.
 *
 * @param items what the page holds, in the list's order
 * @param nextCursor where the next page begins; null on the last page
 * @param <T> what is listed
 */
public record Page<T>(List<T> items, @Nullable AnomalyCursor nextCursor) {
  public Page {
    items = List.copyOf(items);
  }
}
