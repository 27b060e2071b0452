package io.krystaline.engine.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.krystaline.engine.span.RejectReason;
import io.krystaline.engine.span.SpanBatch;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.InstrumentationScope;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TraceDecoderTest {
  private static final HexFormat HEX = HexFormat.of();

  private final TraceDecoder decoder = new TraceDecoder();
  private final SpanBatch batch = new SpanBatch();

  @Test
  void decode_emptyMessage_isWellFormedWithoutSpans() {
    assertThat(decoder.decode(new byte[0], 0, 0, batch)).isSameAs(DecodeResult.DECODED);
    assertThat(batch.spanCount()).isZero();
    assertThat(batch.resourceCount()).isZero();
  }

  @Test
  void decode_literalBytes_readsEveryColumn() {
    String span =
        "0a10"
            + "5b8efff798038103d269b633813fc60c" // trace id
            + "1208"
            + "eee19b7ec3c1b174" // span id
            + "2208"
            + "eee19b7ec3c1b173" // parent
            + "2a03"
            + "47c3a9" // name "Gé"
            + "3002" // server
            + "390100000000000000" // start 1
            + "410500000000000000" // end 5
            + "7a021802"; // status error
    String scopeSpans = "0a03" + "0a0173" + "12" + length(span) + span;
    String resource = "0a16" + "0a0c" + hex("service.name") + "1206" + "0a04" + hex("shop");
    String resourceSpans =
        "0a" + length(resource) + resource + "12" + length(scopeSpans) + scopeSpans;
    byte[] bytes = HEX.parseHex("0a" + length(resourceSpans) + resourceSpans);

    assertThat(decoder.decode(bytes, 0, bytes.length, batch)).isSameAs(DecodeResult.DECODED);

    assertThat(batch.spanCount()).isEqualTo(1);
    assertThat(batch.traceIdHigh(0)).isEqualTo(0x5b8efff798038103L);
    assertThat(batch.traceIdLow(0)).isEqualTo(0xd269b633813fc60cL);
    assertThat(batch.spanId(0)).isEqualTo(0xeee19b7ec3c1b174L);
    assertThat(batch.parentSpanId(0)).isEqualTo(0xeee19b7ec3c1b173L);
    assertThat(batch.kind(0)).isEqualTo(2);
    assertThat(batch.status(0)).isEqualTo(2);
    assertThat(batch.startNanos(0)).isEqualTo(1);
    assertThat(batch.durationNanos(0)).isEqualTo(4);
    assertThat(text(batch.nameOffset(0), batch.nameLength(0))).isEqualTo("Gé");
    assertThat(service(0)).isEqualTo("shop");
    assertThat(hexAt(batch.resourceOffset(0), batch.resourceLength(0))).isEqualTo(resource);
    assertThat(hexAt(batch.spanOffset(0), batch.spanLength(0))).isEqualTo(span);
    int scope = batch.scope(0);
    assertThat(hexAt(batch.scopeOffset(scope), batch.scopeLength(scope))).isEqualTo("0a0173");
  }

  @Test
  void decode_resourceAfterItsSpans_belongsToThem() {
    ByteString spans =
        ResourceSpans.newBuilder()
            .addScopeSpans(ScopeSpans.newBuilder().addSpans(span(1)))
            .build()
            .toByteString();
    ByteString resource =
        ResourceSpans.newBuilder()
            .setResource(resource(attribute("service.name", "late")))
            .build()
            .toByteString();
    decodeResourceSpans(spans.concat(resource));
    assertThat(service(0)).isEqualTo("late");
  }

  @Test
  void decode_resourceTwice_isMerged() {
    ByteString first =
        ResourceSpans.newBuilder()
            .setResource(resource(attribute("service.name", "first")))
            .addScopeSpans(ScopeSpans.newBuilder().addSpans(span(1)))
            .build()
            .toByteString();
    ByteString second =
        ResourceSpans.newBuilder()
            .setResource(resource(attribute("service.name", "second")))
            .build()
            .toByteString();
    decodeResourceSpans(first.concat(second));
    assertThat(service(0)).isEqualTo("first");
  }

  @Test
  void decode_statusTwice_keepsTheCodeThatWasGiven() {
    ByteString span =
        span(1)
            .setStatus(Status.newBuilder().setCode(Status.StatusCode.STATUS_CODE_ERROR))
            .build()
            .toByteString()
            .concat(
                Span.newBuilder()
                    .setStatus(Status.newBuilder().setMessage("why"))
                    .build()
                    .toByteString());
    decodeSpan(span);
    assertThat(batch.status(0)).isEqualTo(2);
  }

  @Test
  void decode_serviceVersion_isReadBesideTheName_theFirstOneCounts() {
    decode(
        resource(
            attribute("service.version", "1.4.0"),
            attribute("service.name", "shop"),
            attribute("service.version", "1.5.0")),
        span(1));
    assertThat(service(0)).isEqualTo("shop");
    assertThat(text(batch.versionOffset(0), batch.versionLength(0))).isEqualTo("1.4.0");
  }

  @Test
  void decode_serviceVersionThatIsEmptyOrMissing_isAbsent() {
    decode(resource(attribute("service.name", "shop"), attribute("service.version", "")), span(1));
    assertThat(batch.versionLength(0)).isEqualTo(-1);
    decode(resource(attribute("service.name", "shop")), span(1));
    assertThat(batch.versionLength(0)).isEqualTo(-1);
  }

  @Test
  void decode_serviceNameThatIsNoString_isAbsent() {
    KeyValue number =
        KeyValue.newBuilder()
            .setKey("service.name")
            .setValue(AnyValue.newBuilder().setIntValue(7))
            .build();
    decode(resource(number, attribute("service.name", "later")), span(1));
    assertThat(batch.serviceLength(0)).isEqualTo(-1);
    decode(resource(attribute("service.name", "")), span(1));
    assertThat(batch.serviceLength(0)).isEqualTo(-1);
    decode(resource(), span(1));
    assertThat(batch.serviceLength(0)).isEqualTo(-1);
  }

  @Test
  void decode_severalScopes_eachRowKnowsItsOwn() {
    ScopeSpans.Builder first =
        ScopeSpans.newBuilder()
            .setScope(InstrumentationScope.newBuilder().setName("a"))
            .addSpans(span(1))
            .addSpans(span(2));
    ScopeSpans.Builder second =
        ScopeSpans.newBuilder()
            .setScope(InstrumentationScope.newBuilder().setName("b"))
            .addSpans(span(3));
    decodeResourceSpans(
        ResourceSpans.newBuilder()
            .addScopeSpans(first)
            .addScopeSpans(ScopeSpans.newBuilder())
            .addScopeSpans(second)
            .build()
            .toByteString());
    assertThat(batch.scope(0)).isEqualTo(batch.scope(1)).isZero();
    assertThat(hexAt(batch.scopeOffset(batch.scope(2)), batch.scopeLength(batch.scope(2))))
        .isEqualTo("0a0162");
  }

  @Test
  void decode_unknownKindAndStatus_areUnspecified() {
    decode(resource(), span(1).setKindValue(-4).setStatus(Status.newBuilder().setCodeValue(9)));
    assertThat(batch.kind(0)).isZero();
    assertThat(batch.status(0)).isZero();
  }

  @Test
  void decode_parentOfAnotherLength_isNone() {
    decode(resource(), span(1).setParentSpanId(ByteString.copyFrom(new byte[] {1, 2, 3})));
    assertThat(batch.parentSpanId(0)).isZero();
  }

  @Test
  void decode_invalidSpans_areCountedByReasonAndTheRestIsKept() {
    ByteString zeros = ByteString.copyFrom(new byte[16]);
    decode(
        resource(),
        span(1),
        span(2).setTraceId(zeros),
        span(3).setTraceId(zeros.substring(1)),
        span(4).clearTraceId(),
        span(5).setSpanId(zeros.substring(8)),
        span(6).setSpanId(zeros),
        span(7).clearStartTimeUnixNano(),
        span(8).clearEndTimeUnixNano(),
        span(9).setEndTimeUnixNano(99),
        span(10).setStartTimeUnixNano(1).setEndTimeUnixNano(-1),
        span(11).setStartTimeUnixNano(-1).setEndTimeUnixNano(1),
        span(12));
    assertThat(batch.spanCount()).isEqualTo(2);
    assertThat(batch.spanId(1)).isEqualTo(12);
    assertThat(batch.rejected(RejectReason.INVALID_TRACE_ID)).isEqualTo(3);
    assertThat(batch.rejected(RejectReason.INVALID_SPAN_ID)).isEqualTo(2);
    assertThat(batch.rejected(RejectReason.MISSING_TIME)).isEqualTo(2);
    assertThat(batch.rejected(RejectReason.END_BEFORE_START)).isEqualTo(3);
    assertThat(batch.rejectedTotal()).isEqualTo(10);
  }

  @Test
  void decode_timesAfter2262_areReadUnsigned() {
    decode(resource(), span(1).setStartTimeUnixNano(-10).setEndTimeUnixNano(-3));
    assertThat(batch.durationNanos(0)).isEqualTo(7);
  }

  @Test
  void decode_malformedEnd_leavesNothingOfTheMessage() {
    byte[] good =
        ExportTraceServiceRequest.newBuilder()
            .addResourceSpans(
                ResourceSpans.newBuilder()
                    .addScopeSpans(
                        ScopeSpans.newBuilder()
                            .addSpans(span(1))
                            .addSpans(span(2).clearName())
                            .addSpans(span(3).clearSpanId())))
            .build()
            .toByteArray();
    DecodeResult result = decoder.decode(good, 0, good.length - 1, batch);
    assertThat(result).isInstanceOf(DecodeResult.Malformed.class);
    assertThat(batch.spanCount()).isZero();
    assertThat(batch.rejectedTotal()).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "0a, a field is cut off at byte 1",
    "0aff, a field is cut off at byte 1",
    "0a05, a length goes beyond its message at byte 1",
    "0affffffff0f, a length is negative at byte 1",
    "30ffffffffffffffffff80, a varint is longer than ten bytes at byte 1",
    "0a0f120d120b30ffffffffffffffffff81, a varint is longer than ten bytes at byte 7",
    "0affffffffffffffffffff01, a varint is longer than ten bytes at byte 1",
    "00, a tag has field number 0 at byte 0",
    "0600, a tag has field number 0 at byte 0",
    "0e, a tag has an unknown wire type at byte 1",
    "0f, a tag has an unknown wire type at byte 1",
    "0c, a group ends that did not begin at byte 1",
    "0b, a group does not end at byte 1",
    "0b14, a group ends that did not begin at byte 2",
    "150000, a field is cut off at byte 1",
    "110000, a field is cut off at byte 1",
    "0a031a01ff, a string is not UTF-8 at byte 4",
  })
  void decode_malformed_saysWhatAndWhere(String hex, String message) {
    byte[] bytes = HEX.parseHex("77" + hex);
    assertThat(decoder.decode(bytes, 1, bytes.length - 1, batch))
        .isEqualTo(new DecodeResult.Malformed(message));
  }

  @ParameterizedTest
  @CsvSource({
    "8a808080808080808000 00", // a tag in ten bytes
    "0a8000", // a length in two bytes
    "0b0c", // an empty group
    "0b 13 14 0c", // a group in a group
    "08 ffffffffffffffffff7f", // a known field with another wire type, whose tenth byte overflows
    "30 ffffffffffffffffff81", // protobuf-java ends an unknown varint at an odd tenth byte
    "fa7f00", // an unknown field
  })
  void decode_oddButAllowed_isWellFormed(String hex) {
    byte[] bytes = HEX.parseHex(hex.replace(" ", ""));
    assertThat(decoder.decode(bytes, 0, bytes.length, batch)).isSameAs(DecodeResult.DECODED);
  }

  @Test
  void decode_rangeOutsideTheArray_isTheCallersFault() {
    assertThatThrownBy(() -> decoder.decode(new byte[4], 2, 3, batch))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }

  private static Span.Builder span(long id) {
    byte[] spanId = new byte[8];
    spanId[7] = (byte) id;
    return Span.newBuilder()
        .setTraceId(ByteString.copyFrom(HEX.parseHex("5b8efff798038103d269b633813fc60c")))
        .setSpanId(ByteString.copyFrom(spanId))
        .setName("op")
        .setStartTimeUnixNano(100)
        .setEndTimeUnixNano(200);
  }

  private static KeyValue attribute(String key, String value) {
    return KeyValue.newBuilder()
        .setKey(key)
        .setValue(AnyValue.newBuilder().setStringValue(value))
        .build();
  }

  private static Resource resource(KeyValue... attributes) {
    Resource.Builder resource = Resource.newBuilder();
    for (KeyValue attribute : attributes) {
      resource.addAttributes(attribute);
    }
    return resource.build();
  }

  private void decode(Resource resource, Span.Builder... spans) {
    ScopeSpans.Builder scope = ScopeSpans.newBuilder();
    for (Span.Builder span : spans) {
      scope.addSpans(span);
    }
    decodeResourceSpans(
        ResourceSpans.newBuilder()
            .setResource(resource)
            .addScopeSpans(scope)
            .build()
            .toByteString());
  }

  private void decodeSpan(ByteString span) {
    ByteString scope = delimited(0x12, span);
    decodeResourceSpans(delimited(0x12, scope));
  }

  private void decodeResourceSpans(ByteString resourceSpans) {
    byte[] bytes = delimited(0x0a, resourceSpans).toByteArray();
    assertThat(decoder.decode(bytes, 0, bytes.length, batch)).isSameAs(DecodeResult.DECODED);
  }

  private static ByteString delimited(int tag, ByteString content) {
    byte[] head = {
      (byte) tag, (byte) ((content.size() & 0x7f) | 0x80), (byte) (content.size() >> 7)
    };
    return ByteString.copyFrom(head).concat(content);
  }

  private String service(int row) {
    int resource = batch.resource(row);
    return text(batch.serviceOffset(resource), batch.serviceLength(resource));
  }

  private String text(int offset, int length) {
    return new String(batch.bytes(), offset, length, StandardCharsets.UTF_8);
  }

  private String hexAt(int offset, int length) {
    return HEX.formatHex(batch.bytes(), offset, offset + length);
  }

  private static String length(String hex) {
    return String.format("%02x", hex.length() / 2);
  }

  private static String hex(String text) {
    return HEX.formatHex(text.getBytes(StandardCharsets.UTF_8));
  }
}
