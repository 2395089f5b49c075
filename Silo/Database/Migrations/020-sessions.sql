-- Shows, series, sessions and the versions of their tallies.

-- An ISO 8601 text with its offset is one instant whatever the settings: immutable, and so fit for generated columns.
CREATE FUNCTION instant_of(written text) RETURNS timestamptz LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN written::timestamptz;

-- What search compares: lower case, without accents.
CREATE FUNCTION folded(written text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN lower(unaccent('unaccent'::regdictionary, written));

SELECT create_aggregate('shows');
ALTER TABLE shows
  ADD COLUMN title text GENERATED ALWAYS AS (state -> 'details' ->> 'title') STORED,
  ADD COLUMN archived boolean GENERATED ALWAYS AS ((state ->> 'archived')::boolean) STORED,
  ADD COLUMN search text GENERATED ALWAYS AS (folded(coalesce(state -> 'details' ->> 'title', '') || ' ' || coalesce(state -> 'details' ->> 'producer', ''))) STORED;
CREATE INDEX shows_search ON shows USING gin (search gin_trgm_ops);

SELECT create_aggregate('series');
ALTER TABLE series
  ADD COLUMN show_id text GENERATED ALWAYS AS (state ->> 'showId') STORED,
  ADD COLUMN name text GENERATED ALWAYS AS (state ->> 'name') STORED;
CREATE INDEX series_show ON series (organisation, show_id);

SELECT create_aggregate('sessions');
-- Filled at each commit (SessionRows.SummaryOf).
ALTER TABLE sessions
  ADD COLUMN show_id text,
  ADD COLUMN series_id text,
  ADD COLUMN place text,
  ADD COLUMN zone text,
  ADD COLUMN currency text,
  ADD COLUMN start_at timestamptz,
  ADD COLUMN local_start text,
  ADD COLUMN status text,
  ADD COLUMN shareable boolean,
  ADD COLUMN capacity integer,
  ADD COLUMN tally_version integer,
  ADD COLUMN tally_at timestamptz,
  ADD COLUMN tally_by text,
  ADD COLUMN tally_source text,
  ADD COLUMN tally_source_name text,
  ADD COLUMN sold integer,
  ADD COLUMN reserved integer,
  ADD COLUMN free integer,
  ADD COLUMN gross_minor bigint,
  ADD COLUMN previous_sold integer,
  ADD COLUMN incoming_link text,
  ADD COLUMN incoming_from text,
  ADD COLUMN incoming_state text,
  ADD COLUMN incoming_version integer,
  ADD COLUMN lag_ms bigint,
  ADD COLUMN outgoing_count integer;

-- Room on each page: a new version of a session's row then stays beside the old one, and no index has to learn of it.
ALTER TABLE sessions SET (fillfactor = 60);
CREATE INDEX sessions_by_start ON sessions (organisation, start_at);
CREATE INDEX sessions_by_status ON sessions (organisation, status, start_at);
CREATE INDEX sessions_by_show ON sessions (organisation, show_id, start_at);
CREATE INDEX sessions_by_series ON sessions (organisation, series_id, start_at) WHERE series_id IS NOT NULL;
CREATE INDEX sessions_incoming ON sessions (incoming_link) WHERE incoming_link IS NOT NULL;

CREATE TABLE tallies (
  organisation text NOT NULL,
  session_id text NOT NULL,
  version integer NOT NULL CHECK (version > 0),
  at timestamptz NOT NULL,
  by_name text NOT NULL,
  source text NOT NULL,
  source_name text,
  note text,
  sold integer NOT NULL,
  reserved integer NOT NULL,
  free integer NOT NULL,
  gross_minor bigint,
  lines jsonb NOT NULL,
  source_version integer,
  PRIMARY KEY (organisation, session_id, version)
);
CREATE INDEX tallies_by_time ON tallies (organisation, session_id, at DESC);
SELECT keep_to_organisation('tallies');
REVOKE UPDATE, DELETE, TRUNCATE ON tallies FROM guichet_app;
