-- What contacts bought, came to, paid and were sent, as tills tell it; and what of that is shown with whom.

-- It has bought (migration 090: the grain's own column).
ALTER TABLE contacts ADD COLUMN client boolean NOT NULL DEFAULT false;

CREATE TABLE contact_activities (
  organisation text NOT NULL,
  source text COLLATE "C" NOT NULL,
  external_id text COLLATE "C" NOT NULL,
  contact_id text COLLATE "C" NOT NULL,
  revision integer NOT NULL CHECK (revision > 0),
  kind text NOT NULL CHECK (kind IN ('purchase', 'cancellation', 'attendance', 'payment', 'message')),
  occurred_at timestamptz NOT NULL,
  recorded_at timestamptz NOT NULL,
  recorded_by text NOT NULL,
  -- The purchase that a cancellation takes back.
  of_purchase text COLLATE "C",
  -- Of a purchase what is left of it after cancellations, of a payment what came in (less than zero: went back). Minor units.
  amount bigint,
  currency text,
  channel text,
  -- Of a purchase: nothing is left of it; how many are left of each line (null for all); it has a subscription or membership;
  -- it has a session, whose day counts for it.
  cancelled boolean NOT NULL DEFAULT false,
  left_of integer[],
  lasting boolean NOT NULL DEFAULT false,
  dated boolean NOT NULL DEFAULT false,
  -- Exactly as it was hashed, so text; and the SHA-256.
  content text NOT NULL,
  hash text NOT NULL,
  PRIMARY KEY (organisation, source, external_id)
);
CREATE INDEX contact_activities_of_contact ON contact_activities (organisation, contact_id, kind, occurred_at, source, external_id);
CREATE INDEX contact_activities_lasting ON contact_activities (organisation, contact_id, occurred_at) WHERE lasting AND NOT cancelled;
CREATE INDEX contact_activities_of_purchase ON contact_activities (organisation, source, of_purchase) WHERE of_purchase IS NOT NULL;
-- Sales of a period, for what a contact's are compared with.
CREATE INDEX contact_activities_sales ON contact_activities (organisation, occurred_at) INCLUDE (contact_id, amount, currency) WHERE kind = 'purchase' AND NOT cancelled;
SELECT keep_to_organisation('contact_activities');

-- Sessions that a contact came to, comes to, or bought a place of: an attendance (line 0), or a purchase's line with a date.
CREATE TABLE contact_outings (
  organisation text NOT NULL,
  source text COLLATE "C" NOT NULL,
  external_id text COLLATE "C" NOT NULL,
  line integer NOT NULL CHECK (line >= 0),
  contact_id text COLLATE "C" NOT NULL,
  occurred_at timestamptz NOT NULL,
  session_at timestamptz NOT NULL,
  title text NOT NULL,
  title_key text COLLATE "C" NOT NULL,
  place text,
  category text,
  tariff text,
  -- Persons; of a purchase's line, those not cancelled.
  quantity integer NOT NULL,
  state text NOT NULL CHECK (state IN ('bought', 'expected', 'attended', 'absent', 'cancelled')),
  seats text,
  of_purchase text COLLATE "C",
  PRIMARY KEY (organisation, source, external_id, line)
);
CREATE INDEX contact_outings_of_contact ON contact_outings (organisation, contact_id, session_at, source, external_id, line);
-- Those that say more of a bought place than the purchase does.
CREATE INDEX contact_outings_told ON contact_outings (organisation, contact_id, session_at) WHERE line = 0;
SELECT keep_to_organisation('contact_outings');

-- Writes what a contact decided to record. One row at a time, by its key; what another wrote meanwhile (the same till's telling under
-- another contact) is found here, and the grain is told that another version is there: it decides anew.
CREATE FUNCTION record_contact_activities(of_organisation text, of_contact text, recorded json, standings json) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  one record;
  holder text;
BEGIN
  FOR one IN SELECT * FROM json_to_recordset(recorded) AS r (
    source text, external_id text, replaced integer, revision integer, kind text, occurred_at timestamptz, recorded_at timestamptz, recorded_by text,
    of_purchase text, amount bigint, currency text, channel text, lasting boolean, dated boolean, content text, hash text, outings json)
  LOOP
    holder := NULL;
    IF one.replaced = 0 THEN
      INSERT INTO contact_activities AS a (organisation, source, external_id, contact_id, revision, kind, occurred_at, recorded_at, recorded_by, of_purchase, amount, currency, channel, lasting, dated, content, hash)
      VALUES (of_organisation, one.source, one.external_id, of_contact, one.revision, one.kind, one.occurred_at, one.recorded_at, one.recorded_by, one.of_purchase, one.amount, one.currency,
        one.channel, one.lasting, one.dated, one.content, one.hash)
      ON CONFLICT DO NOTHING RETURNING a.contact_id INTO holder;
    ELSE
      UPDATE contact_activities AS a SET revision = one.revision, occurred_at = one.occurred_at, recorded_at = one.recorded_at, recorded_by = one.recorded_by, amount = one.amount,
        currency = one.currency, channel = one.channel, lasting = one.lasting, dated = one.dated, content = one.content, hash = one.hash
      WHERE a.organisation = of_organisation AND a.source = one.source AND a.external_id = one.external_id AND a.revision = one.replaced
      RETURNING a.contact_id INTO holder;
      DELETE FROM contact_outings o WHERE o.organisation = of_organisation AND o.source = one.source AND o.external_id = one.external_id;
    END IF;
    IF holder IS NULL THEN
      RAISE EXCEPTION 'not written: % % was told meanwhile', one.source, one.external_id USING ERRCODE = 'GU001';
    END IF;
    INSERT INTO contact_outings (organisation, source, external_id, line, contact_id, occurred_at, session_at, title, title_key, place, category, tariff, quantity, state, seats, of_purchase)
    SELECT of_organisation, one.source, one.external_id, o.line, holder, one.occurred_at, o.session_at, o.title, o.title_key, o.place, o.category, o.tariff, o.quantity, o.state, o.seats, o.of_purchase
    FROM json_to_recordset(one.outings) AS o (line integer, session_at timestamptz, title text, title_key text, place text, category text, tariff text, quantity integer, state text, seats text, of_purchase text);
  END LOOP;
  FOR one IN SELECT * FROM json_to_recordset(standings) AS s (source text, external_id text, net_minor bigint, "left" integer[]) LOOP
    UPDATE contact_activities a SET amount = one.net_minor, cancelled = NOT 0 < ANY (one."left"), left_of = one."left"
    WHERE a.organisation = of_organisation AND a.source = one.source AND a.external_id = one.external_id;
    UPDATE contact_outings o SET quantity = (one."left")[o.line]
    WHERE o.organisation = of_organisation AND o.source = one.source AND o.external_id = one.external_id AND o.line > 0;
  END LOOP;
END $$;

-- Under which ids a contact's activities and mails stand: its own; a contact that takes others over adds theirs here, and everything
-- that is read of histories follows.
CREATE FUNCTION contact_ids(of_organisation text, of_contact text) RETURNS SETOF text LANGUAGE sql STABLE AS $$
    SELECT of_contact
$$;

-- Whose activities are shown with a contact, and on which days (null for always): its own, and for a structure those of its relays and
-- members while they are that. Subsidiaries keep theirs.
CREATE FUNCTION contact_histories(of_organisation text, of_contact text) RETURNS TABLE (contact_id text, person_id text, during datemultirange) LANGUAGE sql STABLE ROWS 4 AS $$
    SELECT own.id, of_contact, NULL::datemultirange FROM contact_ids(of_organisation, of_contact) AS own (id)
    UNION ALL
    SELECT theirs.id, r.contact_id, range_agg(daterange(r.from_day, r.until_day, '[]'))
    FROM contact_ids(of_organisation, of_contact) AS own (id)
      JOIN contact_relations r ON r.organisation = of_organisation AND r.other_id = own.id AND r.kind IN ('relay', 'member')
      CROSS JOIN LATERAL contact_ids(of_organisation, r.contact_id) AS theirs (id)
    WHERE (r.from_day IS NULL OR r.until_day IS NULL OR r.from_day <= r.until_day)
    GROUP BY theirs.id, r.contact_id
$$;

-- The zone that an organisation's days are of.
CREATE FUNCTION organisation_zone(of_organisation text) RETURNS text LANGUAGE sql STABLE
  RETURN coalesce((SELECT state -> 'details' ->> 'zone' FROM organisations WHERE organisation = of_organisation LIMIT 1), 'UTC');

-- Whether a structure's people bought while they were its relays or members.
CREATE FUNCTION contact_bought_through_people(of_organisation text, of_contact text) RETURNS boolean LANGUAGE sql STABLE
  RETURN EXISTS (
    SELECT FROM contact_histories(of_organisation, of_contact) h
      JOIN contact_activities a ON a.organisation = of_organisation AND a.contact_id = h.contact_id AND a.kind = 'purchase' AND NOT a.cancelled
    WHERE h.during @> (a.occurred_at AT TIME ZONE organisation_zone(of_organisation))::date);

-- Whose an e-mail was, and when: mails are found by where they went, and belong to whoever had the address on that day. "since" is null
-- for those that were there before this was kept.
ALTER TABLE contact_reaches ADD COLUMN email text, ADD COLUMN since timestamptz;
UPDATE contact_reaches r SET email = (
  SELECT written.email FROM contacts c CROSS JOIN LATERAL jsonb_array_elements_text(c.state -> 'details' -> 'emails') AS written (email)
  WHERE c.organisation = r.organisation AND c.id = r.contact_id AND contact_key(written.email) = r.key LIMIT 1)
WHERE r.kind = 'email';

CREATE TABLE contact_emails_left (
  organisation text NOT NULL,
  email text NOT NULL,
  contact_id text NOT NULL,
  since timestamptz,
  until timestamptz NOT NULL
);
CREATE INDEX contact_emails_left_of_contact ON contact_emails_left (organisation, contact_id);
CREATE INDEX contact_emails_left_by_email ON contact_emails_left (organisation, email);
SELECT keep_to_organisation('contact_emails_left');
CREATE INDEX contact_reaches_by_email ON contact_reaches (organisation, email) WHERE email IS NOT NULL;

-- The first who had an address also has what was sent to it before.
CREATE FUNCTION contact_emails(of_organisation text, of_contact text) RETURNS TABLE (email text, since timestamptz, until timestamptz) LANGUAGE sql STABLE ROWS 2 AS $$
    SELECT held.email,
      CASE WHEN held.since IS NULL
             OR EXISTS (SELECT FROM contact_emails_left e WHERE e.organisation = of_organisation AND e.email = held.email AND (e.since IS NULL OR e.since < held.since))
             OR EXISTS (SELECT FROM contact_reaches r WHERE r.organisation = of_organisation AND r.email = held.email AND (r.since IS NULL OR r.since < held.since))
        THEN coalesce(held.since, '-infinity') ELSE '-infinity' END,
      held.until
    FROM (
      SELECT r.email, r.since, 'infinity'::timestamptz AS until FROM contact_reaches r WHERE r.organisation = of_organisation AND r.contact_id = of_contact AND r.email IS NOT NULL
      UNION ALL
      SELECT e.email, e.since, e.until FROM contact_emails_left e WHERE e.organisation = of_organisation AND e.contact_id = of_contact) AS held
$$;

-- Reports by where they went. Only what never changes of a mail is indexed: its moves stay as cheap as they are.
CREATE INDEX report_recipients_by_email ON report_recipients (organisation, email);

-- Letters of links that left, or were refused: nothing else keeps them.
CREATE TABLE sent_letters (
  organisation text NOT NULL,
  id uuid NOT NULL,
  email text NOT NULL,
  at timestamptz NOT NULL,
  subject text NOT NULL,
  link_id text NOT NULL,
  refused text,
  PRIMARY KEY (organisation, id)
);
CREATE INDEX sent_letters_by_email ON sent_letters (organisation, email, at);
SELECT keep_to_organisation('sent_letters');
