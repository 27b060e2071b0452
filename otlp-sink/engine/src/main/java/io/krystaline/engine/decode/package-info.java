/**
 * OTLP bytes in, columns out: {@link io.krystaline.engine.decode.TraceDecoder} walks a protobuf
 * request and fills a {@link io.krystaline.engine.span.SpanBatch}; {@link
 * io.krystaline.engine.decode.JsonTranscoder} turns OTLP/JSON into such bytes first; {@link
 * io.krystaline.engine.decode.SpanDetails} and {@link io.krystaline.engine.decode.SpanExtractor}
 * serve the few spans that are kept. A message is refused exactly where protobuf-java 4.36 refuses
 * it. Imports the JDK, {@code span} and jackson-core's streaming parser.
 */
@NullMarked
package io.krystaline.engine.decode;

import org.jspecify.annotations.NullMarked;
