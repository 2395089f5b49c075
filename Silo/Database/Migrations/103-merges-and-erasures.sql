-- A merge takes over the words of contacts that it only read, and one of them may be erased, or merged elsewhere, at the same moment. Each
-- takes the organisation's lock and looks then: the second finds what the first wrote, and is decided anew.
CREATE FUNCTION merge_stands(of_organisation text, others text[], merge text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended('contact_merges/' || of_organisation, 0));
  IF EXISTS (SELECT FROM contacts c WHERE c.organisation = of_organisation AND c.id = ANY (others) AND (c.erased_at IS NOT NULL OR c.merged_into IS NOT NULL))
    OR EXISTS (
      SELECT FROM outbox o WHERE o.organisation = of_organisation AND o.done_at IS NULL AND o.failed_at IS NULL
        AND o.kind = 'absorb-merged-contact' AND o.payload::jsonb ->> 'contactId' = ANY (others) AND o.payload::jsonb ->> 'mergeId' <> merge) THEN
    RAISE EXCEPTION 'not written: a contact to be merged was erased, or merged into another' USING ERRCODE = 'GU001';
  END IF;
END $$;

CREATE FUNCTION erasure_stands(of_organisation text, of_contact text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended('contact_merges/' || of_organisation, 0));
  IF contact_is_merging(of_organisation, of_contact) THEN
    RAISE EXCEPTION 'not written: % is being merged', of_contact USING ERRCODE = 'GU001';
  END IF;
END $$;

-- Whether a merge that concerns the contact isn't carried out yet, or not wholly undone.
CREATE FUNCTION contact_is_merging(of_organisation text, of_contact text) RETURNS boolean LANGUAGE sql STABLE
  RETURN EXISTS (
    SELECT FROM outbox o WHERE o.organisation = of_organisation AND o.done_at IS NULL AND o.failed_at IS NULL
      AND o.kind IN ('absorb-merged-contact', 'release-merged-contact')
      AND of_contact IN (o.payload::jsonb ->> 'contactId', o.payload::jsonb ->> 'into', o.payload::jsonb ->> 'from'));
