package io.krystaline.sink.view;

/**
 * What an exclusion has set going.
 *
 * @param exclusion the interval, which is kept
 * @param streams how many streams of the detector forgot the interval at once
 * @param text what the detector did, for a person
 * @param recalculation {@code started}; or {@code follows}, where one was under way that may have
 *     read the hours before
 */
public record ExcludedView(
    ExclusionView exclusion, int streams, String text, String recalculation) {}
