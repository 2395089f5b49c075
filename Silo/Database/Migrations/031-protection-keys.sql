-- The keys that sign forms' tokens and the like: shared by all nodes, kept over restarts. They protect nothing that outlives a day.
CREATE TABLE protection_keys (
  name text PRIMARY KEY,
  xml text NOT NULL,
  made_at timestamptz NOT NULL
);
REVOKE UPDATE, DELETE ON protection_keys FROM guichet_app;
