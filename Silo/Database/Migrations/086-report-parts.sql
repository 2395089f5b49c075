-- A run is taken apart into its deliveries at once, and these are prepared part by part: what each is of is null until then.

ALTER TABLE report_deliveries
  ADD COLUMN part integer NOT NULL DEFAULT 0,
  ALTER COLUMN sessions DROP NOT NULL,
  ALTER COLUMN versions DROP NOT NULL,
  ALTER COLUMN told_versions DROP NOT NULL;
DROP INDEX report_deliveries_of_run;
CREATE INDEX report_deliveries_of_run ON report_deliveries (organisation, run_id, part);
