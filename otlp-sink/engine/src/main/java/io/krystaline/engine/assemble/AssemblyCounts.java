package io.krystaline.engine.assemble;

/**
 * What became of the spans.
 *
 * @param assembled spans handed on
 * @param duplicate spans of an id that their trace had already
 * @param late spans that arrived after their tick had closed
 * @param shed spans left out with their whole trace, for want of room
 * @param oversize spans left out because their trace has too many
 * @param ahead spans that ended far ahead of the stream, which never followed
 * @param held spans held now
 * @param traces traces held now
 * @param keptShare the share of traces taken in now, 0 to 1
 */
public record AssemblyCounts(
    long assembled,
    long duplicate,
    long late,
    long shed,
    long oversize,
    long ahead,
    int held,
    int traces,
    double keptShare) {}
