-- Where a table has grown much since it was last looked at, the planner believes it small and reads an organisation's contacts one by one
-- for each that it looks up: an import into an empty file would take hours, until the server looks again by itself, up to a minute later.
-- Whoever adds by the thousand says so, each time that it has doubled what it added. Anybody may: it changes nothing but plans.
CREATE FUNCTION contacts_have_grown(added bigint) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF added > 0.5 * greatest((SELECT reltuples FROM pg_class WHERE oid = 'contacts'::regclass), 0) THEN
    ANALYZE contacts, contact_reaches, contact_names, contact_relations, contact_import_lines;
  END IF;
END $$;
REVOKE ALL ON FUNCTION contacts_have_grown(bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION contacts_have_grown(bigint) TO guichet_app;
