package io.krystaline.engine.decode;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.util.Objects;

/**
 * Turns one OTLP/JSON document into the protobuf bytes of the same message, streaming, so that one
 * decoder serves both encodings.
 *
 * <p>Names are lowerCamelCase; any other name is unknown and skipped with whatever it holds. {@code
 * null} stands for an absent field, and in an array for an empty message. Ids are hex of either
 * case, other bytes base64. A name that is given twice counts as protobuf counts a field that is
 * given twice: the last scalar counts, messages are merged, arrays are joined. Half of an escaped
 * surrogate pair becomes U+FFFD. Text that is not UTF-8, data after the document and more than 100
 * levels are refused.
 *
 * <p>The ids' lengths are not checked here, so that the decoder can refuse the one span and keep
 * the rest. Owned by one thread.
 */
public final class JsonTranscoder {
  /** Unknown fields may nest deeper than OTLP does; the parser keeps an object per level. */
  private static final int JSON_DEPTH_MAX = 1000;

  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxStringLength(Integer.MAX_VALUE)
                  .maxNestingDepth(JSON_DEPTH_MAX)
                  .build())
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .build();

  private final MessageShape request;
  private final ProtobufBuffer out;
  private final JsonScalars scalars;

  /**
   * Creates a transcoder for one thread.
   *
   * @param outputBytesMax the largest protobuf message that it makes, for example 64 MiB
   */
  public JsonTranscoder(Signal signal, int outputBytesMax) {
    request = OtlpShapes.request(signal);
    out = new ProtobufBuffer(outputBytesMax);
    scalars = new JsonScalars(out);
  }

  /**
   * Transcodes one document.
   *
   * @param offset position of the document's first byte in {@code json}
   * @param length its length in bytes
   * @throws IndexOutOfBoundsException if the range does not lie in {@code json}
   */
  public TranscodeResult transcode(byte[] json, int offset, int length) {
    Objects.checkFromIndexSize(offset, length, json.length);
    int invalid = Utf8.firstInvalid(json, offset, offset + length);
    if (invalid >= 0) {
      return new TranscodeResult.Malformed(
          "the document is not UTF-8 at byte " + (invalid - offset));
    }
    out.clear();
    try (JsonParser parser = FACTORY.createParser(json, offset, length)) {
      return document(parser);
    } catch (IOException malformed) {
      return new TranscodeResult.Malformed(describe(malformed));
    }
  }

  private TranscodeResult document(JsonParser parser) throws IOException {
    try {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return new TranscodeResult.Malformed("the document is no JSON object");
      }
      message(parser, request, 0);
      if (parser.nextToken() != null) {
        throw new MalformedJsonException("there is data after the document");
      }
      out.checkLimit();
      return new TranscodeResult.Transcoded(out.bytes(), out.length());
    } catch (MalformedJsonException malformed) {
      long position = parser.currentTokenLocation().getByteOffset();
      return new TranscodeResult.Malformed(malformed.reason() + at(position));
    }
  }

  /** Reads the fields of an object whose start was read, up to its end. */
  private void message(JsonParser parser, MessageShape shape, int depth) throws IOException {
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      FieldShape field = shape.field(parser.currentName());
      JsonToken token = parser.nextToken();
      if (field == null) {
        parser.skipChildren();
      } else if (token != JsonToken.VALUE_NULL) {
        if (field.repeated()) {
          array(parser, token, field, depth);
        } else {
          value(parser, token, field, depth);
        }
      }
    }
  }

  private void array(JsonParser parser, JsonToken first, FieldShape field, int depth)
      throws IOException {
    if (first != JsonToken.START_ARRAY) {
      throw new MalformedJsonException("an array is expected");
    }
    for (JsonToken token = parser.nextToken();
        token != JsonToken.END_ARRAY;
        token = parser.nextToken()) {
      value(parser, token, field, depth);
    }
  }

  private void value(JsonParser parser, JsonToken token, FieldShape field, int depth)
      throws IOException {
    MessageShape child = field.child();
    if (child == null) {
      out.varint(field.tag());
      scalars.write(parser, token, field);
      return;
    }
    if (depth >= Wire.DEPTH_MAX) {
      throw new MalformedJsonException("messages lie too deep in each other");
    }
    int start = out.begin(field.tag());
    if (token == JsonToken.START_OBJECT) {
      message(parser, child, depth + 1);
    } else if (token != JsonToken.VALUE_NULL) {
      throw new MalformedJsonException("an object is expected");
    }
    out.end(start);
  }

  /** The parser's own words may hold the sender's data, so only its position is told. */
  private static String describe(IOException malformed) {
    if (malformed instanceof JsonProcessingException parsing && parsing.getLocation() != null) {
      return "the JSON is malformed" + at(parsing.getLocation().getByteOffset());
    }
    return "the JSON is malformed";
  }

  private static String at(long position) {
    return position >= 0 ? " at byte " + position : "";
  }
}
