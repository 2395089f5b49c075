-- Free labels on contacts, and searches that are kept.

ALTER TABLE contacts
  ADD COLUMN tags text[],
  ADD COLUMN tag_keys text[];
-- Most contacts have neither.
CREATE INDEX contacts_tagged ON contacts USING gin (organisation, tag_keys) WITH (gin_pending_list_limit = 512) WHERE cardinality(tag_keys) > 0;
CREATE INDEX contacts_classified ON contacts USING gin (organisation, criteria) WITH (gin_pending_list_limit = 512) WHERE cardinality(criteria) > 0;

-- Contacts that have a tag (by its key) or a criterion (code, or code:value), at most so many. What compares arrays can't use an index
-- below row-level security, whose check this makes by itself, first; see contacts_like.
CREATE FUNCTION contacts_having(of_organisation text, field text, value text, most integer) RETURNS TABLE (id text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp SET enable_seqscan = off AS $$
BEGIN
  IF of_organisation IS DISTINCT FROM current_setting('guichet.organisation', true) THEN
    RAISE EXCEPTION 'another organisation''s contacts' USING ERRCODE = 'insufficient_privilege';
  END IF;
  IF field = 'tag' THEN
    RETURN QUERY SELECT c.id FROM contacts c WHERE c.organisation = of_organisation AND cardinality(c.tag_keys) > 0 AND c.tag_keys @> ARRAY[value] LIMIT most;
  ELSE
    RETURN QUERY SELECT c.id FROM contacts c WHERE c.organisation = of_organisation AND cardinality(c.criteria) > 0 AND c.criteria @> ARRAY[value] LIMIT most;
  END IF;
END $$;
REVOKE ALL ON FUNCTION contacts_having(text, text, text, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION contacts_having(text, text, text, integer) TO guichet_app;

SELECT create_aggregate('contact_searches');
ALTER TABLE contact_searches
  ADD COLUMN name text,
  ADD COLUMN owner_id text,
  ADD COLUMN shared boolean,
  ADD COLUMN removed boolean;
