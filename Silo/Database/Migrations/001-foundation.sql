-- Two roles share the database. Its owner migrates, backs up and verifies. The product works as guichet_app, which owns
-- nothing, so that row-level security binds it: it connects with the owner's login and takes the role for the session.
-- The role belongs to the whole server: another database of it, or another node, may be making it at this moment.
do $$
begin
  if not exists (select from pg_roles where rolname = 'guichet_app') then
    create role guichet_app nologin noinherit;
  end if;
exception when duplicate_object or unique_violation then
  null;
end
$$;

-- A role made for another database of this server may have been granted by somebody else already.
do $$
begin
  execute format('grant guichet_app to %I', current_user);
exception when insufficient_privilege then
  if not pg_has_role(current_user, 'guichet_app', 'member') then
    raise;
  end if;
end
$$;

grant usage on schema public to guichet_app;

-- What later migrations make, the product may read and write. A table that must only grow, such as the journal, takes
-- update and delete back in the migration that makes it.
alter default privileges in schema public grant select, insert, update, delete on tables to guichet_app;
alter default privileges in schema public grant usage, select on sequences to guichet_app;

create extension if not exists pg_trgm;
create extension if not exists unaccent;
