-- Organisations, who may sign in to them and how, and what they are told.

CREATE FUNCTION emails_of(organisation jsonb) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN (SELECT coalesce(array_agg(someone -> 'profile' ->> 'email'), '{}')
          FROM jsonb_array_elements(coalesce(organisation -> 'operators', '[]'::jsonb)) AS someone);

SELECT create_aggregate('organisations');
ALTER TABLE organisations
  ADD COLUMN name text GENERATED ALWAYS AS (state -> 'details' ->> 'name') STORED,
  ADD COLUMN city text GENERATED ALWAYS AS (state -> 'details' ->> 'city') STORED,
  ADD COLUMN listed boolean GENERATED ALWAYS AS (coalesce((state -> 'details' ->> 'listed')::boolean, false)) STORED,
  ADD COLUMN search text GENERATED ALWAYS AS (folded(coalesce(state -> 'details' ->> 'name', '') || ' ' || coalesce(state -> 'details' ->> 'city', ''))) STORED,
  ADD COLUMN emails text[] GENERATED ALWAYS AS (emails_of(state)) STORED;
CREATE INDEX organisations_search ON organisations USING gin (search gin_trgm_ops) WHERE listed;
CREATE INDEX organisations_emails ON organisations USING gin (emails);

-- What any organisation may know of any other: nothing but this, and only of those that want to be found. The view reads as the owner
-- of the table, past row-level security; being simple it could be written through, so that is taken away.
CREATE VIEW listed_organisations WITH (security_barrier) AS
  SELECT organisation AS id, name, city, search FROM organisations WHERE listed;
REVOKE INSERT, UPDATE, DELETE ON listed_organisations FROM guichet_app;

-- Secrets are never in an organisation's state or journal: hashes of them are here.
CREATE TABLE operator_passwords (
  organisation text NOT NULL,
  operator_id text NOT NULL,
  hash text NOT NULL,
  PRIMARY KEY (organisation, operator_id)
);
SELECT keep_to_organisation('operator_passwords');

-- Links sent by mail, by the SHA-256 of what is in them. "number" is the invitation, or the count of the operator's passwords, that
-- the link was made for: the organisation decides by it whether the link has been used.
CREATE TABLE mailed_links (
  hash bytea PRIMARY KEY,
  organisation text NOT NULL,
  operator_id text NOT NULL,
  purpose text NOT NULL,
  number integer NOT NULL,
  expires_at timestamptz NOT NULL
);
CREATE INDEX mailed_links_of_operator ON mailed_links (organisation, operator_id);
CREATE INDEX mailed_links_by_expiry ON mailed_links (expires_at);
SELECT keep_to_organisation('mailed_links');

-- Browsers that are signed in, by the SHA-256 of their cookie.
CREATE TABLE web_sessions (
  hash bytea PRIMARY KEY,
  id text NOT NULL,
  organisation text NOT NULL,
  operator_id text NOT NULL,
  browser text NOT NULL,
  created_at timestamptz NOT NULL,
  seen_at timestamptz NOT NULL
);
CREATE INDEX web_sessions_of_operator ON web_sessions (organisation, operator_id);
CREATE INDEX web_sessions_by_age ON web_sessions (seen_at);
SELECT keep_to_organisation('web_sessions');

CREATE TABLE api_token_hashes (
  hash bytea PRIMARY KEY,
  organisation text NOT NULL,
  token_id text NOT NULL,
  used_at timestamptz
);
CREATE UNIQUE INDEX api_token_hashes_of_token ON api_token_hashes (organisation, token_id);
SELECT keep_to_organisation('api_token_hashes');

-- Operators who run the installation: they see its operations page and found organisations.
CREATE TABLE installation_administrators (
  organisation text NOT NULL,
  operator_id text NOT NULL,
  PRIMARY KEY (organisation, operator_id)
);
SELECT keep_to_organisation('installation_administrators');

-- The first organisation's id is made of this row, so that two people who set up at once found one organisation, not two.
CREATE TABLE installation (
  only_one boolean PRIMARY KEY DEFAULT true CHECK (only_one),
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  made_at timestamptz NOT NULL DEFAULT now()
);
INSERT INTO installation DEFAULT VALUES;
REVOKE INSERT, UPDATE, DELETE ON installation FROM guichet_app;

-- One-time codes that nodes printed for the first-run wizard, by their SHA-256.
CREATE TABLE setup_codes (
  hash bytea PRIMARY KEY,
  printed_at timestamptz NOT NULL
);

CREATE TABLE notifications (
  organisation text NOT NULL,
  id text NOT NULL,
  at timestamptz NOT NULL,
  code text NOT NULL,
  arguments jsonb NOT NULL,
  path text NOT NULL,
  read_at timestamptz,
  PRIMARY KEY (organisation, id)
);
CREATE INDEX notifications_unread ON notifications (organisation) WHERE read_at IS NULL;
SELECT keep_to_organisation('notifications');
