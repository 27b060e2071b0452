package io.krystaline.sink.view;

/**
 * What an exclusion has set going.
 *
 * @param exclusion the interval, which is kept
 * @param operations how many operations have a baseline without the interval at once
 * @param text what was done, for a person
 * @param recalculation {@code started}; or {@code follows}, where one was under way that may have
 *     read the hours before
 */
public record ExcludedView(
    ExclusionView exclusion, int operations, String text, String recalculation) {}
