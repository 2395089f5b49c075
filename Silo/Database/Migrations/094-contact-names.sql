-- Each name and first name once: a pattern is looked for among some ten thousand of them instead of a million contacts, and those who are
-- called so are found by the index of names, in its order. Names that nobody has any more stay; they lead nowhere.
CREATE TABLE contact_names (
  organisation text NOT NULL,
  field text NOT NULL CHECK (field IN ('name', 'first')),
  key text COLLATE "C" NOT NULL,
  PRIMARY KEY (organisation, field, key)
);
SELECT keep_to_organisation('contact_names');
INSERT INTO contact_names
  SELECT organisation, 'name', name_key FROM contacts WHERE name_key IS NOT NULL
  UNION SELECT organisation, 'first', first_key FROM contacts WHERE first_key IS NOT NULL;
CREATE INDEX contact_names_inside ON contact_names USING gin (organisation, key gin_trgm_ops) WITH (gin_pending_list_limit = 512);
DROP INDEX contacts_inside;

-- Contacts whose name, first name or e-mail is like a pattern, in order; at most so many, or all of them for null. The indexes that
-- serve LIKE and similarity can't be used below row-level security, whose check is made here, first.
CREATE OR REPLACE FUNCTION contacts_like(of_organisation text, field text, pattern text, most integer) RETURNS TABLE (id text, key text, key2 text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp
SET enable_seqscan = off SET enable_bitmapscan = on SET enable_indexscan = on SET enable_indexonlyscan = on AS $$
BEGIN
  IF of_organisation IS DISTINCT FROM current_setting('guichet.organisation', true) THEN
    RAISE EXCEPTION 'another organisation''s contacts' USING ERRCODE = 'insufficient_privilege';
  END IF;
  CASE field
    WHEN 'name' THEN
      RETURN QUERY EXECUTE 'SELECT c.id, n.key, c.first_key FROM (SELECT key FROM contact_names WHERE organisation = $1 AND field = ''name'' AND key LIKE $2 ORDER BY key) AS n
        CROSS JOIN LATERAL (SELECT c.id, c.first_key FROM contacts c WHERE c.organisation = $1 AND c.name_key = n.key ORDER BY c.first_key, c.id LIMIT $3) AS c
        ORDER BY n.key, c.first_key, c.id LIMIT $3' USING of_organisation, pattern, most;
    WHEN 'first' THEN
      RETURN QUERY EXECUTE 'SELECT c.id, n.key, c.name_key FROM (SELECT key FROM contact_names WHERE organisation = $1 AND field = ''first'' AND key LIKE $2 ORDER BY key) AS n
        CROSS JOIN LATERAL (SELECT c.id, c.name_key FROM contacts c WHERE c.organisation = $1 AND c.first_key = n.key ORDER BY c.name_key, c.id LIMIT $3) AS c
        ORDER BY n.key, c.name_key, c.id LIMIT $3' USING of_organisation, pattern, most;
    WHEN 'email' THEN
      RETURN QUERY SELECT * FROM contact_emails_like(of_organisation, pattern, most);
  END CASE;
END $$;

-- Of what is mostly different for each contact, few are found by their trigrams, which takes three letters in a row, and put in order; where
-- many are (a provider's name), it is quicker to go down the list in order until there are enough. How many there are the planner guesses
-- badly: the head of the list tells, or it is tried. Called by the function above, which has made the check.
CREATE FUNCTION contact_emails_like(of_organisation text, pattern text, most integer) RETURNS TABLE (id text, key text, key2 text)
LANGUAGE plpgsql STABLE SET enable_seqscan = off SET enable_bitmapscan = on SET enable_indexscan = on SET enable_indexonlyscan = on AS $$
DECLARE
  head CONSTANT integer := 4000;
  few CONSTANT integer := 3000;
  chosen CONSTANT text := 'SELECT r.contact_id AS id, r.key FROM contact_reaches r WHERE r.organisation = $1 AND r.kind = ''email''';
  ids text[];
  keys text[];
  complete boolean := false;
BEGIN
  PERFORM set_config('enable_bitmapscan', 'off', true);
  IF most IS NOT NULL THEN
    EXECUTE 'SELECT array_agg(f.id), array_agg(f.key) FROM (SELECT h.id, h.key FROM (' || chosen || ' ORDER BY r.key, r.contact_id LIMIT $4) AS h WHERE h.key LIKE $2 LIMIT $3) AS f'
      INTO ids, keys USING of_organisation, pattern, most, head;
    complete := cardinality(ids) = most;
  END IF;
  IF NOT coalesce(complete, false) AND replace(replace(pattern, '\%', 'xx'), '\_', 'xx') ~ '[^%]{3}' THEN
    PERFORM set_config('enable_bitmapscan', 'on', true), set_config('enable_indexscan', 'off', true), set_config('enable_indexonlyscan', 'off', true);
    EXECUTE 'SELECT array_agg(f.id), array_agg(f.key) FROM (' || chosen || ' AND r.key LIKE $2 LIMIT $3) AS f' INTO ids, keys USING of_organisation, pattern, few + 1;
    complete := ids IS NULL OR cardinality(ids) <= few;
    PERFORM set_config('enable_bitmapscan', 'off', true), set_config('enable_indexscan', 'on', true), set_config('enable_indexonlyscan', 'on', true);
  END IF;
  IF complete THEN
    RETURN QUERY SELECT f.f_id, f.f_key, '' COLLATE "C" FROM unnest(ids, keys) AS f (f_id, f_key) ORDER BY f.f_key COLLATE "C", f.f_id LIMIT most;
  ELSE
    RETURN QUERY EXECUTE 'SELECT f.id, f.key, '''' COLLATE "C" FROM (' || chosen || ' AND r.key LIKE $2 ORDER BY r.key, r.contact_id LIMIT $3) AS f' USING of_organisation, pattern, most;
  END IF;
END $$;
REVOKE ALL ON FUNCTION contact_emails_like(text, text, integer) FROM PUBLIC;

-- Contacts with nearly this name and first name (keys, in either order), the most alike first: the names that are a little alike, in pairs
-- that together are enough so. A contact without a first name is like one whose name is long.
DROP FUNCTION contacts_alike(text, text, integer);
CREATE FUNCTION contacts_alike(of_organisation text, of_name text, of_first text, most integer) RETURNS TABLE (id text, likeness real)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp SET pg_trgm.similarity_threshold = 0.25 SET enable_seqscan = off AS $$
BEGIN
  IF of_organisation IS DISTINCT FROM current_setting('guichet.organisation', true) THEN
    RAISE EXCEPTION 'another organisation''s contacts' USING ERRCODE = 'insufficient_privilege';
  END IF;
  -- Of five letters or fewer, another one leaves little in common.
  IF least(length(of_name), coalesce(nullif(length(of_first), 0), 9)) <= 5 THEN PERFORM set_config('pg_trgm.similarity_threshold', '0.2', true); END IF;
  RETURN QUERY EXECUTE '
    WITH pairs AS MATERIALIZED (
      SELECT p.name_key, p.first_key, p.likeness FROM (
        SELECT DISTINCT ON (w.name_key, w.first_key) w.name_key, w.first_key, similarity(w.name_key || '' '' || w.first_key, $2 || '' '' || $3) AS likeness
        FROM (
          SELECT n.key AS name_key, f.key AS first_key
          FROM (SELECT key FROM contact_names WHERE organisation = $1 AND field = ''name'' AND key % $2) AS n,
            (SELECT key FROM contact_names WHERE organisation = $1 AND field = ''first'' AND key % $3 UNION ALL SELECT '''') AS f
          UNION ALL
          SELECT n.key, f.key
          FROM (SELECT key FROM contact_names WHERE organisation = $1 AND field = ''name'' AND key % $3) AS n,
            (SELECT key FROM contact_names WHERE organisation = $1 AND field = ''first'' AND key % $2) AS f) AS w) AS p
      WHERE p.likeness >= 0.55 ORDER BY p.likeness DESC, p.name_key, p.first_key LIMIT 1000)
    SELECT c.id, p.likeness FROM pairs p
    CROSS JOIN LATERAL (SELECT c.id FROM contacts c WHERE c.organisation = $1 AND c.name_key = p.name_key AND c.first_key = p.first_key ORDER BY c.id LIMIT $4) AS c
    ORDER BY p.likeness DESC, c.id LIMIT $4' USING of_organisation, of_name, of_first, most;
END $$;
REVOKE ALL ON FUNCTION contacts_alike(text, text, text, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION contacts_alike(text, text, text, integer) TO guichet_app;
