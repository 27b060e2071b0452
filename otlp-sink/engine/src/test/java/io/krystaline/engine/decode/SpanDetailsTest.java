package io.krystaline.engine.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.krystaline.engine.Fuzzing;
import io.krystaline.engine.span.SpanBatch;
import io.krystaline.engine.span.SpanId;
import io.krystaline.engine.span.SpanKind;
import io.krystaline.engine.span.StatusCode;
import io.krystaline.engine.span.TraceId;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.ArrayValue;
import io.opentelemetry.proto.common.v1.InstrumentationScope;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.common.v1.KeyValueList;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SpanDetailsTest {
  private static final String TRACE = "5b8efff798038103d269b633813fc60c";
  private static final ByteString TRACE_BYTES = ByteString.copyFrom(HexFormat.of().parseHex(TRACE));
  private static final ByteString SPAN_BYTES =
      ByteString.copyFrom(HexFormat.of().parseHex("eee19b7ec3c1b174"));

  @Test
  void read_everyPart_isThere() {
    Span span =
        base()
            .setParentSpanId(SPAN_BYTES)
            .setTraceState("a=b")
            .setKind(Span.SpanKind.SPAN_KIND_CLIENT)
            .setStatus(
                Status.newBuilder().setCode(Status.StatusCode.STATUS_CODE_ERROR).setMessage("bad"))
            .addAttributes(attribute("text", AnyValue.newBuilder().setStringValue("é")))
            .addAttributes(attribute("bool", AnyValue.newBuilder().setBoolValue(true)))
            .addAttributes(attribute("whole", AnyValue.newBuilder().setIntValue(-7)))
            .addAttributes(attribute("real", AnyValue.newBuilder().setDoubleValue(Double.NaN)))
            .addAttributes(
                attribute(
                    "bytes",
                    AnyValue.newBuilder().setBytesValue(ByteString.copyFrom(new byte[] {1, 2}))))
            .addAttributes(attribute("empty", AnyValue.newBuilder()))
            .addAttributes(
                attribute(
                    "list",
                    AnyValue.newBuilder()
                        .setArrayValue(
                            ArrayValue.newBuilder()
                                .addValues(AnyValue.newBuilder().setIntValue(1))
                                .addValues(AnyValue.newBuilder().setStringValue("x")))))
            .addAttributes(
                attribute(
                    "map",
                    AnyValue.newBuilder()
                        .setKvlistValue(
                            KeyValueList.newBuilder()
                                .addValues(
                                    attribute("k", AnyValue.newBuilder().setBoolValue(false))))))
            .setDroppedAttributesCount(3)
            .addEvents(
                Span.Event.newBuilder()
                    .setTimeUnixNano(150)
                    .setName("exception")
                    .addAttributes(attribute("e", AnyValue.newBuilder().setIntValue(1))))
            .addLinks(Span.Link.newBuilder().setTraceId(TRACE_BYTES).setSpanId(SPAN_BYTES))
            .build();

    SpanDetail detail = read(span);

    assertThat(detail.traceId()).isEqualTo(TraceId.parse(TRACE));
    assertThat(detail.spanId()).isEqualTo(SpanId.parse("eee19b7ec3c1b174"));
    assertThat(detail.parentSpanId()).isEqualTo(detail.spanId());
    assertThat(detail.traceState()).isEqualTo("a=b");
    assertThat(detail.service()).isEqualTo("shop");
    assertThat(detail.name()).isEqualTo("GET");
    assertThat(detail.kind()).isEqualTo(SpanKind.CLIENT);
    assertThat(detail.durationNanos()).isEqualTo(100);
    assertThat(detail.status()).isEqualTo(StatusCode.ERROR);
    assertThat(detail.statusMessage()).isEqualTo("bad");
    assertThat(detail.attributes())
        .containsExactly(
            new Attribute("text", new AttributeValue.Text("é")),
            new Attribute("bool", new AttributeValue.Bool(true)),
            new Attribute("whole", new AttributeValue.Whole(-7)),
            new Attribute("real", new AttributeValue.Real(Double.NaN)),
            new Attribute("bytes", new AttributeValue.Binary("AQI=", 2)),
            new Attribute("empty", AttributeValue.EMPTY),
            new Attribute(
                "list",
                new AttributeValue.Sequence(
                    List.of(new AttributeValue.Whole(1), new AttributeValue.Text("x")))),
            new Attribute(
                "map",
                new AttributeValue.Structure(
                    List.of(new Attribute("k", new AttributeValue.Bool(false))))));
    assertThat(detail.attributesDropped()).isEqualTo(3);
    assertThat(detail.events())
        .containsExactly(
            new SpanEvent(
                150, "exception", List.of(new Attribute("e", new AttributeValue.Whole(1)))));
    assertThat(detail.links())
        .containsExactly(new SpanLink(detail.traceId(), detail.spanId(), List.of()));
    assertThat(detail.resourceAttributes())
        .containsExactly(new Attribute("service.name", new AttributeValue.Text("shop")));
    assertThat(detail.scopeName()).isEqualTo("lib");
    assertThat(detail.scopeVersion()).isEqualTo("1.2");
  }

  @Test
  void read_overTheLimits_isCutVisibly() {
    Span span =
        base()
            .addAttributes(attribute("t", AnyValue.newBuilder().setStringValue("abcé!")))
            .addAttributes(
                attribute(
                    "b", AnyValue.newBuilder().setBytesValue(ByteString.copyFrom(new byte[9]))))
            .addAttributes(attribute("third", AnyValue.newBuilder()))
            .addAttributes(attribute("fourth", AnyValue.newBuilder()))
            .addEvents(Span.Event.newBuilder())
            .addEvents(Span.Event.newBuilder())
            .addLinks(Span.Link.newBuilder())
            .addLinks(Span.Link.newBuilder())
            .addLinks(Span.Link.newBuilder())
            .build();
    byte[] bytes = request(span);
    SpanDetail detail =
        SpanDetails.read(bytes, 0, bytes.length, new SpanDetailLimits(2, 1, 1, 4, 1)).orElseThrow();
    assertThat(detail.attributes())
        .containsExactly(
            new Attribute("t", new AttributeValue.Text("abc… (+3 bytes)")),
            new Attribute("b", new AttributeValue.Binary("AAAAAA==", 9)),
            new Attribute("…", new AttributeValue.Omitted(2)));
    assertThat(detail.events()).hasSize(1);
    assertThat(detail.eventsOmitted()).isEqualTo(1);
    assertThat(detail.linksOmitted()).isEqualTo(2);
  }

  @Test
  void read_valuesNestedTooDeep_areOmittedWithTheirCount() {
    AnyValue.Builder inner =
        AnyValue.newBuilder()
            .setArrayValue(ArrayValue.newBuilder().addValues(AnyValue.newBuilder().setIntValue(1)));
    AnyValue.Builder outer =
        AnyValue.newBuilder().setArrayValue(ArrayValue.newBuilder().addValues(inner));
    byte[] bytes = request(base().addAttributes(attribute("deep", outer)).build());
    SpanDetail detail =
        SpanDetails.read(bytes, 0, bytes.length, new SpanDetailLimits(9, 9, 9, 99, 1))
            .orElseThrow();
    assertThat(detail.attributes().get(0).value())
        .isEqualTo(
            new AttributeValue.Sequence(
                List.of(new AttributeValue.Sequence(List.of(new AttributeValue.Omitted(1))))));
  }

  @Test
  void read_noValidSpan_isEmpty() {
    assertThat(SpanDetails.read(new byte[0])).isEmpty();
    assertThat(SpanDetails.read(new byte[] {1, 2, 3})).isEmpty();
    assertThat(SpanDetails.read(request(base().clearSpanId().build()))).isEmpty();
  }

  @Test
  void read_noService_isUnknown() {
    byte[] bytes =
        ExportTraceServiceRequest.newBuilder()
            .addResourceSpans(
                ResourceSpans.newBuilder().addScopeSpans(ScopeSpans.newBuilder().addSpans(base())))
            .build()
            .toByteArray();
    assertThat(SpanDetails.read(bytes).orElseThrow().service()).isEqualTo("unknown_service");
  }

  @Test
  void read_generatedAndMutated_neverFailsAndExtractsTheSame() throws Exception {
    SpanExtractor extractor = new SpanExtractor();
    TraceDecoder decoder = new TraceDecoder();
    SpanBatch batch = new SpanBatch();
    Fuzzing.run(
        "details of mutated traces",
        random -> {
          byte[] message = message(random);
          byte[] mutated =
              random.nextBoolean() ? message : new Mutations(random).mutate(message, message);
          if (decoder.decode(mutated, 0, mutated.length, batch) instanceof DecodeResult.Decoded) {
            for (int row = 0; row < batch.spanCount(); row++) {
              SpanDetail inPlace = SpanDetails.read(batch, row, SpanDetailLimits.DEFAULT);
              byte[] extracted = extractor.extract(batch, row);
              assertThat(extracted).hasSize(extractor.extractedLength(batch, row));
              assertThat(SpanDetails.read(extracted)).contains(inPlace);
            }
          }
        });
  }

  @Test
  void extract_rawRanges_givesOneSpanWithItsResource() throws Exception {
    byte[] resource =
        Resource.newBuilder()
            .addAttributes(attribute("service.name", AnyValue.newBuilder().setStringValue("raw")))
            .build()
            .toByteArray();
    byte[] span = base().setName("x".repeat(300)).build().toByteArray();
    byte[] bytes = new byte[resource.length + span.length];
    System.arraycopy(resource, 0, bytes, 0, resource.length);
    System.arraycopy(span, 0, bytes, resource.length, span.length);
    byte[] message =
        new SpanExtractor().extract(bytes, 0, resource.length, resource.length, span.length);
    ExportTraceServiceRequest request = ExportTraceServiceRequest.parseFrom(message);
    assertThat(request.getResourceSpans(0).getResource().toByteArray()).isEqualTo(resource);
    assertThat(request.getResourceSpans(0).getScopeSpans(0).getSpans(0).toByteArray())
        .isEqualTo(span);
    assertThatThrownBy(() -> new SpanExtractor().extract(bytes, 0, 1, 5, bytes.length))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }

  private static byte[] message(Random random) {
    return new RandomMessages(random)
        .fill(ExportTraceServiceRequest.newBuilder())
        .build()
        .toByteArray();
  }

  private static Span.Builder base() {
    return Span.newBuilder()
        .setTraceId(TRACE_BYTES)
        .setSpanId(SPAN_BYTES)
        .setName("GET")
        .setStartTimeUnixNano(100)
        .setEndTimeUnixNano(200);
  }

  private static KeyValue attribute(String key, AnyValue.Builder value) {
    return KeyValue.newBuilder().setKey(key).setValue(value).build();
  }

  private static SpanDetail read(Span span) {
    return SpanDetails.read(request(span)).orElseThrow();
  }

  private static byte[] request(Span span) {
    return ExportTraceServiceRequest.newBuilder()
        .addResourceSpans(
            ResourceSpans.newBuilder()
                .setResource(
                    Resource.newBuilder()
                        .addAttributes(
                            attribute(
                                "service.name", AnyValue.newBuilder().setStringValue("shop"))))
                .addScopeSpans(
                    ScopeSpans.newBuilder()
                        .setScope(
                            InstrumentationScope.newBuilder().setName("lib").setVersion("1.2"))
                        .addSpans(span)))
        .build()
        .toByteArray();
  }
}
