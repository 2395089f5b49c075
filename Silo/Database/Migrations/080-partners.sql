-- Who receives reports, of which sessions, and up to which version they have been told.

CREATE FUNCTION emails_of_partner(partner jsonb) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN (SELECT coalesce(array_agg(address ->> 'email'), '{}')
          FROM jsonb_array_elements(coalesce(partner -> 'details' -> 'addresses', '[]'::jsonb)) AS address);

CREATE FUNCTION words_of_partner(partner jsonb) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN (SELECT folded(coalesce(partner -> 'details' ->> 'name', '') || ' ' || coalesce(string_agg(coalesce(address ->> 'name', '') || ' ' || (address ->> 'email'), ' '), ''))
          FROM jsonb_array_elements(coalesce(partner -> 'details' -> 'addresses', '[]'::jsonb)) AS address);

SELECT create_aggregate('partners');
ALTER TABLE partners
  ADD COLUMN name text GENERATED ALWAYS AS (state -> 'details' ->> 'name') STORED,
  ADD COLUMN group_name text GENERATED ALWAYS AS (state -> 'details' ->> 'group') STORED,
  ADD COLUMN archived boolean GENERATED ALWAYS AS ((state ->> 'archived')::boolean) STORED,
  ADD COLUMN emails text[] GENERATED ALWAYS AS (emails_of_partner(state)) STORED,
  ADD COLUMN search text GENERATED ALWAYS AS (words_of_partner(state)) STORED;
CREATE INDEX partners_in_order ON partners (organisation, (name COLLATE "fr-x-icu"), id);

-- A session that is associated by itself; one of an associated series isn't here, and may come to the series later.
CREATE TABLE partner_sessions (
  organisation text NOT NULL,
  partner_id text NOT NULL,
  session_id text NOT NULL,
  since timestamptz NOT NULL,
  PRIMARY KEY (organisation, partner_id, session_id)
);
CREATE INDEX partner_sessions_of_session ON partner_sessions (organisation, session_id, partner_id);
SELECT keep_to_organisation('partner_sessions');

CREATE TABLE partner_series (
  organisation text NOT NULL,
  partner_id text NOT NULL,
  series_id text NOT NULL,
  since timestamptz NOT NULL,
  PRIMARY KEY (organisation, partner_id, series_id)
);
CREATE INDEX partner_series_of_series ON partner_series (organisation, series_id, partner_id);
SELECT keep_to_organisation('partner_series');

-- The last version of a session that a partner was told of, and when: written when a report is handed over.
CREATE TABLE partner_reported (
  organisation text NOT NULL,
  partner_id text NOT NULL,
  session_id text NOT NULL,
  version integer NOT NULL CHECK (version > 0),
  at timestamptz NOT NULL,
  PRIMARY KEY (organisation, partner_id, session_id)
);
SELECT keep_to_organisation('partner_reported');
