package io.krystaline.bench.load;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.util.Arrays;

/**
 * Where the ids and times of the spans lie in an encoded message, span by span in the order of the
 * bytes. A position of -1 says that the field is absent.
 */
final class SpanPlaces {
  private static final int RESOURCE_SPANS = 1;
  private static final int SCOPE_SPANS = 2;
  private static final int SPANS = 2;
  private static final int TRACE_ID = 1;
  private static final int SPAN_ID = 2;
  private static final int PARENT_SPAN_ID = 4;
  private static final int START_TIME = 7;
  private static final int END_TIME = 8;
  private static final int EVENTS = 11;
  private static final int EVENT_TIME = 1;

  private int[] traceIds = new int[512];
  private int[] spanIds = new int[512];
  private int[] parentIds = new int[512];
  private int[] starts = new int[512];
  private int[] ends = new int[512];
  private int[] eventTimes = new int[64];
  private int[] eventSpans = new int[64];
  private int spans;
  private int events;

  private SpanPlaces() {}

  /** No places yet, for a writer that notes them. */
  static SpanPlaces none() {
    return new SpanPlaces();
  }

  /**
   * Finds the places in a protobuf message.
   *
   * @throws IllegalArgumentException if it is no export of traces
   */
  static SpanPlaces ofProtobuf(byte[] message) {
    SpanPlaces places = new SpanPlaces();
    try {
      CodedInputStream in = CodedInputStream.newInstance(message);
      places.walk(in, RESOURCE_SPANS, () -> places.walk(in, SCOPE_SPANS, () -> places.scope(in)));
      return places;
    } catch (IOException e) {
      throw new IllegalArgumentException("not an export of traces", e);
    }
  }

  private interface Step {
    void run() throws IOException;
  }

  private void scope(CodedInputStream in) throws IOException {
    walk(in, SPANS, () -> span(in));
  }

  /** Enters each sub-message of one field, and skips what else there is. */
  private void walk(CodedInputStream in, int field, Step step) throws IOException {
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      if (WireFormat.getTagFieldNumber(tag) == field) {
        int limit = in.pushLimit(in.readRawVarint32());
        step.run();
        in.popLimit(limit);
      } else {
        in.skipField(tag);
      }
    }
  }

  private void span(CodedInputStream in) throws IOException {
    int span = addSpan();
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      switch (WireFormat.getTagFieldNumber(tag)) {
        case TRACE_ID -> traceIds[span] = id(in, 16);
        case SPAN_ID -> spanIds[span] = id(in, 8);
        case PARENT_SPAN_ID -> parentIds[span] = id(in, 8);
        case START_TIME -> starts[span] = time(in);
        case END_TIME -> ends[span] = time(in);
        case EVENTS -> event(in, span);
        default -> in.skipField(tag);
      }
    }
  }

  private void event(CodedInputStream in, int span) throws IOException {
    int limit = in.pushLimit(in.readRawVarint32());
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      if (WireFormat.getTagFieldNumber(tag) == EVENT_TIME) {
        addEvent(span, time(in));
      } else {
        in.skipField(tag);
      }
    }
    in.popLimit(limit);
  }

  private static int id(CodedInputStream in, int bytes) throws IOException {
    int length = in.readRawVarint32();
    int at = in.getTotalBytesRead();
    in.skipRawBytes(length);
    return length == bytes ? at : -1;
  }

  private static int time(CodedInputStream in) throws IOException {
    int at = in.getTotalBytesRead();
    in.skipRawBytes(8);
    return at;
  }

  int addSpan() {
    if (spans == traceIds.length) {
      traceIds = Arrays.copyOf(traceIds, spans * 2);
      spanIds = Arrays.copyOf(spanIds, spans * 2);
      parentIds = Arrays.copyOf(parentIds, spans * 2);
      starts = Arrays.copyOf(starts, spans * 2);
      ends = Arrays.copyOf(ends, spans * 2);
    }
    traceIds[spans] = -1;
    spanIds[spans] = -1;
    parentIds[spans] = -1;
    starts[spans] = -1;
    ends[spans] = -1;
    return spans++;
  }

  void addEvent(int span, int at) {
    if (events == eventTimes.length) {
      eventTimes = Arrays.copyOf(eventTimes, events * 2);
      eventSpans = Arrays.copyOf(eventSpans, events * 2);
    }
    eventTimes[events] = at;
    eventSpans[events++] = span;
  }

  int spans() {
    return spans;
  }

  int traceId(int span) {
    return traceIds[span];
  }

  void traceId(int span, int at) {
    traceIds[span] = at;
  }

  int spanId(int span) {
    return spanIds[span];
  }

  void spanId(int span, int at) {
    spanIds[span] = at;
  }

  int parentId(int span) {
    return parentIds[span];
  }

  void parentId(int span, int at) {
    parentIds[span] = at;
  }

  int start(int span) {
    return starts[span];
  }

  void start(int span, int at) {
    starts[span] = at;
  }

  int end(int span) {
    return ends[span];
  }

  void end(int span, int at) {
    ends[span] = at;
  }

  int events() {
    return events;
  }

  int eventTime(int event) {
    return eventTimes[event];
  }

  /** The span that an event is of. */
  int eventSpan(int event) {
    return eventSpans[event];
  }
}
