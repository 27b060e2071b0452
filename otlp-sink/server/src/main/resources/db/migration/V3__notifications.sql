-- The outbox: what people are to be told, a row a channel and change, kept until it is delivered or given up.
CREATE TABLE notification (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  created_at timestamptz NOT NULL,
  due_at timestamptz NOT NULL,
  leased_until timestamptz, -- somebody is delivering it
  finished_at timestamptz,
  attempts integer NOT NULL DEFAULT 0,
  priority smallint NOT NULL CHECK (priority BETWEEN 0 AND 2),
  state text NOT NULL DEFAULT 'PENDING',
  change text NOT NULL,
  channel text NOT NULL,
  incident_id text COLLATE "C" NOT NULL,
  key text NOT NULL UNIQUE,
  group_key text NOT NULL,
  batch text, -- what was once tried as one message stays one
  error text,
  document text NOT NULL
);
CREATE INDEX notification_pending ON notification (channel, due_at) WHERE state = 'PENDING';
CREATE INDEX notification_pending_incident ON notification (incident_id, channel, id) WHERE state = 'PENDING';
CREATE INDEX notification_finished ON notification (finished_at) WHERE finished_at IS NOT NULL;

-- What each channel was told of each incident, so that the next state tells what is new.
CREATE TABLE told_incident (
  changed_at timestamptz NOT NULL,
  reopened integer NOT NULL,
  severity smallint NOT NULL CHECK (severity BETWEEN 1 AND 5),
  priority smallint NOT NULL CHECK (priority BETWEEN 0 AND 2),
  resolved boolean NOT NULL,
  channel text NOT NULL,
  incident_id text COLLATE "C" NOT NULL,
  delivered text, -- the last document that reached the channel
  PRIMARY KEY (incident_id, channel)
);
CREATE INDEX told_incident_standing ON told_incident (channel) WHERE NOT resolved AND delivered IS NOT NULL;
CREATE INDEX told_incident_resolved ON told_incident (changed_at) WHERE resolved;
