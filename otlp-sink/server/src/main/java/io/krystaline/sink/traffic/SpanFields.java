package io.krystaline.sink.traffic;

/**
 * Encodes what all spans of an operation have in common: name, kind, attributes with the names of
 * OpenTelemetry's semantic conventions, status, and for failed ones the exception. The numbers are
 * those of the fields in {@code opentelemetry/proto/trace/v1/trace.proto}.
 */
final class SpanFields {
  static final int TRACE_ID = 1;
  static final int SPAN_ID = 2;
  static final int PARENT_SPAN_ID = 4;
  static final int NAME = 5;
  static final int KIND = 6;
  static final int START_TIME = 7;
  static final int END_TIME = 8;
  static final int ATTRIBUTES = 9;
  static final int EVENTS = 11;
  static final int LINKS = 13;
  static final int STATUS = 15;

  static final int KEY = 1;
  static final int VALUE = 2;

  private static final int INTERNAL = 1;
  private static final int SERVER = 2;
  private static final int CLIENT = 3;
  private static final int PRODUCER = 4;
  private static final int CONSUMER = 5;

  private SpanFields() {}

  static EncodedFields server(String name) {
    return new EncodedFields(server(name, false), server(name, true));
  }

  static EncodedFields client(String name) {
    return new EncodedFields(client(name, false), client(name, true));
  }

  static EncodedFields database(String name, String system) {
    return new EncodedFields(database(name, system, false), database(name, system, true));
  }

  static EncodedFields producer(String name) {
    ProtobufWriter out = start(name, PRODUCER);
    messaging(out, "send");
    return neverFailing(done(out, false));
  }

  static EncodedFields consumer(String name) {
    return new EncodedFields(consumer(name, false), consumer(name, true));
  }

  static EncodedFields internal(String name) {
    return neverFailing(done(start(name, INTERNAL), false));
  }

  private static EncodedFields neverFailing(byte[] fields) {
    return new EncodedFields(fields, fields);
  }

  private static byte[] server(String name, boolean failed) {
    ProtobufWriter out = start(name, SERVER);
    http(out, name, failed);
    attribute(out, "http.route", name.substring(name.indexOf(' ') + 1));
    return done(out, failed);
  }

  private static byte[] client(String name, boolean failed) {
    ProtobufWriter out = start(name, CLIENT);
    http(out, name, failed);
    return done(out, failed);
  }

  private static byte[] database(String name, String system, boolean failed) {
    ProtobufWriter out = start(name, CLIENT);
    attribute(out, "db.system.name", system);
    attribute(out, "db.query.summary", name);
    return done(out, failed);
  }

  private static byte[] consumer(String name, boolean failed) {
    ProtobufWriter out = start(name, CONSUMER);
    messaging(out, "process");
    return done(out, failed);
  }

  /** The exception that a failed span shows. */
  static byte[] exception(String type, String message, String place) {
    ProtobufWriter out = new ProtobufWriter(256);
    attribute(out, 3, "exception.type", type);
    attribute(out, 3, "exception.message", message);
    attribute(
        out,
        3,
        "exception.stacktrace",
        "%s: %s%n\tat shop.%s.call(Call.java:42)%n\tat shop.%s.handle(Handler.java:17)"
            .formatted(type, message, place, place));
    return out.copy();
  }

  static void attribute(ProtobufWriter out, int field, String key, String value) {
    int pair = out.begin(field);
    out.stringField(KEY, key);
    int any = out.begin(VALUE);
    out.stringField(1, value);
    out.end(any);
    out.end(pair);
  }

  private static void attribute(ProtobufWriter out, String key, String value) {
    attribute(out, ATTRIBUTES, key, value);
  }

  private static void http(ProtobufWriter out, String name, boolean failed) {
    attribute(out, "http.request.method", name.substring(0, name.indexOf(' ')));
    int pair = out.begin(ATTRIBUTES);
    out.stringField(KEY, "http.response.status_code");
    int any = out.begin(VALUE);
    out.varintField(3, failed ? 500 : 200);
    out.end(any);
    out.end(pair);
  }

  private static void messaging(ProtobufWriter out, String type) {
    attribute(out, "messaging.system", "rabbitmq");
    attribute(out, "messaging.destination.name", "orders");
    attribute(out, "messaging.operation.type", type);
  }

  private static ProtobufWriter start(String name, int kind) {
    ProtobufWriter out = new ProtobufWriter(256);
    out.stringField(NAME, name);
    out.varintField(KIND, kind);
    return out;
  }

  private static byte[] done(ProtobufWriter out, boolean failed) {
    if (failed) {
      int status = out.begin(STATUS);
      out.varintField(3, 2);
      out.end(status);
    }
    return out.copy();
  }
}
