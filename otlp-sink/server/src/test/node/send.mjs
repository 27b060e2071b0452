// Sends spans through the real OpenTelemetry SDK: many of 40 to 60 ms, then one of 5 s.
// Usage: node send.mjs (grpc|http/protobuf|http/json) ENDPOINT SERVICE COUNT
// Prints one line of JSON: how many spans were sent, and the ids of the slow one. Exits 1 where an export failed.
import { SpanKind } from '@opentelemetry/api';
import { setGlobalErrorHandler } from '@opentelemetry/core';
import { OTLPTraceExporter as GrpcExporter } from '@opentelemetry/exporter-trace-otlp-grpc';
import { OTLPTraceExporter as JsonExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { OTLPTraceExporter as ProtobufExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';

const exporters = {
  grpc: (url) => new GrpcExporter({ url }),
  'http/protobuf': (url) => new ProtobufExporter({ url: `${url}/v1/traces` }),
  'http/json': (url) => new JsonExporter({ url: `${url}/v1/traces` }),
};

const [protocol, endpoint, service, countText] = process.argv.slice(2);
const count = Number(countText);
if (!(protocol in exporters) || !endpoint || !service || !Number.isInteger(count)) {
  console.error('usage: send.mjs (grpc|http/protobuf|http/json) ENDPOINT SERVICE COUNT');
  process.exit(2);
}

setGlobalErrorHandler((error) => {
  console.error('export failed:', error);
  process.exitCode = 1;
});

const processor = new BatchSpanProcessor({
  exporter: exporters[protocol](endpoint),
  maxQueueSize: count + 1,
  maxExportBatchSize: 512,
});
const provider = new TracerProvider({
  resource: resourceFromAttributes({ 'service.name': service }),
  spanProcessors: [processor],
});
const tracer = provider.getTracer('krystaline-sdk-peer');

const now = Date.now();

function send(durationMillis, millisAgo) {
  const startTime = now - millisAgo - durationMillis;
  const span = tracer.startSpan('GET /orders', {
    kind: SpanKind.SERVER,
    startTime,
    attributes: {
      'http.request.method': 'GET',
      'http.route': '/orders',
      'order.weights': [1.5, 2.5],
      'order.open': true,
    },
  });
  span.addEvent('looked up', { rows: 3 }, startTime + 1);
  span.end(startTime + durationMillis);
  return span.spanContext();
}

for (let index = 0; index < count; index++) {
  send(40 + (index % 21), 1000);
}
await provider.forceFlush();
const slow = send(5000, 0);
await provider.forceFlush();
await provider.shutdown();
console.log(JSON.stringify({ sent: count + 1, traceId: slow.traceId, spanId: slow.spanId }));
