package io.krystaline.sink.store;

import io.krystaline.engine.span.SpanId;
import io.krystaline.engine.span.TraceId;

/** What tells stored spans apart. */
record SpanKey(TraceId traceId, SpanId spanId) {}
