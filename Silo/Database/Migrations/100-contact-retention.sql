-- How long contacts are kept: rules, whom they would erase, and whom they erased.

SELECT create_aggregate('contact_retention');

-- When somebody last dealt with the person of a record (it was made, changed, noted on, a consent given…), and that it is to be kept whatever
-- the rules say. Of records that were there before, the last change of all.
ALTER TABLE contacts
  ADD COLUMN touched_at timestamptz,
  ADD COLUMN held boolean NOT NULL DEFAULT false;
UPDATE contacts SET touched_at = instant_of(state ->> 'changedAt');

-- What a preview found of a contact that a rule is for and that hadn't any activity for long enough, and what became of it in a run. Nothing
-- that names anybody.
CREATE TABLE contact_retention_findings (
  organisation text NOT NULL,
  preview_id text NOT NULL,
  number bigint NOT NULL,
  contact_id text COLLATE "C" NOT NULL,
  rule_id text NOT NULL,
  verdict text NOT NULL CHECK (verdict IN ('erase', 'ongoing', 'tied', 'held')),
  -- Of a run: erased, the verdict that spoke against it at that moment, or refused, with why.
  outcome text,
  refusal jsonb,
  PRIMARY KEY (organisation, preview_id, number)
);
CREATE INDEX contact_retention_findings_kept ON contact_retention_findings (organisation, preview_id, number) WHERE outcome IS NOT NULL AND outcome <> 'erased';
SELECT keep_to_organisation('contact_retention_findings');

-- Whether a contact bought, cancelled, paid, came or had a place at a session since then: of all that is shown with it, a structure's people
-- while they are that.
CREATE FUNCTION contact_active_since(of_organisation text, of_contact text, since timestamptz) RETURNS boolean LANGUAGE sql STABLE
  RETURN EXISTS (
    SELECT FROM contact_histories(of_organisation, of_contact) h
      JOIN contact_activities a ON a.organisation = of_organisation AND a.contact_id = h.contact_id
        AND a.kind IN ('purchase', 'cancellation', 'attendance', 'payment') AND a.occurred_at >= since
    WHERE h.during IS NULL OR h.during @> (a.occurred_at AT TIME ZONE organisation_zone(of_organisation))::date)
  OR EXISTS (
    SELECT FROM contact_histories(of_organisation, of_contact) h
      JOIN contact_outings o ON o.organisation = of_organisation AND o.contact_id = h.contact_id AND o.session_at >= since
        AND (o.state IN ('expected', 'attended') OR o.state = 'bought' AND o.quantity > 0)
    WHERE h.during IS NULL OR h.during @> (o.occurred_at AT TIME ZONE organisation_zone(of_organisation))::date);

-- Whether it has a session to come, or a subscription or membership that isn't over. One whose last day isn't told ends with its season, within
-- a year.
CREATE FUNCTION contact_has_ongoing(of_organisation text, of_contact text, moment timestamptz) RETURNS boolean LANGUAGE sql STABLE
  RETURN EXISTS (
    SELECT FROM contact_ids(of_organisation, of_contact) AS own (id)
      JOIN contact_outings o ON o.organisation = of_organisation AND o.contact_id = own.id AND o.session_at >= moment
        AND (o.state = 'expected' OR o.state = 'bought' AND o.quantity > 0))
  OR EXISTS (
    SELECT FROM contact_ids(of_organisation, of_contact) AS own (id)
      JOIN contact_activities a ON a.organisation = of_organisation AND a.contact_id = own.id AND a.lasting AND NOT a.cancelled
      CROSS JOIN LATERAL jsonb_array_elements(a.content::jsonb -> 'lines') AS line
    WHERE line ->> 'product' IN ('subscription', 'membership')
      AND coalesce((line ->> 'validUntil')::date, greatest((line ->> 'validFrom')::date, a.occurred_at::date) + 366) >= moment::date);
