-- What an import of contacts did, line by line: written before it is done, so that it can be done again after a crash, and undone.
CREATE TABLE contact_import_lines (
  organisation text NOT NULL,
  import_id text NOT NULL,
  line integer NOT NULL,
  -- 0 for the line itself; 1 for the structure that was made for it.
  part smallint NOT NULL,
  contact_id text NOT NULL,
  created boolean NOT NULL,
  plan jsonb NOT NULL,
  -- So many commands were sent to the contact; null until they were.
  commands integer,
  -- Why it wasn't done, or not wholly.
  refusal jsonb,
  -- How undoing it went: undone, changed (since), used (by others).
  undone text,
  -- Structures that were made are undone after the people who are tied to them.
  phase smallint NOT NULL GENERATED ALWAYS AS (CASE WHEN created AND plan -> 'details' ->> 'kind' = 'structure' THEN 1 ELSE 0 END) STORED,
  PRIMARY KEY (organisation, import_id, line, part)
);
CREATE INDEX contact_import_lines_to_undo ON contact_import_lines (organisation, import_id, phase, line, part);
CREATE INDEX contact_import_lines_of_contact ON contact_import_lines (organisation, contact_id);
SELECT keep_to_organisation('contact_import_lines');
