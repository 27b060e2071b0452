package io.krystaline.engine.assemble;

import io.krystaline.engine.assemble.Spans.Span;
import io.krystaline.engine.assemble.Spans.Told;
import io.krystaline.engine.span.SpanKind;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/** What is to be told of a span, worked out slowly from all spans of its trace. */
final class BruteForce {
  private static final Comparator<Span> BY_START =
      Comparator.comparingLong(Span::start).thenComparingLong(Span::id);

  private final Spans operations;

  BruteForce(Spans operations) {
    this.operations = operations;
  }

  /**
   * What is told of a span.
   *
   * @param known the spans of its trace that are known when its tick closes
   */
  Told told(Span span, List<Span> known) {
    List<Span> children = children(span, known);
    Optional<Span> parent =
        known.stream().filter(one -> one.id() == span.parent() && !one.equals(span)).findFirst();
    Optional<Span> last = children.stream().max(BY_START);
    return new Told(
        span.trace(),
        span.id(),
        span.operation(),
        span.kind().ordinal(),
        span.failed(),
        span.start(),
        span.end(),
        exclusive(span, children),
        children.size(),
        callee(span, children),
        last.map(Span::operation).orElse(AssembledSpan.NONE),
        last.map(one -> callee(one, children(one, known))).orElse(AssembledSpan.NONE),
        (int) children.stream().filter(Span::failed).count(),
        parent.map(Span::operation).orElse(AssembledSpan.NONE),
        span.parent() == 0,
        delay(span, parent));
  }

  private static List<Span> children(Span span, List<Span> known) {
    return known.stream().filter(one -> one.parent() == span.id() && !one.equals(span)).toList();
  }

  /** Cuts the span at every start and end, and adds up the pieces in which no child runs. */
  private static long exclusive(Span span, List<Span> children) {
    TreeSet<Long> cuts = new TreeSet<>(List.of(span.start(), span.end()));
    for (Span child : children) {
      cuts.add(Math.clamp(child.start(), span.start(), span.end()));
      cuts.add(Math.clamp(child.end(), span.start(), span.end()));
    }
    long sum = 0;
    long from = span.start();
    for (long to : cuts) {
      long left = from;
      boolean covered =
          children.stream().anyMatch(child -> child.start() <= left && child.end() >= to);
      sum += covered ? 0 : to - from;
      from = to;
    }
    return sum;
  }

  private int callee(Span span, List<Span> children) {
    List<Span> elsewhere = children.stream().filter(one -> service(one) != service(span)).toList();
    boolean call =
        switch (span.kind()) {
          case CLIENT, PRODUCER -> true;
          case UNSPECIFIED, INTERNAL -> elsewhere.size() == children.size();
          case SERVER, CONSUMER -> false;
        };
    return call
        ? elsewhere.stream().min(BY_START).map(Span::operation).orElse(AssembledSpan.NONE)
        : AssembledSpan.NONE;
  }

  private int service(Span span) {
    return operations.index.serviceOf(span.operation());
  }

  private static long delay(Span span, Optional<Span> parent) {
    return span.kind() == SpanKind.CONSUMER
            && parent.isPresent()
            && parent.get().kind() == SpanKind.PRODUCER
        ? Math.max(0, span.start() - parent.get().end())
        : -1;
  }
}
