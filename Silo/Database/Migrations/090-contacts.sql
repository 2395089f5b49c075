-- The contact file: people and structures, how they are found, and what they are to one another.

CREATE EXTENSION IF NOT EXISTS btree_gin;

-- What contacts are searched and put in order by; the same as SearchKey in the program, which a test holds against this.
CREATE FUNCTION contact_key(written text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN rtrim(left(btrim(regexp_replace(
    replace(replace(replace(replace(
      translate(
        lower(regexp_replace(normalize(written, NFKD),
          '[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f\u00ad\u200b-\u200f\u2060\ufeff\ufe00-\ufe0f]', '', 'g') COLLATE "und-x-icu"),
        'łøđðħıς', 'loddhiσ'),
      'œ', 'oe'), 'æ', 'ae'), 'ß', 'ss'), 'þ', 'th'),
    '[\u0001-\u0020\u007f-\u00a0\u1680\u2028\u2029''`\u02b9\u02bb-\u02bd\u2018\u2019\u201b\u2032\u2010-\u2015\u2212-]+', ' ', 'g')), 256));

SELECT create_aggregate('contacts');
-- Keys compare byte by byte, so that a prefix is a range, which row-level security lets an index serve; it lets none serve LIKE.
ALTER TABLE contacts
  ADD COLUMN number bigint,
  ADD COLUMN number_key text COLLATE "C",
  ADD COLUMN kind text,
  ADD COLUMN types text[],
  ADD COLUMN title text,
  ADD COLUMN name text,
  ADD COLUMN first_name text,
  ADD COLUMN name_key text COLLATE "C",
  ADD COLUMN first_key text COLLATE "C",
  ADD COLUMN birth_date date,
  ADD COLUMN email text,
  ADD COLUMN phone text,
  ADD COLUMN country text COLLATE "C",
  ADD COLUMN postcode text COLLATE "C",
  ADD COLUMN city text,
  ADD COLUMN city_key text COLLATE "C",
  ADD COLUMN address text,
  ADD COLUMN nature_key text COLLATE "C",
  ADD COLUMN administrative_number text COLLATE "C",
  ADD COLUMN iban text COLLATE "C",
  ADD COLUMN reference_key text COLLATE "C",
  ADD COLUMN criteria text[],
  ADD COLUMN ambassador boolean,
  ADD COLUMN not_valid boolean,
  ADD COLUMN archived boolean;
CREATE UNIQUE INDEX contacts_number ON contacts (organisation, number);
CREATE INDEX contacts_number_prefix ON contacts (organisation, number_key);
CREATE INDEX contacts_by_name ON contacts (organisation, name_key, first_key, id);
CREATE INDEX contacts_by_first ON contacts (organisation, first_key, name_key, id);
CREATE INDEX contacts_postcode ON contacts (organisation, postcode) WHERE postcode IS NOT NULL;
CREATE INDEX contacts_city ON contacts (organisation, city_key) WHERE city_key IS NOT NULL;
CREATE INDEX contacts_administrative_number ON contacts (organisation, administrative_number) WHERE administrative_number IS NOT NULL;
CREATE INDEX contacts_iban ON contacts (organisation, iban) WHERE iban IS NOT NULL;
CREATE INDEX contacts_reference ON contacts (organisation, reference_key) WHERE reference_key IS NOT NULL;
CREATE INDEX contacts_inside ON contacts USING gin (organisation, name_key gin_trgm_ops, first_key gin_trgm_ops, (name_key || ' ' || first_key) gin_trgm_ops)
  WITH (gin_pending_list_limit = 512);

-- The last number given in an organisation; nodes take them in blocks.
CREATE TABLE contact_numbers (
  organisation text PRIMARY KEY,
  last bigint NOT NULL
);
SELECT keep_to_organisation('contact_numbers');

-- E-mails (folded) and phones (digits, as dialled from abroad and at home) of a contact.
CREATE TABLE contact_reaches (
  organisation text NOT NULL,
  kind text NOT NULL CHECK (kind IN ('email', 'phone')),
  key text COLLATE "C" NOT NULL,
  contact_id text NOT NULL,
  PRIMARY KEY (organisation, kind, key, contact_id)
);
CREATE INDEX contact_reaches_of_contact ON contact_reaches (organisation, contact_id);
CREATE INDEX contact_reaches_inside ON contact_reaches USING gin (organisation, key gin_trgm_ops) WITH (gin_pending_list_limit = 512) WHERE kind = 'email';
SELECT keep_to_organisation('contact_reaches');

-- What a contact is to another: its child, relay, member or subsidiary. Read from both sides.
CREATE TABLE contact_relations (
  organisation text NOT NULL,
  contact_id text NOT NULL,
  kind text NOT NULL CHECK (kind IN ('child', 'relay', 'member', 'subsidiary')),
  other_id text NOT NULL,
  from_day date,
  until_day date,
  PRIMARY KEY (organisation, contact_id, kind, other_id)
);
CREATE INDEX contact_relations_of_other ON contact_relations (organisation, other_id, kind, contact_id);
SELECT keep_to_organisation('contact_relations');

-- Whether going up from one contact by parents (or mothers) leads to another.
CREATE FUNCTION contact_is_under(of_organisation text, of_kind text, lower_id text, upper_id text) RETURNS boolean LANGUAGE sql STABLE
  RETURN EXISTS (
    WITH RECURSIVE above (id) AS (
      SELECT lower_id
      UNION
      SELECT r.other_id FROM contact_relations r JOIN above a ON r.contact_id = a.id WHERE r.organisation = of_organisation AND r.kind = of_kind)
    SELECT FROM above WHERE id = upper_id);

-- Writes a relation. Two that close a circle may be decided at the same moment, in two grains that don't see one another: they are
-- written one after the other, and the second finds the first. It is told that another version is there, and decides anew.
CREATE FUNCTION relate_contact(of_organisation text, lower_id text, of_kind text, upper_id text, since date, til date) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF of_kind IN ('child', 'subsidiary') THEN
    PERFORM pg_advisory_xact_lock(hashtextextended('contact_relations/' || of_organisation, 0));
    IF contact_is_under(of_organisation, of_kind, upper_id, lower_id) THEN
      RAISE EXCEPTION 'not written: % and % would go round in a circle', lower_id, upper_id USING ERRCODE = 'GU001';
    END IF;
  END IF;
  INSERT INTO contact_relations (organisation, contact_id, kind, other_id, from_day, until_day)
    VALUES (of_organisation, lower_id, of_kind, upper_id, since, til)
    ON CONFLICT (organisation, contact_id, kind, other_id) DO UPDATE SET from_day = excluded.from_day, until_day = excluded.until_day;
END $$;

-- Contacts whose name, first name or e-mail is like a pattern, in order; at most so many, or all of them for null. The indexes that
-- serve LIKE and similarity can't be used below row-level security, whose check these two make by themselves, first.
CREATE FUNCTION contacts_like(of_organisation text, field text, pattern text, most integer) RETURNS TABLE (id text, key text, key2 text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp
SET enable_seqscan = off SET enable_bitmapscan = on SET enable_indexscan = on SET enable_indexonlyscan = on AS $$
DECLARE
  few CONSTANT integer := 3000;
  chosen CONSTANT text := CASE field
    WHEN 'name' THEN 'SELECT c.id, c.name_key AS key, c.first_key AS key2 FROM contacts c WHERE c.organisation = $1 AND c.name_key LIKE $2'
    WHEN 'first' THEN 'SELECT c.id, c.first_key AS key, c.name_key AS key2 FROM contacts c WHERE c.organisation = $1 AND c.first_key LIKE $2'
    WHEN 'email' THEN 'SELECT r.contact_id AS id, r.key, '''' COLLATE "C" AS key2 FROM contact_reaches r WHERE r.organisation = $1 AND r.kind = ''email'' AND r.key LIKE $2'
  END;
  ids text[];
  keys text[];
  keys2 text[];
BEGIN
  IF of_organisation IS DISTINCT FROM current_setting('guichet.organisation', true) THEN
    RAISE EXCEPTION 'another organisation''s contacts' USING ERRCODE = 'insufficient_privilege';
  END IF;
  -- Few are found by their trigrams, which takes three letters in a row, and put in order; where many are, it is quicker to go down the
  -- list in order until there are enough. How many there are the planner guesses badly: it is tried.
  IF replace(replace(pattern, '\%', 'xx'), '\_', 'xx') ~ '[^%]{3}' THEN
    PERFORM set_config('enable_indexscan', 'off', true), set_config('enable_indexonlyscan', 'off', true);
    EXECUTE 'SELECT array_agg(f.id), array_agg(f.key), array_agg(f.key2) FROM (' || chosen || ' LIMIT $3) AS f'
      INTO ids, keys, keys2 USING of_organisation, pattern, few + 1;
    IF ids IS NULL OR cardinality(ids) <= few THEN
      RETURN QUERY SELECT f.f_id, f.f_key, f.f_key2 FROM unnest(ids, keys, keys2) AS f (f_id, f_key, f_key2)
        ORDER BY f.f_key COLLATE "C", f.f_key2 COLLATE "C", f.f_id LIMIT most;
      RETURN;
    END IF;
    PERFORM set_config('enable_indexscan', 'on', true), set_config('enable_indexonlyscan', 'on', true);
  END IF;
  PERFORM set_config('enable_bitmapscan', 'off', true);
  RETURN QUERY EXECUTE chosen || ' ORDER BY 2, 3, 1 LIMIT $3' USING of_organisation, pattern, most;
END $$;
REVOKE ALL ON FUNCTION contacts_like(text, text, text, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION contacts_like(text, text, text, integer) TO guichet_app;

-- Contacts with nearly this name and first name (keys, in either order), the most alike first.
CREATE FUNCTION contacts_alike(of_organisation text, full_key text, most integer) RETURNS TABLE (id text, likeness real)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp SET pg_trgm.similarity_threshold = 0.55 SET enable_seqscan = off AS $$
BEGIN
  IF of_organisation IS DISTINCT FROM current_setting('guichet.organisation', true) THEN
    RAISE EXCEPTION 'another organisation''s contacts' USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN QUERY EXECUTE 'SELECT c.id, similarity(c.name_key || '' '' || c.first_key, $2) FROM contacts c
    WHERE c.organisation = $1 AND (c.name_key || '' '' || c.first_key) % $2 ORDER BY 2 DESC, 1 LIMIT $3' USING of_organisation, full_key, most;
END $$;
REVOKE ALL ON FUNCTION contacts_alike(text, text, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION contacts_alike(text, text, integer) TO guichet_app;
