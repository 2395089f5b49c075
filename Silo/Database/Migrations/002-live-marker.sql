-- Which database the installation lives in, so that a copy of it (a restored backup, a copied folder) knows that it is
-- one and sends nothing. One row, written when a node first starts here; see Database/LiveMarker.cs.
create table live_marker (
  one boolean primary key default true check (one),
  place text,
  live_since timestamptz not null default now()
);
comment on column live_marker.place is 'Where the live database is. Null after a restore: nowhere until somebody says so.';
revoke insert, update, delete on live_marker from guichet_app;
