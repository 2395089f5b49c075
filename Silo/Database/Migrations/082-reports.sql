-- What reports look like, the runs that send them, and how far each mail of them came.

SELECT create_aggregate('report_templates');
SELECT create_aggregate('letterheads');

-- Pictures of letterheads, by what they are made of. Never changed.
CREATE TABLE letterhead_logos (
  organisation text NOT NULL,
  id text NOT NULL,
  media_type text NOT NULL,
  bytes bytea NOT NULL,
  PRIMARY KEY (organisation, id)
);
SELECT keep_to_organisation('letterhead_logos');

SELECT create_aggregate('report_sendings');
ALTER TABLE report_sendings
  ADD COLUMN kind text GENERATED ALWAYS AS (state -> 'details' ->> 'kind') STORED,
  ADD COLUMN at timestamptz GENERATED ALWAYS AS (instant_of(state -> 'details' ->> 'at')) STORED,
  ADD COLUMN begun_at timestamptz GENERATED ALWAYS AS (instant_of(state -> 'details' ->> 'begunAt')) STORED,
  ADD COLUMN by_name text GENERATED ALWAYS AS (state -> 'details' ->> 'by') STORED;
CREATE INDEX report_sendings_by_time ON report_sendings (organisation, begun_at DESC);

-- One partner's report in one run: there is never a second. What it is of was fixed when the run was taken apart: the same for each of its
-- addresses, and at every attempt.
CREATE TABLE report_deliveries (
  organisation text NOT NULL,
  run_id text NOT NULL,
  partner_id text NOT NULL,
  at timestamptz NOT NULL,
  made_at timestamptz NOT NULL,
  test boolean NOT NULL,
  -- Why nothing is sent: paused, no-session, unchanged, over.
  skipped text,
  sessions text[] NOT NULL,
  -- Of each session the version that is shown, and the last that the partner had been told of; 0 for none.
  versions integer[] NOT NULL,
  told_versions integer[] NOT NULL,
  PRIMARY KEY (organisation, partner_id, run_id)
);
CREATE INDEX report_deliveries_of_run ON report_deliveries (organisation, run_id);
CREATE INDEX report_deliveries_of_partner ON report_deliveries (organisation, partner_id, made_at DESC);
SELECT keep_to_organisation('report_deliveries');

-- One mail to one address. State: queued, sending, handedOver, failed (tried again), gaveUp, inDoubt, bounced, skipped.
CREATE TABLE report_recipients (
  organisation text NOT NULL,
  run_id text NOT NULL,
  partner_id text NOT NULL,
  position integer NOT NULL CHECK (position > 0),
  email text NOT NULL,
  name text,
  recipient_kind text NOT NULL,
  -- Of its Message-ID: the same at every attempt, in every round.
  mail_id uuid NOT NULL,
  state text NOT NULL,
  -- 1, and one more each time that a person tries again.
  round integer NOT NULL DEFAULT 1,
  resending integer NOT NULL DEFAULT 0,
  attempts integer NOT NULL DEFAULT 0,
  -- The server's words when it took it, or why it didn't.
  reply text,
  moved_at timestamptz NOT NULL,
  PRIMARY KEY (organisation, partner_id, run_id, position),
  FOREIGN KEY (organisation, partner_id, run_id) REFERENCES report_deliveries
);
CREATE INDEX report_recipients_of_run ON report_recipients (organisation, run_id);
CREATE UNIQUE INDEX report_recipients_of_mail ON report_recipients (mail_id);
SELECT keep_to_organisation('report_recipients');
