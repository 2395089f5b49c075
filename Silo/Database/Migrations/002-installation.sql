-- Which database this installation lives in, so that a copy of it (a restored backup, a copied folder) knows that it is
-- one and sends nothing. One row, written when a node first starts here; see Database/LiveMarker.cs.
create table installation (
  one boolean primary key default true check (one),
  id uuid not null default gen_random_uuid(),
  place text,
  live_since timestamptz not null default now()
);
comment on column installation.place is 'Where the live database is. Null after a restore: nowhere until somebody says so.';
revoke insert, update, delete on installation from guichet_app;
