package io.krystaline.engine.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.trace.v1.Span;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTranscoderTest {
  private final JsonTranscoder transcoder = new JsonTranscoder(Signal.TRACES, 1 << 20);

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{}|",
        "{\"resourceSpans\":[]}|",
        "{\"resourceSpans\":null}|",
        "{\"resourceSpans\":[{}]}| 0a00",
        "{\"resourceSpans\":[null]}| 0a00",
        "{\"resource_spans\":[{}]}|",
        "{\"unknown\":{\"a\":[1,{\"b\":null}],\"c\":1e999}}|",
        "{\"resourceSpans\":[{\"schemaUrl\":\"é\"}]}| 0a041a02c3a9",
        "{\"resourceSpans\":[{\"schemaUrl\":\"\\ud834\\udd1e\"}]}| 0a061a04f09d849e",
        "{\"resourceSpans\":[{\"schemaUrl\":\"\\ud834x\"}]}| 0a061a04efbfbd78",
        "{\"resourceSpans\":[{\"schemaUrl\":\"a\",\"schemaUrl\":\"b\"}]}| 0a061a01611a0162",
      })
  void transcode_document_givesTheseBytes(String json, String hex) {
    assertThat(HexFormat.of().formatHex(transcode(json))).isEqualTo(hex == null ? "" : hex);
  }

  @ParameterizedTest
  @CsvSource({
    "0a0B, 0a0b",
    "'', ''",
    "eee19b7ec3c1b17, odd",
    "zz, no hex",
    "'é1', no hex",
  })
  void transcode_ids_areHexOfEitherCase(String digits, String expected) {
    String json = span("\"spanId\":\"" + digits + "\"");
    if (expected.equals("odd") || expected.equals("no hex")) {
      assertMalformed(json);
    } else {
      assertThat(parse(json).getSpanId())
          .isEqualTo(ByteString.copyFrom(HexFormat.of().parseHex(expected)));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"+/8=", "+/8", "-_8=", "-_8"})
  void transcode_base64_standardOrUrlSafePaddedOrNot(String base64) {
    assertThat(value("{\"bytesValue\":\"" + base64 + "\"}").getBytesValue())
        .isEqualTo(ByteString.copyFrom(new byte[] {(byte) 0xfb, (byte) 0xff}));
  }

  @ParameterizedTest
  @CsvSource({
    "intValue, 5, 5",
    "intValue, \"5\", 5",
    "intValue, -9223372036854775808, -9223372036854775808",
    "intValue, \"9223372036854775807\", 9223372036854775807",
    "intValue, 3.0, 3",
    "intValue, 1e3, 1000",
    "intValue, -0, 0",
  })
  void transcode_integers_asNumberOrString(String name, String json, long expected) {
    assertThat(value("{\"" + name + "\":" + json + "}").getIntValue()).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "1.5, 1.5",
    "7, 7",
    "\"1e3\", 1000",
    "\"NaN\", NaN",
    "\"Infinity\", Infinity",
    "\"-Infinity\", -Infinity",
  })
  void transcode_doubles_asNumberOrString(String json, Double expected) {
    assertThat(value("{\"doubleValue\":" + json + "}").getDoubleValue()).isEqualTo(expected);
  }

  @Test
  void transcode_unsignedTimes_upTo64Bits() {
    assertThat(parse(span("\"endTimeUnixNano\":18446744073709551615")).getEndTimeUnixNano())
        .isEqualTo(-1);
    assertThat(parse(span("\"endTimeUnixNano\":\"18446744073709551615\"")).getEndTimeUnixNano())
        .isEqualTo(-1);
  }

  @Test
  void transcode_enums_asNumberOrName() {
    assertThat(parse(span("\"kind\":3")).getKindValue()).isEqualTo(3);
    assertThat(parse(span("\"kind\":\"SPAN_KIND_SERVER\"")).getKindValue()).isEqualTo(2);
    assertThat(parse(span("\"kind\":77")).getKindValue()).isEqualTo(77);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"name\":5",
        "\"name\":true",
        "\"name\":{}",
        "\"name\":[\"a\"]",
        "\"attributes\":{}",
        "\"attributes\":[5]",
        "\"attributes\":[[]]",
        "\"status\":[]",
        "\"status\":\"x\"",
        "\"kind\":\"SERVER\"",
        "\"kind\":1.5",
        "\"kind\":3000000000",
        "\"flags\":-1",
        "\"flags\":4294967296",
        "\"startTimeUnixNano\":-1",
        "\"startTimeUnixNano\":\"-1\"",
        "\"startTimeUnixNano\":18446744073709551616",
        "\"startTimeUnixNano\":\"\"",
        "\"startTimeUnixNano\":\" 1\"",
        "\"startTimeUnixNano\":true",
        "\"startTimeUnixNano\":1e30",
        "\"startTimeUnixNano\":-1e3",
        "\"spanId\":5",
        "\"spanId\":[1,2]",
      })
  void transcode_valueOfAnotherType_isRefused(String field) {
    assertMalformed(span(field));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"boolValue\":\"true\"}",
        "{\"boolValue\":1}",
        "{\"stringValue\":1}",
        "{\"intValue\":9223372036854775808}",
        "{\"intValue\":0x10}",
        "{\"doubleValue\":\"1d\"}",
        "{\"doubleValue\":\"\"}",
        "{\"doubleValue\":1e999}",
        "{\"doubleValue\":\"1e999\"}",
        "{\"doubleValue\":NaN}",
        "{\"bytesValue\":\"a\"}",
        "{\"bytesValue\":\"a===\"}",
        "{\"bytesValue\":\"a b=\"}",
        "{\"bytesValue\":[1]}",
      })
  void transcode_attributeOfAnotherType_isRefused(String value) {
    assertMalformed(span(attribute(value)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "[]",
        "null",
        "5",
        "\"x\"",
        "{",
        "{\"resourceSpans\":[",
        "{}{}",
        "{} x",
        "{}]",
        "{'a':1}",
        "{\"a\":1,}",
        "{\"a\":01}",
        "// {}",
        "{\"a\"}",
        "{\"resourceSpans\":[{]}",
      })
  void transcode_noSingleObject_isRefused(String json) {
    assertMalformed(json);
  }

  @Test
  void transcode_malformed_tellsThePositionButNotTheData() {
    String json = "{\"resourceSpans\":secretsecret}";
    byte[] bytes = ("xx" + json).getBytes(StandardCharsets.UTF_8);
    TranscodeResult result = transcoder.transcode(bytes, 2, bytes.length - 2);
    assertThat(result).isInstanceOf(TranscodeResult.Malformed.class);
    String message = ((TranscodeResult.Malformed) result).message();
    assertThat(message).startsWith("the JSON is malformed at byte ").doesNotContain("secret");
    assertThat(((TranscodeResult.Malformed) transcoder.transcode(utf8("{} {"), 0, 4)).message())
        .isEqualTo("there is data after the document at byte 3");
  }

  @Test
  void transcode_textThatIsNotUtf8_isRefused() {
    byte[] json = utf8("{\"a\":\"bc\"}");
    json[6] = (byte) 0xc0;
    json[7] = (byte) 0x80;
    assertThat(transcoder.transcode(json, 0, json.length))
        .isEqualTo(new TranscodeResult.Malformed("the document is not UTF-8 at byte 6"));
  }

  @Test
  void transcode_deepNesting_isRefusedWithoutHarm() {
    assertMalformed("[".repeat(500_000));
    assertMalformed("{\"a\":".repeat(500_000));
    assertMalformed(span(attribute(nested(60))));
    assertThat(value(nested(40)).hasArrayValue()).isTrue();
  }

  @Test
  void transcode_protobufOverTheLimit_isRefused() {
    JsonTranscoder small = new JsonTranscoder(Signal.TRACES, 20);
    byte[] fits = utf8("{\"resourceSpans\":[{\"schemaUrl\":\"" + "a".repeat(16) + "\"}]}");
    byte[] over = utf8("{\"resourceSpans\":[{\"schemaUrl\":\"" + "a".repeat(17) + "\"}]}");
    assertThat(small.transcode(fits, 0, fits.length))
        .isInstanceOf(TranscodeResult.Transcoded.class);
    assertThat(small.transcode(over, 0, over.length)).isInstanceOf(TranscodeResult.Malformed.class);
    assertThat(small.transcode(fits, 0, fits.length))
        .isInstanceOf(TranscodeResult.Transcoded.class);
    byte[] huge = utf8("{\"resourceSpans\":[{\"schemaUrl\":\"" + "a".repeat(100_000) + "\"}]}");
    assertThat(small.transcode(huge, 0, huge.length)).isInstanceOf(TranscodeResult.Malformed.class);
  }

  @Test
  void transcode_textOverJacksonsOwnLimit_isTaken() {
    String text = "a".repeat(21_000_000);
    JsonTranscoder large = new JsonTranscoder(Signal.TRACES, 64 << 20);
    byte[] json = utf8("{\"resourceSpans\":[{\"schemaUrl\":\"" + text + "\"}]}");
    assertThat(large.transcode(json, 0, json.length))
        .isInstanceOf(TranscodeResult.Transcoded.class);
  }

  @Test
  void transcode_rangeOutsideTheArray_isTheCallersFault() {
    assertThatThrownBy(() -> transcoder.transcode(new byte[4], 2, 3))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }

  private static String nested(int levels) {
    return "{\"arrayValue\":{\"values\":[".repeat(levels) + "null" + "]}}".repeat(levels);
  }

  private static String attribute(String value) {
    return "\"attributes\":[{\"key\":\"k\",\"value\":" + value + "}]";
  }

  private static String span(String fields) {
    return "{\"resourceSpans\":[{\"scopeSpans\":[{\"spans\":[{" + fields + "}]}]}]}";
  }

  private AnyValue value(String json) {
    return parse(span(attribute(json))).getAttributes(0).getValue();
  }

  private Span parse(String json) {
    try {
      return ExportTraceServiceRequest.parseFrom(transcode(json))
          .getResourceSpans(0)
          .getScopeSpans(0)
          .getSpans(0);
    } catch (com.google.protobuf.InvalidProtocolBufferException malformed) {
      throw new AssertionError(malformed);
    }
  }

  private byte[] transcode(String json) {
    byte[] bytes = utf8(json);
    TranscodeResult result = transcoder.transcode(bytes, 0, bytes.length);
    assertThat(result).as(json).isInstanceOf(TranscodeResult.Transcoded.class);
    TranscodeResult.Transcoded transcoded = (TranscodeResult.Transcoded) result;
    return Arrays.copyOf(transcoded.bytes(), transcoded.length());
  }

  private void assertMalformed(String json) {
    byte[] bytes = utf8(json);
    TranscodeResult result = transcoder.transcode(bytes, 0, bytes.length);
    assertThat(result)
        .as(json.substring(0, Math.min(200, json.length())))
        .isInstanceOf(TranscodeResult.Malformed.class);
    assertThat(((TranscodeResult.Malformed) result).message()).hasSizeLessThan(120).isNotBlank();
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
