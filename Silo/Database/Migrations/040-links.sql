-- Links between organisations. A link belongs to its sender, who alone writes its row; its receiver reads it too.
SELECT create_aggregate('links');
ALTER TABLE links
  ADD COLUMN status text GENERATED ALWAYS AS (state ->> 'status') STORED,
  ADD COLUMN asked_by text GENERATED ALWAYS AS (state ->> 'askedBy') STORED,
  ADD COLUMN sender_name text GENERATED ALWAYS AS (state -> 'sender' ->> 'name') STORED,
  ADD COLUMN sender_session text GENERATED ALWAYS AS (state -> 'session' ->> 'id') STORED,
  ADD COLUMN receiver_organisation text GENERATED ALWAYS AS (state -> 'receiver' ->> 'organisation') STORED,
  ADD COLUMN receiver_name text GENERATED ALWAYS AS (state -> 'receiver' ->> 'name') STORED,
  ADD COLUMN receiver_session text GENERATED ALWAYS AS (state -> 'receiving' ->> 'sessionId') STORED,
  ADD COLUMN delivery text GENERATED ALWAYS AS (state -> 'outside' ->> 'delivery') STORED,
  ADD COLUMN delivered_version integer GENERATED ALWAYS AS ((state -> 'outside' ->> 'deliveredVersion')::integer) STORED,
  ADD COLUMN failing_since timestamptz GENERATED ALWAYS AS (instant_of(state -> 'outside' ->> 'failingSince')) STORED,
  ADD COLUMN since timestamptz GENERATED ALWAYS AS (instant_of(state ->> 'since')) STORED,
  ADD COLUMN expires_at timestamptz GENERATED ALWAYS AS (instant_of(state ->> 'expiresAt')) STORED,
  ADD COLUMN settling_order bigint GENERATED ALWAYS AS ((state ->> 'order')::bigint) STORED,
  ADD COLUMN settled_order bigint GENERATED ALWAYS AS ((state ->> 'settled')::bigint) STORED,
  ADD COLUMN search text GENERATED ALWAYS AS (folded(
    coalesce(state -> 'session' ->> 'title', '') || ' ' || coalesce(state -> 'session' ->> 'place', '') || ' ' || coalesce(state ->> 'description', '') || ' '
    || coalesce(state -> 'sender' ->> 'name', '') || ' ' || coalesce(state -> 'receiver' ->> 'name', ''))) STORED;

CREATE POLICY of_receiver ON links FOR SELECT
  USING (receiver_organisation = current_setting('guichet.organisation', true));

CREATE INDEX links_by_sender ON links (organisation, since DESC);
CREATE INDEX links_by_receiver ON links (receiver_organisation, since DESC) WHERE receiver_organisation IS NOT NULL;
CREATE INDEX links_by_sender_session ON links (organisation, sender_session);
CREATE INDEX links_by_receiver_session ON links (receiver_organisation, receiver_session) WHERE receiver_organisation IS NOT NULL;

-- What the sweep looks through, and nothing more.
CREATE INDEX links_live ON links (organisation, id) WHERE status = 'accepted';
CREATE INDEX links_to_expire ON links (expires_at) WHERE status = 'requested';
CREATE INDEX links_to_settle ON links (organisation, id) WHERE settled_order < settling_order;

-- What signs a webhook's posts, or stands in the address of a CSV. For the sender only; gone when the link is over.
CREATE TABLE link_secrets (
  organisation text NOT NULL,
  link_id text NOT NULL,
  secret text NOT NULL,
  token_hash bytea,
  PRIMARY KEY (organisation, link_id)
);
CREATE UNIQUE INDEX link_secrets_by_token ON link_secrets (token_hash) WHERE token_hash IS NOT NULL;
SELECT keep_to_organisation('link_secrets');

-- When the links were last swept, by whichever node came first: the others let it be until the next period.
CREATE TABLE link_sweeps (
  only_one boolean PRIMARY KEY DEFAULT true CHECK (only_one),
  swept_at timestamptz NOT NULL
);
INSERT INTO link_sweeps (swept_at) VALUES ('-infinity');
