-- Long work that is done step by step.

SELECT create_aggregate('jobs');
ALTER TABLE jobs
  ADD COLUMN kind text GENERATED ALWAYS AS (state ->> 'kind') STORED,
  ADD COLUMN started_at timestamptz GENERATED ALWAYS AS (instant_of(state ->> 'startedAt')) STORED;
CREATE INDEX jobs_by_time ON jobs (organisation, kind, started_at DESC, id DESC);

-- Who may be in the contact file twice. The same words in any order, without the vowels, doubles and letters that sound alike: what people
-- who type by ear, or in the wrong fields, have in common.
CREATE FUNCTION contact_skeleton(full_key text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN (SELECT string_agg(w.word, ' ' ORDER BY w.word COLLATE "C") FROM (
    SELECT regexp_replace(left(v.word, 1) || translate(substr(v.word, 2), 'kqzmvwaeiouyh', 'ccsnff'), '(.)\1+', '\1', 'g') AS word
    FROM unnest(string_to_array(replace(full_key, 'ph', 'f'), ' ')) AS v (word) WHERE v.word <> '') AS w);

ALTER TABLE contacts ADD COLUMN same_key text COLLATE "C" GENERATED ALWAYS AS (contact_skeleton(name_key || ' ' || first_key)) STORED;
CREATE INDEX contacts_same ON contacts (organisation, same_key) INCLUDE (postcode, number, id);
CREATE INDEX contacts_birth ON contacts (organisation, birth_date) WHERE birth_date IS NOT NULL;

CREATE TABLE contact_pairs (
  organisation text NOT NULL,
  -- The contact with the lower id first.
  low_id text NOT NULL,
  high_id text NOT NULL CHECK (low_id < high_id),
  weight real NOT NULL,
  likeness real NOT NULL,
  same_email boolean NOT NULL,
  same_phone boolean NOT NULL,
  -- Null where one of the two isn't known; likewise the place.
  same_birth boolean,
  same_place boolean,
  -- That found it last.
  job_id text NOT NULL,
  -- By a person who knows that they are two.
  dismissed_by text,
  dismissed_at timestamptz,
  PRIMARY KEY (organisation, low_id, high_id)
);
CREATE INDEX contact_pairs_likeliest ON contact_pairs (organisation, weight DESC, low_id, high_id) WHERE dismissed_at IS NULL;
SELECT keep_to_organisation('contact_pairs');
