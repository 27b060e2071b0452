package io.krystaline.platform.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;

/**
 * Builds the mapper that every part uses. What could be misread is refused: unknown and repeated
 * names, text behind the value, {@code 1.5} or {@code "1"} for a whole number, {@code null} for a
 * primitive, and what is larger than its bounds.
 *
 * <p>{@link java.time.Instant} is written with nine fractional digits, {@link java.time.Duration}
 * as ISO-8601. A NaN or an infinite number, which JSON has no word for, is written as {@code null}.
 */
public final class StrictJson {
  private StrictJson() {}

  /** A mapper with {@link JsonBounds#DEFAULT}. It is thread-safe; keep and share it. */
  public static ObjectMapper mapper() {
    return mapper(JsonBounds.DEFAULT);
  }

  /** A mapper with the given bounds for what it reads. It is thread-safe; keep and share it. */
  public static ObjectMapper mapper(JsonBounds bounds) {
    JsonFactory factory =
        JsonFactory.builder()
            .streamReadConstraints(
                StreamReadConstraints.builder()
                    .maxDocumentLength(bounds.documentLengthMax())
                    .maxNestingDepth(bounds.depthMax())
                    .maxStringLength(bounds.stringLengthMax())
                    .maxNameLength(bounds.nameLengthMax())
                    .maxNumberLength(bounds.numberLengthMax())
                    .build())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .build();
    return JsonMapper.builder(factory)
        .addModule(new Jdk8Module())
        .addModule(new JavaTimeModule())
        .addModule(new ExactValuesModule())
        .enable(
            DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES,
            DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES,
            DeserializationFeature.FAIL_ON_TRAILING_TOKENS,
            DeserializationFeature.FAIL_ON_NUMBERS_FOR_ENUMS,
            DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
        .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
        .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
        .disable(
            SerializationFeature.WRITE_DATES_AS_TIMESTAMPS,
            SerializationFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
        .build();
  }
}
