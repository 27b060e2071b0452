package io.krystaline.engine.incident;

import java.util.Objects;

/**
 * An attribute value that the slow or failing spans of an incident have in common and the normal
 * ones have not.
 *
 * @param attribute its key, e.g. {@code http.route}
 * @param value its value as text
 * @param anomalous how many of the {@code anomalousOf} sampled anomalous spans have it
 * @param normal how many of the {@code normalOf} sampled normal spans have it
 * @param pValue one-sided Fisher exact probability of so large a difference by chance, times the
 *     number of values compared (Bonferroni), at most 1
 */
public record Contrast(
    String attribute,
    String value,
    int anomalous,
    int anomalousOf,
    int normal,
    int normalOf,
    double pValue) {
  public Contrast {
    Objects.requireNonNull(attribute, "attribute");
    Objects.requireNonNull(value, "value");
  }
}
