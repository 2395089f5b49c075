-- The journal: every command of every aggregate, with its answer; written once, never changed.
-- Texts are kept exactly as they were hashed (see HashChain), so events and answers are text, not jsonb.
CREATE TABLE journal (
  organisation text NOT NULL,
  kind text NOT NULL,
  id text NOT NULL,
  sequence bigint NOT NULL CHECK (sequence > 0),
  at timestamptz NOT NULL,
  actor_organisation text NOT NULL,
  actor_id text NOT NULL,
  actor_kind smallint NOT NULL,
  actor_name text NOT NULL,
  command_id uuid NOT NULL,
  command text NOT NULL,
  content_hash bytea NOT NULL,
  events text NOT NULL,
  answer text NOT NULL,
  hash bytea NOT NULL,
  CONSTRAINT journal_pkey PRIMARY KEY (organisation, kind, id, sequence),
  CONSTRAINT journal_command UNIQUE (organisation, kind, id, command_id)
);
CREATE INDEX journal_timeline ON journal (organisation, at DESC);

-- Effects to do after commit.
CREATE TABLE outbox (
  id uuid PRIMARY KEY,
  organisation text NOT NULL,
  kind text NOT NULL,
  payload text NOT NULL,
  created_at timestamptz NOT NULL,
  due_at timestamptz NOT NULL,
  first_due_at timestamptz NOT NULL,
  attempts integer NOT NULL DEFAULT 0,
  claimed_until timestamptz,
  done_at timestamptz,
  failed_at timestamptz,
  last_error text
);
CREATE INDEX outbox_waiting ON outbox (due_at) WHERE done_at IS NULL AND failed_at IS NULL;
CREATE INDEX outbox_done ON outbox (done_at) WHERE done_at IS NOT NULL;

-- Ends the transaction when a version check found less to write than there should be. The journal's store knows the code.
CREATE FUNCTION require_written(written bigint, expected integer) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF written <> expected THEN
    RAISE EXCEPTION 'not written: another version is there' USING ERRCODE = 'GU001';
  END IF;
END $$;

-- Makes a table show and take only the rows of the organisation that the transaction is for; '*' is the product's own work.
-- The setting is read in a query of its own: once for a statement, not once for a row.
CREATE FUNCTION keep_to_organisation(target regclass) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', target);
  EXECUTE format(
    'CREATE POLICY of_organisation ON %s
       USING (organisation = (SELECT current_setting(''guichet.organisation'', true)) OR (SELECT current_setting(''guichet.organisation'', true)) = ''*'')
       WITH CHECK (organisation = (SELECT current_setting(''guichet.organisation'', true)) OR (SELECT current_setting(''guichet.organisation'', true)) = ''*'')',
    target);
END $$;

-- The state table of one kind of aggregate; a feature's migration adds what its lists read: columns generated from the state, or,
-- where the kind changes often, plain ones that its grain fills (a generated one unpacks the state again at every commit).
CREATE FUNCTION create_aggregate(kind text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format(
    'CREATE TABLE %I (
       organisation text NOT NULL, id text NOT NULL, version bigint NOT NULL, state jsonb NOT NULL,
       CONSTRAINT %I PRIMARY KEY (organisation, id))',
    kind, kind || '_pkey');
  PERFORM keep_to_organisation(kind::regclass);
END $$;

SELECT keep_to_organisation('journal');
SELECT keep_to_organisation('outbox');
REVOKE UPDATE, DELETE, TRUNCATE ON journal FROM guichet_app;
