-- Times of spans are nanoseconds since the Unix epoch, as they came; all other times are timestamptz.
-- Columns of fixed width stand first, so that rows are packed.

CREATE TABLE anomaly (
  start_ns bigint NOT NULL,
  end_ns bigint NOT NULL,
  detected_ns bigint NOT NULL,
  stored_at timestamptz NOT NULL,
  deviation double precision NOT NULL,
  mean_ms double precision NOT NULL,
  std_dev_ms double precision NOT NULL,
  p50_ms double precision NOT NULL,
  p95_ms double precision NOT NULL,
  p99_ms double precision NOT NULL,
  samples bigint NOT NULL,
  severity smallint NOT NULL CHECK (severity BETWEEN 1 AND 5),
  kind smallint NOT NULL,
  trace_id bytea NOT NULL,
  span_id bytea NOT NULL,
  service text NOT NULL,
  operation text NOT NULL,
  bucket text NOT NULL,
  explanation text NOT NULL,
  span bytea NOT NULL,
  PRIMARY KEY (trace_id, span_id)
);
-- With the severity, as counts then read the index alone and not the rows, which carry the spans.
CREATE INDEX anomaly_start ON anomaly (start_ns) INCLUDE (severity);
CREATE INDEX anomaly_service ON anomaly (service, start_ns) INCLUDE (severity);
CREATE INDEX anomaly_operation ON anomaly (operation, start_ns);
-- Rows come in the order of these times, so that a summary of each range of pages is enough.
CREATE INDEX anomaly_stored ON anomaly USING brin (stored_at, detected_ns) WITH (pages_per_range = 32, autosummarize = on);

-- The other spans of traces that hold an anomaly.
CREATE TABLE trace_span (
  start_ns bigint NOT NULL,
  stored_at timestamptz NOT NULL,
  trace_id bytea NOT NULL,
  span_id bytea NOT NULL,
  span bytea NOT NULL,
  PRIMARY KEY (trace_id, span_id)
);
CREATE INDEX trace_span_stored ON trace_span USING brin (stored_at) WITH (pages_per_range = 32, autosummarize = on);

CREATE TABLE operation (
  id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  kind smallint NOT NULL,
  changed_at timestamptz,
  service text NOT NULL,
  name text NOT NULL,
  UNIQUE (service, name, kind)
);

CREATE TABLE hour_statistics (
  epoch_hour bigint NOT NULL,
  samples bigint NOT NULL,
  mean_ns double precision NOT NULL,
  m2 double precision NOT NULL,
  min_ns bigint NOT NULL,
  max_ns bigint NOT NULL,
  operation_id integer NOT NULL REFERENCES operation,
  sketch bytea NOT NULL,
  PRIMARY KEY (operation_id, epoch_hour)
) WITH (fillfactor = 80);
CREATE INDEX hour_statistics_hour ON hour_statistics (epoch_hour);

-- The last checkpoint of each run of a process, which makes repeating one harmless.
CREATE TABLE checkpoint (
  run uuid PRIMARY KEY,
  sequence bigint NOT NULL,
  stored_at timestamptz NOT NULL
);

CREATE TABLE baseline (
  calculated_at timestamptz NOT NULL,
  operation_id integer PRIMARY KEY REFERENCES operation,
  payload bytea NOT NULL
);

CREATE TABLE recalculation (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  operations bigint NOT NULL DEFAULT 0,
  started_at timestamptz NOT NULL,
  renewed_at timestamptz NOT NULL,
  finished_at timestamptz,
  kind text NOT NULL,
  state text NOT NULL,
  error text
);
-- One runs at a time, over all processes.
CREATE UNIQUE INDEX recalculation_running ON recalculation (state) WHERE state = 'RUNNING';
