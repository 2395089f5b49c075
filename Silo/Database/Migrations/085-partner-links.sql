-- What opens a partner's page: a link in each mail, each with a secret of its own. Only what their SHA-256 is stands here.
CREATE TABLE partner_links (
  hash bytea PRIMARY KEY,
  organisation text NOT NULL,
  partner_id text NOT NULL,
  -- Of the partner's page when it was made: revoking or issuing anew leaves it behind.
  number integer NOT NULL,
  made_at timestamptz NOT NULL
);
CREATE INDEX partner_links_of_partner ON partner_links (organisation, partner_id, made_at);
SELECT keep_to_organisation('partner_links');

-- Where each attempt to send a mail comes back to: the hash of the token in its envelope's sender, and whose mail it was.
CREATE TABLE report_envelopes (
  hash bytea PRIMARY KEY,
  organisation text NOT NULL,
  run_id text NOT NULL,
  partner_id text NOT NULL,
  position integer NOT NULL,
  round integer NOT NULL,
  FOREIGN KEY (organisation, partner_id, run_id, position) REFERENCES report_recipients
);
SELECT keep_to_organisation('report_envelopes');

-- A partner's last report, where it reached nobody: refused for good or come back. Gone with the next one that arrives.
CREATE TABLE partner_failures (
  organisation text NOT NULL,
  partner_id text NOT NULL,
  run_id text NOT NULL,
  made_at timestamptz NOT NULL,
  bounced boolean NOT NULL,
  reason text,
  at timestamptz NOT NULL,
  PRIMARY KEY (organisation, partner_id)
);
SELECT keep_to_organisation('partner_failures');
