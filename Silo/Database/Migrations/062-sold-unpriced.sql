-- Places sold that a revenue leaves out because their lines don't say theirs: what is shown as "at least", and what an average doesn't divide by.
ALTER TABLE tallies ADD COLUMN sold_unpriced integer NOT NULL DEFAULT 0;
ALTER TABLE sessions ADD COLUMN sold_unpriced integer NOT NULL DEFAULT 0;

UPDATE tallies SET sold_unpriced = (
  SELECT coalesce(sum((line ->> 'sold')::integer), 0) FROM jsonb_array_elements(lines) AS line WHERE line ->> 'grossMinor' IS NULL)
WHERE gross_minor IS NOT NULL AND lines @? '$[*] ? (@.sold > 0 && !exists(@.grossMinor))';

UPDATE sessions SET sold_unpriced = tallies.sold_unpriced
FROM tallies
WHERE tallies.organisation = sessions.organisation AND tallies.session_id = sessions.id AND tallies.version = sessions.tally_version AND tallies.sold_unpriced > 0;
