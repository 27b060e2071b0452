package io.krystaline.engine.decode;

/**
 * How much of one span is read for people to see. What is over a limit is cut visibly.
 *
 * @param attributesMax attributes of a span, a resource, an event or a link, and the values of one
 *     sequence or structure; default 256
 * @param eventsMax events of a span; default 128
 * @param linksMax links of a span; default 128
 * @param textBytesMax UTF-8 bytes of one text, and bytes of one binary value; default 16 KiB
 * @param depthMax sequences and structures in each other; default 8
 */
public record SpanDetailLimits(
    int attributesMax, int eventsMax, int linksMax, int textBytesMax, int depthMax) {

  /** The limits that are used where none are set. */
  public static final SpanDetailLimits DEFAULT = new SpanDetailLimits(256, 128, 128, 16 * 1024, 8);

  public SpanDetailLimits {
    if (Math.min(attributesMax, Math.min(eventsMax, linksMax)) < 0
        || textBytesMax < 0
        || depthMax < 0) {
      throw new IllegalArgumentException("a limit is negative");
    }
  }
}
