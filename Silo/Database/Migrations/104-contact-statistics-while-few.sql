-- Of some ten thousand the planner knows enough, whatever they grow to: it reads how large a table is from the table. To look at more would
-- keep an import waiting for seconds.
CREATE OR REPLACE FUNCTION contacts_have_grown(added bigint) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  known CONSTANT real := greatest((SELECT reltuples FROM pg_class WHERE oid = 'contacts'::regclass), 0);
BEGIN
  IF known < 10000 AND added > 0.5 * known THEN
    ANALYZE contacts, contact_reaches, contact_names, contact_relations, contact_import_lines;
  END IF;
END $$;
