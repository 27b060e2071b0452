package io.krystaline.engine.decode;

import java.util.HashMap;
import java.util.Map;

/**
 * The messages of OTLP 1.11 (traces, metrics, logs) as tables. A test holds them against the
 * descriptors of the published protocol.
 */
final class OtlpShapes {
  private static final Map<String, Integer> SPAN_KIND_NAMES =
      Map.of(
          "SPAN_KIND_UNSPECIFIED",
          0,
          "SPAN_KIND_INTERNAL",
          1,
          "SPAN_KIND_SERVER",
          2,
          "SPAN_KIND_CLIENT",
          3,
          "SPAN_KIND_PRODUCER",
          4,
          "SPAN_KIND_CONSUMER",
          5);

  private static final Map<String, Integer> STATUS_CODE_NAMES =
      Map.of("STATUS_CODE_UNSET", 0, "STATUS_CODE_OK", 1, "STATUS_CODE_ERROR", 2);

  private static final Map<String, Integer> AGGREGATION_TEMPORALITY_NAMES =
      Map.of(
          "AGGREGATION_TEMPORALITY_UNSPECIFIED",
          0,
          "AGGREGATION_TEMPORALITY_DELTA",
          1,
          "AGGREGATION_TEMPORALITY_CUMULATIVE",
          2);

  private static final Map<String, Integer> SEVERITY_NUMBER_NAMES = severityNames();

  static final MessageShape ANY_VALUE = new MessageShape("AnyValue");
  static final MessageShape ARRAY_VALUE = new MessageShape("ArrayValue");
  static final MessageShape KEY_VALUE_LIST = new MessageShape("KeyValueList");
  static final MessageShape KEY_VALUE = new MessageShape("KeyValue");
  static final MessageShape INSTRUMENTATION_SCOPE = new MessageShape("InstrumentationScope");
  static final MessageShape ENTITY_REF = new MessageShape("EntityRef");
  static final MessageShape RESOURCE = new MessageShape("Resource");
  static final MessageShape RESOURCE_SPANS = new MessageShape("ResourceSpans");
  static final MessageShape SCOPE_SPANS = new MessageShape("ScopeSpans");
  static final MessageShape SPAN = new MessageShape("Span");
  static final MessageShape EVENT = new MessageShape("Event");
  static final MessageShape LINK = new MessageShape("Link");
  static final MessageShape STATUS = new MessageShape("Status");
  static final MessageShape RESOURCE_METRICS = new MessageShape("ResourceMetrics");
  static final MessageShape SCOPE_METRICS = new MessageShape("ScopeMetrics");
  static final MessageShape METRIC = new MessageShape("Metric");
  static final MessageShape GAUGE = new MessageShape("Gauge");
  static final MessageShape SUM = new MessageShape("Sum");
  static final MessageShape HISTOGRAM = new MessageShape("Histogram");
  static final MessageShape EXPONENTIAL_HISTOGRAM = new MessageShape("ExponentialHistogram");
  static final MessageShape SUMMARY = new MessageShape("Summary");
  static final MessageShape NUMBER_DATA_POINT = new MessageShape("NumberDataPoint");
  static final MessageShape HISTOGRAM_DATA_POINT = new MessageShape("HistogramDataPoint");
  static final MessageShape EXPONENTIAL_HISTOGRAM_DATA_POINT =
      new MessageShape("ExponentialHistogramDataPoint");
  static final MessageShape BUCKETS = new MessageShape("Buckets");
  static final MessageShape SUMMARY_DATA_POINT = new MessageShape("SummaryDataPoint");
  static final MessageShape VALUE_AT_QUANTILE = new MessageShape("ValueAtQuantile");
  static final MessageShape EXEMPLAR = new MessageShape("Exemplar");
  static final MessageShape RESOURCE_LOGS = new MessageShape("ResourceLogs");
  static final MessageShape SCOPE_LOGS = new MessageShape("ScopeLogs");
  static final MessageShape LOG_RECORD = new MessageShape("LogRecord");

  /** Also TracesData, which has the same field. */
  static final MessageShape TRACES = new MessageShape("ExportTraceServiceRequest");

  static final MessageShape METRICS = new MessageShape("ExportMetricsServiceRequest");
  static final MessageShape LOGS = new MessageShape("ExportLogsServiceRequest");

  static {
    defineCommon();
    defineTraces();
    defineMetrics();
    defineDataPoints();
    defineLogs();
  }

  private OtlpShapes() {}

  /** The export request of a signal. */
  static MessageShape request(Signal signal) {
    return switch (signal) {
      case TRACES -> TRACES;
      case METRICS -> METRICS;
      case LOGS -> LOGS;
    };
  }

  private static void defineCommon() {
    ANY_VALUE.define(
        FieldShape.one(1, "stringValue", FieldType.STRING),
        FieldShape.one(2, "boolValue", FieldType.BOOL),
        FieldShape.one(3, "intValue", FieldType.INT64),
        FieldShape.one(4, "doubleValue", FieldType.DOUBLE),
        FieldShape.one(5, "arrayValue", ARRAY_VALUE),
        FieldShape.one(6, "kvlistValue", KEY_VALUE_LIST),
        FieldShape.one(7, "bytesValue", FieldType.BYTES),
        FieldShape.one(8, "stringValueStrindex", FieldType.INT32));
    ARRAY_VALUE.define(FieldShape.many(1, "values", ANY_VALUE));
    KEY_VALUE_LIST.define(FieldShape.many(1, "values", KEY_VALUE));
    KEY_VALUE.define(
        FieldShape.one(1, "key", FieldType.STRING),
        FieldShape.one(2, "value", ANY_VALUE),
        FieldShape.one(3, "keyStrindex", FieldType.INT32));
    INSTRUMENTATION_SCOPE.define(
        FieldShape.one(1, "name", FieldType.STRING),
        FieldShape.one(2, "version", FieldType.STRING),
        FieldShape.many(3, "attributes", KEY_VALUE),
        FieldShape.one(4, "droppedAttributesCount", FieldType.UINT32));
    ENTITY_REF.define(
        FieldShape.one(1, "schemaUrl", FieldType.STRING),
        FieldShape.one(2, "type", FieldType.STRING),
        FieldShape.many(3, "idKeys", FieldType.STRING),
        FieldShape.many(4, "descriptionKeys", FieldType.STRING));
    RESOURCE.define(
        FieldShape.many(1, "attributes", KEY_VALUE),
        FieldShape.one(2, "droppedAttributesCount", FieldType.UINT32),
        FieldShape.many(3, "entityRefs", ENTITY_REF));
  }

  private static void defineTraces() {
    TRACES.define(FieldShape.many(1, "resourceSpans", RESOURCE_SPANS));
    RESOURCE_SPANS.define(
        FieldShape.one(1, "resource", RESOURCE),
        FieldShape.many(2, "scopeSpans", SCOPE_SPANS),
        FieldShape.one(3, "schemaUrl", FieldType.STRING));
    SCOPE_SPANS.define(
        FieldShape.one(1, "scope", INSTRUMENTATION_SCOPE),
        FieldShape.many(2, "spans", SPAN),
        FieldShape.one(3, "schemaUrl", FieldType.STRING));
    SPAN.define(
        FieldShape.one(1, "traceId", FieldType.ID),
        FieldShape.one(2, "spanId", FieldType.ID),
        FieldShape.one(3, "traceState", FieldType.STRING),
        FieldShape.one(4, "parentSpanId", FieldType.ID),
        FieldShape.one(16, "flags", FieldType.FIXED32),
        FieldShape.one(5, "name", FieldType.STRING),
        FieldShape.named(6, "kind", SPAN_KIND_NAMES),
        FieldShape.one(7, "startTimeUnixNano", FieldType.FIXED64),
        FieldShape.one(8, "endTimeUnixNano", FieldType.FIXED64),
        FieldShape.many(9, "attributes", KEY_VALUE),
        FieldShape.one(10, "droppedAttributesCount", FieldType.UINT32),
        FieldShape.many(11, "events", EVENT),
        FieldShape.one(12, "droppedEventsCount", FieldType.UINT32),
        FieldShape.many(13, "links", LINK),
        FieldShape.one(14, "droppedLinksCount", FieldType.UINT32),
        FieldShape.one(15, "status", STATUS));
    EVENT.define(
        FieldShape.one(1, "timeUnixNano", FieldType.FIXED64),
        FieldShape.one(2, "name", FieldType.STRING),
        FieldShape.many(3, "attributes", KEY_VALUE),
        FieldShape.one(4, "droppedAttributesCount", FieldType.UINT32));
    LINK.define(
        FieldShape.one(1, "traceId", FieldType.ID),
        FieldShape.one(2, "spanId", FieldType.ID),
        FieldShape.one(3, "traceState", FieldType.STRING),
        FieldShape.many(4, "attributes", KEY_VALUE),
        FieldShape.one(5, "droppedAttributesCount", FieldType.UINT32),
        FieldShape.one(6, "flags", FieldType.FIXED32));
    STATUS.define(
        FieldShape.one(2, "message", FieldType.STRING),
        FieldShape.named(3, "code", STATUS_CODE_NAMES));
  }

  private static void defineMetrics() {
    METRICS.define(FieldShape.many(1, "resourceMetrics", RESOURCE_METRICS));
    RESOURCE_METRICS.define(
        FieldShape.one(1, "resource", RESOURCE),
        FieldShape.many(2, "scopeMetrics", SCOPE_METRICS),
        FieldShape.one(3, "schemaUrl", FieldType.STRING));
    SCOPE_METRICS.define(
        FieldShape.one(1, "scope", INSTRUMENTATION_SCOPE),
        FieldShape.many(2, "metrics", METRIC),
        FieldShape.one(3, "schemaUrl", FieldType.STRING));
    METRIC.define(
        FieldShape.one(1, "name", FieldType.STRING),
        FieldShape.one(2, "description", FieldType.STRING),
        FieldShape.one(3, "unit", FieldType.STRING),
        FieldShape.one(5, "gauge", GAUGE),
        FieldShape.one(7, "sum", SUM),
        FieldShape.one(9, "histogram", HISTOGRAM),
        FieldShape.one(10, "exponentialHistogram", EXPONENTIAL_HISTOGRAM),
        FieldShape.one(11, "summary", SUMMARY),
        FieldShape.many(12, "metadata", KEY_VALUE));
    GAUGE.define(FieldShape.many(1, "dataPoints", NUMBER_DATA_POINT));
    SUM.define(
        FieldShape.many(1, "dataPoints", NUMBER_DATA_POINT),
        FieldShape.named(2, "aggregationTemporality", AGGREGATION_TEMPORALITY_NAMES),
        FieldShape.one(3, "isMonotonic", FieldType.BOOL));
    HISTOGRAM.define(
        FieldShape.many(1, "dataPoints", HISTOGRAM_DATA_POINT),
        FieldShape.named(2, "aggregationTemporality", AGGREGATION_TEMPORALITY_NAMES));
    EXPONENTIAL_HISTOGRAM.define(
        FieldShape.many(1, "dataPoints", EXPONENTIAL_HISTOGRAM_DATA_POINT),
        FieldShape.named(2, "aggregationTemporality", AGGREGATION_TEMPORALITY_NAMES));
    SUMMARY.define(FieldShape.many(1, "dataPoints", SUMMARY_DATA_POINT));
  }

  private static void defineDataPoints() {
    NUMBER_DATA_POINT.define(
        FieldShape.many(7, "attributes", KEY_VALUE),
        FieldShape.one(2, "startTimeUnixNano", FieldType.FIXED64),
        FieldShape.one(3, "timeUnixNano", FieldType.FIXED64),
        FieldShape.one(4, "asDouble", FieldType.DOUBLE),
        FieldShape.one(6, "asInt", FieldType.SFIXED64),
        FieldShape.many(5, "exemplars", EXEMPLAR),
        FieldShape.one(8, "flags", FieldType.UINT32));
    HISTOGRAM_DATA_POINT.define(
        FieldShape.many(9, "attributes", KEY_VALUE),
        FieldShape.one(2, "startTimeUnixNano", FieldType.FIXED64),
        FieldShape.one(3, "timeUnixNano", FieldType.FIXED64),
        FieldShape.one(4, "count", FieldType.FIXED64),
        FieldShape.one(5, "sum", FieldType.DOUBLE),
        FieldShape.many(6, "bucketCounts", FieldType.FIXED64),
        FieldShape.many(7, "explicitBounds", FieldType.DOUBLE),
        FieldShape.many(8, "exemplars", EXEMPLAR),
        FieldShape.one(10, "flags", FieldType.UINT32),
        FieldShape.one(11, "min", FieldType.DOUBLE),
        FieldShape.one(12, "max", FieldType.DOUBLE));
    EXPONENTIAL_HISTOGRAM_DATA_POINT.define(
        FieldShape.many(1, "attributes", KEY_VALUE),
        FieldShape.one(2, "startTimeUnixNano", FieldType.FIXED64),
        FieldShape.one(3, "timeUnixNano", FieldType.FIXED64),
        FieldShape.one(4, "count", FieldType.FIXED64),
        FieldShape.one(5, "sum", FieldType.DOUBLE),
        FieldShape.one(6, "scale", FieldType.SINT32),
        FieldShape.one(7, "zeroCount", FieldType.FIXED64),
        FieldShape.one(8, "positive", BUCKETS),
        FieldShape.one(9, "negative", BUCKETS),
        FieldShape.one(10, "flags", FieldType.UINT32),
        FieldShape.many(11, "exemplars", EXEMPLAR),
        FieldShape.one(12, "min", FieldType.DOUBLE),
        FieldShape.one(13, "max", FieldType.DOUBLE),
        FieldShape.one(14, "zeroThreshold", FieldType.DOUBLE));
    BUCKETS.define(
        FieldShape.one(1, "offset", FieldType.SINT32),
        FieldShape.many(2, "bucketCounts", FieldType.UINT64));
    SUMMARY_DATA_POINT.define(
        FieldShape.many(7, "attributes", KEY_VALUE),
        FieldShape.one(2, "startTimeUnixNano", FieldType.FIXED64),
        FieldShape.one(3, "timeUnixNano", FieldType.FIXED64),
        FieldShape.one(4, "count", FieldType.FIXED64),
        FieldShape.one(5, "sum", FieldType.DOUBLE),
        FieldShape.many(6, "quantileValues", VALUE_AT_QUANTILE),
        FieldShape.one(8, "flags", FieldType.UINT32));
    VALUE_AT_QUANTILE.define(
        FieldShape.one(1, "quantile", FieldType.DOUBLE),
        FieldShape.one(2, "value", FieldType.DOUBLE));
    EXEMPLAR.define(
        FieldShape.many(7, "filteredAttributes", KEY_VALUE),
        FieldShape.one(2, "timeUnixNano", FieldType.FIXED64),
        FieldShape.one(3, "asDouble", FieldType.DOUBLE),
        FieldShape.one(6, "asInt", FieldType.SFIXED64),
        FieldShape.one(4, "spanId", FieldType.ID),
        FieldShape.one(5, "traceId", FieldType.ID));
  }

  private static void defineLogs() {
    LOGS.define(FieldShape.many(1, "resourceLogs", RESOURCE_LOGS));
    RESOURCE_LOGS.define(
        FieldShape.one(1, "resource", RESOURCE),
        FieldShape.many(2, "scopeLogs", SCOPE_LOGS),
        FieldShape.one(3, "schemaUrl", FieldType.STRING));
    SCOPE_LOGS.define(
        FieldShape.one(1, "scope", INSTRUMENTATION_SCOPE),
        FieldShape.many(2, "logRecords", LOG_RECORD),
        FieldShape.one(3, "schemaUrl", FieldType.STRING));
    LOG_RECORD.define(
        FieldShape.one(1, "timeUnixNano", FieldType.FIXED64),
        FieldShape.one(11, "observedTimeUnixNano", FieldType.FIXED64),
        FieldShape.named(2, "severityNumber", SEVERITY_NUMBER_NAMES),
        FieldShape.one(3, "severityText", FieldType.STRING),
        FieldShape.one(5, "body", ANY_VALUE),
        FieldShape.many(6, "attributes", KEY_VALUE),
        FieldShape.one(7, "droppedAttributesCount", FieldType.UINT32),
        FieldShape.one(8, "flags", FieldType.FIXED32),
        FieldShape.one(9, "traceId", FieldType.ID),
        FieldShape.one(10, "spanId", FieldType.ID),
        FieldShape.one(12, "eventName", FieldType.STRING));
  }

  /** SEVERITY_NUMBER_TRACE is 1, TRACE2 is 2, and so on to FATAL4, which is 24. */
  private static Map<String, Integer> severityNames() {
    String[] levels = {"TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"};
    Map<String, Integer> names = new HashMap<>();
    names.put("SEVERITY_NUMBER_UNSPECIFIED", 0);
    for (int i = 0; i < 24; i++) {
      int step = i % 4;
      names.put("SEVERITY_NUMBER_" + levels[i / 4] + (step == 0 ? "" : step + 1), i + 1);
    }
    return Map.copyOf(names);
  }
}
