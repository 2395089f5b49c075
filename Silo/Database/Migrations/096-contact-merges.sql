-- Contacts that another took over: kept aside, whole; what is read of histories follows.
ALTER TABLE contacts ADD COLUMN merged_into text;
CREATE INDEX contacts_merged ON contacts (organisation, merged_into) WHERE merged_into IS NOT NULL;

-- Whose relations a merge led elsewhere: whom to ask when it is undone.
CREATE TABLE contact_relations_moved (
  organisation text NOT NULL,
  merge_id text NOT NULL,
  contact_id text NOT NULL,
  PRIMARY KEY (organisation, merge_id, contact_id)
);
SELECT keep_to_organisation('contact_relations_moved');

-- A contact's own id, and those of whom it took over, and whom they had.
CREATE OR REPLACE FUNCTION contact_ids(of_organisation text, of_contact text) RETURNS SETOF text LANGUAGE sql STABLE AS $$
    WITH RECURSIVE own (id) AS (
      SELECT of_contact
      UNION
      SELECT c.id FROM own JOIN contacts c ON c.organisation = of_organisation AND c.merged_into = own.id)
    SELECT id FROM own;
$$;
