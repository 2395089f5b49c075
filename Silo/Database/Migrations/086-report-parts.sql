-- A run is taken apart into its deliveries at once, and these are prepared part by part: what each is of is null until then.

ALTER TABLE report_deliveries
  ALTER COLUMN sessions DROP NOT NULL,
  ALTER COLUMN versions DROP NOT NULL,
  ALTER COLUMN told_versions DROP NOT NULL;

-- One index for a run, for a part of it and for one partner in it: of a table that was just filled the planner knows nothing, and could
-- choose to go through the whole run for each.
ALTER TABLE report_deliveries DROP CONSTRAINT report_deliveries_pkey CASCADE;
ALTER TABLE report_recipients DROP CONSTRAINT report_recipients_pkey CASCADE;
DROP INDEX report_deliveries_of_run;
DROP INDEX report_recipients_of_run;
ALTER TABLE report_deliveries ADD PRIMARY KEY (organisation, run_id, partner_id);
ALTER TABLE report_recipients
  ADD PRIMARY KEY (organisation, run_id, partner_id, position),
  ADD FOREIGN KEY (organisation, run_id, partner_id) REFERENCES report_deliveries;
ALTER TABLE report_envelopes ADD FOREIGN KEY (organisation, run_id, partner_id, position) REFERENCES report_recipients;
