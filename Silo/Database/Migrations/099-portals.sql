-- Contacts' own way in to their space: what they sign in with, and what lets them in. A contact's state says that it has an account;
-- secrets are never in it, nor in the journal.
ALTER TABLE contacts ADD COLUMN account text;
CREATE INDEX contacts_with_account ON contacts (organisation, name_key, first_key, id) WHERE account IS NOT NULL;

-- The identifier as it is compared: one contact of the organisation has it.
CREATE TABLE contact_accounts (
  organisation text NOT NULL,
  identifier_key text COLLATE "C" NOT NULL,
  contact_id text NOT NULL,
  PRIMARY KEY (organisation, identifier_key),
  UNIQUE (organisation, contact_id)
);
SELECT keep_to_organisation('contact_accounts');

-- Gives a contact its identifier. Two who ask for one at the same moment are decided in two grains that don't see one another: the second
-- is told that another version is there, and decides anew.
CREATE FUNCTION claim_account_identifier(of_organisation text, of_contact text, wanted text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM contact_accounts WHERE organisation = of_organisation AND contact_id = of_contact AND identifier_key <> wanted COLLATE "C";
  INSERT INTO contact_accounts (organisation, identifier_key, contact_id) VALUES (of_organisation, wanted, of_contact)
    ON CONFLICT (organisation, identifier_key) DO NOTHING;
  IF NOT EXISTS (SELECT FROM contact_accounts WHERE organisation = of_organisation AND identifier_key = wanted COLLATE "C" AND contact_id = of_contact) THEN
    RAISE EXCEPTION 'not written: another contact has that identifier' USING ERRCODE = 'GU001';
  END IF;
END $$;

CREATE TABLE contact_passwords (
  organisation text NOT NULL,
  contact_id text NOT NULL,
  hash text NOT NULL,
  PRIMARY KEY (organisation, contact_id)
);
SELECT keep_to_organisation('contact_passwords');

-- Browsers that contacts are signed in with, by the SHA-256 of their cookie; never in the table of operators' sessions, so that the cookie of
-- one can't open what is the other's.
CREATE TABLE contact_sessions (
  hash bytea PRIMARY KEY,
  id text NOT NULL,
  organisation text NOT NULL,
  contact_id text NOT NULL,
  browser text NOT NULL,
  created_at timestamptz NOT NULL,
  seen_at timestamptz NOT NULL
);
CREATE INDEX contact_sessions_of_contact ON contact_sessions (organisation, contact_id);
CREATE INDEX contact_sessions_by_age ON contact_sessions (seen_at);
SELECT keep_to_organisation('contact_sessions');

-- Whose shows are whose: sessions, or series with all that they have and will have.
CREATE TABLE contact_productions (
  organisation text NOT NULL,
  contact_id text NOT NULL,
  kind text NOT NULL CHECK (kind IN ('session', 'series')),
  of_id text NOT NULL,
  revenue boolean NOT NULL,
  since timestamptz NOT NULL,
  PRIMARY KEY (organisation, contact_id, kind, of_id)
);
CREATE INDEX contact_productions_of_place ON contact_productions (organisation, kind, of_id);
SELECT keep_to_organisation('contact_productions');

-- The contact that a contact is today: itself, or the last that took it over.
CREATE FUNCTION contact_today(of_organisation text, of_contact text) RETURNS text LANGUAGE sql STABLE AS $$
    WITH RECURSIVE up (id, merged_into) AS (
      SELECT id, merged_into FROM contacts WHERE organisation = of_organisation AND id = of_contact
      UNION
      SELECT c.id, c.merged_into FROM up JOIN contacts c ON c.organisation = of_organisation AND c.id = up.merged_into)
    SELECT id FROM up WHERE merged_into IS NULL LIMIT 1
$$;

-- The sessions that a contact may see the tallies of on a day: its own as a producer, and those of the producers that it is a relay or member
-- of on that day. Drafts aren't anybody's yet.
CREATE FUNCTION produced_sessions(of_organisation text, of_contact text, on_day date) RETURNS TABLE (session_id text, revenue boolean) LANGUAGE sql STABLE ROWS 50 AS $$
    WITH producers (id) AS (
      SELECT of_contact
      UNION
      SELECT r.other_id FROM contact_relations r
      WHERE r.organisation = of_organisation AND r.contact_id = of_contact AND r.kind IN ('relay', 'member')
        AND (r.from_day IS NULL OR r.from_day <= on_day) AND (r.until_day IS NULL OR r.until_day >= on_day)),
    produced AS (
      SELECT p.kind, p.of_id, p.revenue
      FROM producers JOIN contacts c ON c.organisation = of_organisation AND c.id = producers.id AND 'producer' = ANY (c.types) AND NOT c.archived
        CROSS JOIN LATERAL contact_ids(of_organisation, producers.id) AS own (id)
        JOIN contact_productions p ON p.organisation = of_organisation AND p.contact_id = own.id),
    seen AS (
      SELECT s.id, produced.revenue FROM produced JOIN sessions s ON s.organisation = of_organisation AND s.id = produced.of_id WHERE produced.kind = 'session' AND s.status <> 'draft'
      UNION ALL
      SELECT s.id, produced.revenue FROM produced JOIN sessions s ON s.organisation = of_organisation AND s.series_id = produced.of_id WHERE produced.kind = 'series' AND s.status <> 'draft')
    SELECT seen.id, bool_or(seen.revenue) FROM seen GROUP BY seen.id
$$;

-- Who of the house's support looked at a client's space, when, at what and why: a row a page, the first of a visit being its beginning.
CREATE TABLE support_views (
  organisation text NOT NULL,
  contact_id text NOT NULL,
  visit_id text NOT NULL,
  page text NOT NULL,
  at timestamptz NOT NULL,
  support_id text NOT NULL,
  support_name text NOT NULL,
  reason text NOT NULL
);
CREATE INDEX support_views_of_contact ON support_views (organisation, contact_id, at DESC);
CREATE INDEX support_views_of_visit ON support_views (organisation, visit_id) WHERE page = 'visit';
SELECT keep_to_organisation('support_views');
