-- When reports leave, and each time that they did, or should have.
SELECT create_aggregate('report_calendars');

-- A run: a time of a calendar. What is made of it (deliveries) refers to it. Times are local as the calendar's zone had them.
CREATE TABLE report_runs (
  organisation text NOT NULL,
  id text NOT NULL,
  calendar_id text NOT NULL,
  local_at timestamp NOT NULL,
  zone text NOT NULL,
  at timestamptz NOT NULL,
  recorded_at timestamptz NOT NULL,
  state text NOT NULL CHECK (state IN ('run', 'missed')),
  expanded_at timestamptz,
  PRIMARY KEY (organisation, id)
);
CREATE INDEX report_runs_by_calendar ON report_runs (organisation, calendar_id, at DESC);
SELECT keep_to_organisation('report_runs');
