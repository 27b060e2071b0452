-- Incidents and what people do with them. Event times are nanoseconds since the Unix epoch, all other times are
-- timestamptz. An incident's document is its whole state as JSON in ASCII; the columns beside it are what is searched.

CREATE TABLE incident (
  start_ns bigint NOT NULL,
  updated_ns bigint NOT NULL,
  end_ns bigint, -- null while it is open
  stored_at timestamptz NOT NULL,
  acknowledged_at timestamptz,
  severity smallint NOT NULL CHECK (severity BETWEEN 1 AND 5),
  priority smallint NOT NULL CHECK (priority BETWEEN 0 AND 2),
  id text COLLATE "C" PRIMARY KEY,
  services text[] NOT NULL,
  operations text[] NOT NULL,
  acknowledged_by text,
  acknowledged_comment text,
  document text NOT NULL
);
CREATE INDEX incident_start ON incident (start_ns, id);
CREATE INDEX incident_open ON incident (start_ns, id) WHERE end_ns IS NULL;
CREATE INDEX incident_stored ON incident (stored_at);

-- What happened to an incident, and what people did with it, in order.
CREATE TABLE incident_entry (
  number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  recorded_at timestamptz NOT NULL,
  event_ns bigint, -- null where a person did it
  incident_id text COLLATE "C" NOT NULL REFERENCES incident ON DELETE CASCADE,
  action text NOT NULL,
  author text, -- null where the sink did it
  body text NOT NULL
);
CREATE INDEX incident_entry_incident ON incident_entry (incident_id, number);

CREATE TABLE silence (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  created_at timestamptz NOT NULL,
  until timestamptz NOT NULL,
  ended_at timestamptz,
  severity_max smallint CHECK (severity_max BETWEEN 1 AND 5),
  service text,
  operation text,
  created_by text NOT NULL,
  comment text NOT NULL,
  ended_by text
);
CREATE INDEX silence_until ON silence (until);

-- Corrections of the detector that came out of incidents marked as false.
CREATE TABLE detection_rule (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  proposed_at timestamptz NOT NULL,
  decided_at timestamptz,
  multiplier double precision, -- null where the rule mutes
  state text NOT NULL,
  incident_id text NOT NULL,
  service text NOT NULL,
  channel text NOT NULL,
  operation text,
  reason text NOT NULL,
  proposed_by text NOT NULL,
  decided_by text,
  effect text
);
CREATE INDEX detection_rule_state ON detection_rule (state);

-- Intervals of event time that no baseline may learn from.
CREATE TABLE exclusion (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  from_ns bigint NOT NULL,
  until_ns bigint NOT NULL CHECK (until_ns > from_ns),
  created_at timestamptz NOT NULL,
  incident_id text NOT NULL,
  created_by text NOT NULL,
  reason text NOT NULL,
  services text[] NOT NULL,
  operations text NOT NULL
);
CREATE INDEX exclusion_until ON exclusion (until_ns);
