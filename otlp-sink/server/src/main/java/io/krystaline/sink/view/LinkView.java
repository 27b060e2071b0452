package io.krystaline.sink.view;

import java.util.Map;

/** Another span that a span names as its cause, in this trace or another. */
public record LinkView(String traceId, String spanId, Map<String, Object> attributes) {}
