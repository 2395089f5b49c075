-- Contacts that were erased, and the journal's lines that then no longer say what they said (docs/erasure.md).

ALTER TABLE contacts ADD COLUMN erased_at timestamptz;

-- The register of erasures as the database has it; the same stands in a file outside of it, which a restored backup is compared with.
CREATE TABLE contact_erasures (
  organisation text NOT NULL,
  contact_id text NOT NULL,
  number bigint NOT NULL,
  erased_at timestamptz NOT NULL,
  ground text NOT NULL,
  -- When it was erased again: a restored backup had brought it back.
  again timestamptz,
  -- When nothing named it any more; null until then.
  done_at timestamptz,
  PRIMARY KEY (organisation, contact_id)
);
CREATE INDEX contact_erasures_under_way ON contact_erasures (organisation, contact_id) WHERE done_at IS NULL;
SELECT keep_to_organisation('contact_erasures');
REVOKE UPDATE, DELETE, TRUNCATE ON contact_erasures FROM guichet_app;

-- A redacted line keeps its hash, which the next line's covers; what is left of it is covered by a seal (HashChain.Seal in the program, which
-- a test holds against this). The product adds lines that are whole, and can mark none.
ALTER TABLE journal ADD COLUMN redacted_for text, ADD COLUMN seal bytea, ADD CONSTRAINT journal_sealed CHECK ((redacted_for IS NULL) = (seal IS NULL));
REVOKE INSERT ON journal FROM guichet_app;
GRANT INSERT (organisation, kind, id, sequence, at, actor_organisation, actor_id, actor_kind, actor_name, command_id, command, content_hash, events, answer, hash)
  ON journal TO guichet_app;

CREATE FUNCTION journal_seal(hash bytea, parts text[]) RETURNS bytea LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN sha256(hash || convert_to((SELECT string_agg(octet_length(p.part) || ':' || p.part, '' ORDER BY p.place) FROM unnest(parts) WITH ORDINALITY AS p (part, place)), 'UTF8'));

-- When an id was made: its first nine characters are the millisecond (Ids in the program).
CREATE FUNCTION id_made_at(id text) RETURNS timestamptz LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN to_timestamp((SELECT sum((strpos('0123456789abcdefghjkmnpqrstvwxyz', substr(id, p.place, 1)) - 1) * power(32::numeric, 9 - p.place)) FROM generate_series(1, 9) AS p (place)) / 1000);

-- Which lines of contacts hold what a contact was: its own before "before", and those of whoever took it over, from the merge to its undoing;
-- and of whoever took that one over meanwhile. A merge is found by when its id was made.
CREATE FUNCTION contact_journal_held(of_organisation text, of_contact text, before bigint) RETURNS TABLE (id text, first_line bigint, last_line bigint) LANGUAGE sql STABLE AS $$
    WITH RECURSIVE held (id, first_line, last_line) AS (
      SELECT of_contact, 1::bigint, before - 1
      UNION
      SELECT taken.id, taken.merged, taken.undone
      FROM held h
        JOIN journal j ON j.organisation = of_organisation AND j.kind = 'contacts' AND j.id = h.id AND j.sequence BETWEEN h.first_line AND h.last_line
          AND j.command IN ('absorb-contact', 'release-contact') AND j.redacted_for IS NULL
        CROSS JOIN LATERAL jsonb_array_elements(j.events::jsonb) AS happened
        CROSS JOIN LATERAL (
          SELECT m.id, m.sequence AS merged,
            (SELECT max(u.sequence) FROM journal u WHERE u.organisation = of_organisation AND u.kind = 'contacts' AND u.id = m.id
               AND u.command = 'undo-contact-merge' AND strpos(u.events, happened ->> 'mergeId') > 0) AS undone
          FROM journal m
          WHERE m.organisation = of_organisation AND m.kind = 'contacts' AND m.command = 'merge-contacts' AND strpos(m.events, happened ->> 'mergeId') > 0
            AND m.at >= id_made_at(happened ->> 'mergeId') AND m.at < id_made_at(happened ->> 'mergeId') + interval '1 millisecond') AS taken
      WHERE happened ? 'mergeId' AND taken.undone IS NOT NULL)
    SELECT held.id, held.first_line, held.last_line FROM held
$$;

-- The last step of an erasure. The product may not change the journal; this does so for a contact whose own journal says that it was erased, by
-- rules that nobody gives it: what is put instead is always the same. Says how many lines it redacted.
CREATE FUNCTION redact_contact_journal(of_organisation text, of_contact text, done timestamptz) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  erased bigint;
  redacted integer;
  supported boolean;
BEGIN
  IF of_organisation IS DISTINCT FROM current_setting('guichet.organisation', true) THEN
    RAISE EXCEPTION 'another organisation''s contacts' USING ERRCODE = 'insufficient_privilege';
  END IF;
  SELECT max(j.sequence) INTO erased FROM journal j JOIN contact_erasures e ON e.organisation = j.organisation AND e.contact_id = j.id
    JOIN contacts c ON c.organisation = j.organisation AND c.id = j.id AND c.state ? 'erasure'
  WHERE j.organisation = of_organisation AND j.kind = 'contacts' AND j.id = of_contact AND j.command IN ('erase-contact', 'carry-out-erasure')
    AND j.redacted_for IS NULL AND j.events LIKE '[{"event":"contact-erased",%';
  IF erased IS NULL THEN
    RAISE EXCEPTION 'contact % is not erased', of_contact USING ERRCODE = 'insufficient_privilege';
  END IF;
  -- Who was of the house's support has acted in other contacts' journals, by name; nobody else has, and those are many lines to go through.
  supported := EXISTS (SELECT FROM journal j WHERE j.organisation = of_organisation AND j.kind = 'contacts' AND j.id = of_contact AND j.sequence < erased AND j.events LIKE '%"support"%');
  WITH lines AS (
    SELECT j.organisation, j.kind, j.id, j.sequence
    FROM contact_journal_held(of_organisation, of_contact, erased) h
      JOIN journal j ON j.organisation = of_organisation AND j.kind = 'contacts' AND j.id = h.id AND j.sequence BETWEEN h.first_line AND h.last_line
    UNION
    SELECT j.organisation, j.kind, j.id, j.sequence FROM journal j
    WHERE supported AND j.organisation = of_organisation AND j.kind = 'contacts' AND j.actor_id = of_contact),
  words AS (
    SELECT j.organisation, j.kind, j.id, j.sequence,
      CASE j.events WHEN '[]' THEN '[]' ELSE '[{"event":"words-erased"}]' END AS events,
      CASE j.answer WHEN '{"value":{},"refusals":[]}' THEN j.answer ELSE '{"refusals":[{"code":"words-erased","arguments":[]}]}' END AS answer,
      -- What it did itself, from a space of its own, bears its name.
      CASE j.actor_id WHEN of_contact THEN '' ELSE j.actor_name END AS actor_name
    FROM lines l JOIN journal j USING (organisation, kind, id, sequence)
    WHERE j.redacted_for IS NULL AND (j.events <> '[]' OR j.answer <> '{"value":{},"refusals":[]}' OR j.actor_id = of_contact))
  UPDATE journal j SET events = w.events, answer = w.answer, actor_name = w.actor_name, redacted_for = of_contact, seal = journal_seal(j.hash, ARRAY[
      of_contact, w.events, w.answer, j.kind, j.organisation, j.id, j.sequence::text, trunc(extract(epoch FROM j.at) * 1000000)::bigint::text,
      j.actor_organisation, j.actor_id, j.actor_kind::text, w.actor_name, j.command_id::text, j.command, encode(j.content_hash, 'hex')])
  FROM words w WHERE j.organisation = w.organisation AND j.kind = w.kind AND j.id = w.id AND j.sequence = w.sequence;
  GET DIAGNOSTICS redacted = ROW_COUNT;
  UPDATE contact_erasures SET done_at = coalesce(done_at, done) WHERE organisation = of_organisation AND contact_id = of_contact;
  RETURN redacted;
END $$;
REVOKE ALL ON FUNCTION redact_contact_journal(text, text, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION redact_contact_journal(text, text, timestamptz) TO guichet_app;
