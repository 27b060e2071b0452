package io.krystaline.sink.view;

import java.time.Instant;
import java.util.Map;

/** Something that a span said about a moment within it, for example an exception. */
public record EventView(Instant time, String name, Map<String, Object> attributes) {}
