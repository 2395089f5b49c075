-- Files uploaded to be imported, how their sources' columns are read, and the imports that were accepted.

SELECT create_aggregate('imports');
ALTER TABLE imports
  ADD COLUMN kind text GENERATED ALWAYS AS (state ->> 'kind') STORED,
  ADD COLUMN file_name text GENERATED ALWAYS AS (state ->> 'fileName') STORED,
  ADD COLUMN source text GENERATED ALWAYS AS (state ->> 'source') STORED,
  ADD COLUMN by_name text GENERATED ALWAYS AS (state ->> 'by') STORED,
  ADD COLUMN accepted_at timestamptz GENERATED ALWAYS AS (instant_of(state ->> 'acceptedAt')) STORED,
  ADD COLUMN finished_at timestamptz GENERATED ALWAYS AS (instant_of(state ->> 'finishedAt')) STORED,
  ADD COLUMN parts integer GENERATED ALWAYS AS ((state ->> 'parts')::integer) STORED,
  ADD COLUMN done integer GENERATED ALWAYS AS ((state ->> 'done')::integer) STORED,
  ADD COLUMN failed integer GENERATED ALWAYS AS ((state ->> 'failed')::integer) STORED;
CREATE INDEX imports_by_time ON imports (organisation, accepted_at DESC);

-- An uploaded file, from its upload until some weeks after it was accepted (or left). Not an aggregate: nothing is decided on it.
CREATE TABLE import_files (
  organisation text NOT NULL,
  id text NOT NULL,
  kind text NOT NULL,
  session_id text,
  name text NOT NULL,
  content bytea NOT NULL,
  sheet text,
  source text NOT NULL,
  mapping jsonb NOT NULL,
  remembered text,
  uploaded_at timestamptz NOT NULL,
  by_name text NOT NULL,
  PRIMARY KEY (organisation, id)
);
-- Compressed files gain nothing by being compressed again.
ALTER TABLE import_files ALTER COLUMN content SET STORAGE EXTERNAL;
CREATE INDEX import_files_by_time ON import_files (organisation, uploaded_at);
SELECT keep_to_organisation('import_files');

-- The last mapping that was accepted for each source, found again by its name or by its headers.
CREATE TABLE import_mappings (
  organisation text NOT NULL,
  kind text NOT NULL,
  source text NOT NULL,
  signature text NOT NULL,
  mapping jsonb NOT NULL,
  used_at timestamptz NOT NULL,
  by_name text NOT NULL,
  PRIMARY KEY (organisation, kind, source)
);
CREATE INDEX import_mappings_by_signature ON import_mappings (organisation, kind, signature, used_at DESC);
SELECT keep_to_organisation('import_mappings');
