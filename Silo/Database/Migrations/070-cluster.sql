-- What Microsoft Orleans' AdoNet providers need of a database: a table of the queries they run, found by key, and whatever those
-- queries stand on. The providers give each query its parameters by name and read the columns of its answer by name; everything else is
-- ours. The embedded engine reads none of this. Owned and opened to the product as every other table is; the engine works as guichet_app.
create table orleansquery (
  querykey text primary key,
  querytext text not null
);
revoke insert, update, delete on orleansquery from guichet_app;

-- Each cluster's list of nodes has a version: whoever changes the list says which one it has read, and is refused if another was faster.
create table cluster_lists (
  cluster text primary key,
  version integer not null default 0,
  changed_at timestamptz not null default now()
);

-- A row for each start of a node; those that have ended stay until the engine clears them away.
create table cluster_nodes (
  cluster text not null,
  address text not null,
  port integer not null,
  generation integer not null,
  name text not null,
  host text not null,
  status integer not null,
  gateway_port integer not null,
  suspected_by text,
  started_at timestamptz not null,
  alive_at timestamptz not null,
  primary key (cluster, address, port, generation)
);

-- Who listens to which stream beyond what classes say of themselves: what the engine keeps in its store "PubSubStore".
create table engine_states (
  service text not null,
  kind text not null,
  number0 bigint not null,
  number1 bigint not null,
  key text not null,
  version integer not null,
  payload bytea,
  changed_at timestamptz not null default now(),
  primary key (service, kind, number0, number1, key)
);

create index orleansreminderstable_by_hash on orleansreminderstable (serviceid, grainhash);

insert into orleansquery (querykey, querytext) values

-- Nodes. An answer of one column is read as yes or no; a change of the list and of its version are one statement, so both or neither.
('InsertMembershipVersionKey', $q$
with made as (insert into cluster_lists (cluster) values (@DeploymentId) on conflict do nothing returning cluster)
select count(*)::int from made
$q$),

('InsertMembershipKey', $q$
with list as (
  update cluster_lists set version = version + 1, changed_at = now()
  where cluster = @DeploymentId and version = @Version
    and not exists (select from cluster_nodes where cluster = @DeploymentId and address = @Address and port = @Port and generation = @Generation)
  returning cluster),
added as (
  insert into cluster_nodes (cluster, address, port, generation, name, host, status, gateway_port, started_at, alive_at)
  select cluster, @Address, @Port, @Generation, @SiloName, @HostName, @Status, @ProxyPort, @StartTime, @IAmAliveTime from list
  returning cluster)
select count(*)::int from added
$q$),

('UpdateMembershipKey', $q$
with list as (
  update cluster_lists set version = version + 1, changed_at = now()
  where cluster = @DeploymentId and version = @Version
    and exists (select from cluster_nodes where cluster = @DeploymentId and address = @Address and port = @Port and generation = @Generation)
  returning cluster),
changed as (
  update cluster_nodes as node set status = @Status, suspected_by = @SuspectTimes, alive_at = @IAmAliveTime
  from list
  where node.cluster = list.cluster and address = @Address and port = @Port and generation = @Generation
  returning node.cluster)
select count(*)::int from changed
$q$),

('UpdateIAmAlivetimeKey', $q$
update cluster_nodes set alive_at = @IAmAliveTime
where cluster = @DeploymentId and address = @Address and port = @Port and generation = @Generation
$q$),

-- Always a row with the list's version, without a node where there is none.
('MembershipReadAllKey', $q$
select list.version as "Version", address as "Address", port as "Port", generation as "Generation", name as "SiloName", host as "HostName",
  status as "Status", gateway_port as "ProxyPort", suspected_by as "SuspectTimes", started_at as "StartTime", alive_at as "IAmAliveTime"
from cluster_lists as list left join cluster_nodes using (cluster)
where cluster = @DeploymentId
$q$),

('MembershipReadRowKey', $q$
select list.version as "Version", address as "Address", port as "Port", generation as "Generation", name as "SiloName", host as "HostName",
  status as "Status", gateway_port as "ProxyPort", suspected_by as "SuspectTimes", started_at as "StartTime", alive_at as "IAmAliveTime"
from cluster_lists as list
left join cluster_nodes as node on node.cluster = list.cluster and address = @Address and port = @Port and generation = @Generation
where list.cluster = @DeploymentId
$q$),

('GatewaysQueryKey', $q$
select address as "Address", gateway_port as "ProxyPort", generation as "Generation"
from cluster_nodes where cluster = @DeploymentId and status = @Status and gateway_port > 0
$q$),

-- 3 is the status of a node at work: never taken away, however silent.
('CleanupDefunctSiloEntriesKey', $q$
delete from cluster_nodes where cluster = @DeploymentId and alive_at < @IAmAliveTime and status <> 3
$q$),

('DeleteMembershipTableEntriesKey', $q$
with nodes as (delete from cluster_nodes where cluster = @DeploymentId)
delete from cluster_lists where cluster = @DeploymentId
$q$),

-- Reminders (003-reminders.sql). A node has those whose grains' hashes lie in its part of a ring of signed numbers: after its
-- beginning, up to its end; where the part goes over the ring's seam, and where it is the whole ring, after the one or up to the other.
('UpsertReminderRowKey', $q$
insert into orleansreminderstable as kept (serviceid, grainid, remindername, starttime, period, grainhash, version)
values (@ServiceId, @GrainId, @ReminderName, @StartTime, @Period, @GrainHash, 0)
on conflict (serviceid, grainid, remindername) do update
  set starttime = excluded.starttime, period = excluded.period, grainhash = excluded.grainhash, version = kept.version + 1
returning version as "Version"
$q$),

('ReadReminderRowsKey', $q$
select grainid as "GrainId", remindername as "ReminderName", starttime as "StartTime", period as "Period", version as "Version"
from orleansreminderstable where serviceid = @ServiceId and grainid = @GrainId
$q$),

('ReadReminderRowKey', $q$
select grainid as "GrainId", remindername as "ReminderName", starttime as "StartTime", period as "Period", version as "Version"
from orleansreminderstable where serviceid = @ServiceId and grainid = @GrainId and remindername = @ReminderName
$q$),

('ReadRangeRows1Key', $q$
select grainid as "GrainId", remindername as "ReminderName", starttime as "StartTime", period as "Period", version as "Version"
from orleansreminderstable where serviceid = @ServiceId and grainhash > @BeginHash and grainhash <= @EndHash
$q$),

('ReadRangeRows2Key', $q$
select grainid as "GrainId", remindername as "ReminderName", starttime as "StartTime", period as "Period", version as "Version"
from orleansreminderstable where serviceid = @ServiceId and (grainhash > @BeginHash or grainhash <= @EndHash)
$q$),

('DeleteReminderRowKey', $q$
with gone as (
  delete from orleansreminderstable
  where serviceid = @ServiceId and grainid = @GrainId and remindername = @ReminderName and version = @Version
  returning version)
select count(*)::int from gone
$q$),

('DeleteReminderRowsKey', $q$
delete from orleansreminderstable where serviceid = @ServiceId
$q$),

-- States. A write says the version it has read, or none when there was none; the version unchanged in the answer is a refusal.
('ReadFromStorageKey', $q$
select payload as "PayloadBinary", version as "Version"
from engine_states
where service = @ServiceId and kind = @GrainTypeString and number0 = @GrainIdN0 and number1 = @GrainIdN1 and key = coalesce(@GrainIdExtensionString, '')
$q$),

('WriteToStorageKey', $q$
with changed as (
  update engine_states set payload = @PayloadBinary, version = version + 1, changed_at = now()
  where service = @ServiceId and kind = @GrainTypeString and number0 = @GrainIdN0 and number1 = @GrainIdN1 and key = coalesce(@GrainIdExtensionString, '')
    and version = @GrainStateVersion
  returning version),
made as (
  insert into engine_states (service, kind, number0, number1, key, version, payload)
  select @ServiceId, @GrainTypeString, @GrainIdN0, @GrainIdN1, coalesce(@GrainIdExtensionString, ''), 1, @PayloadBinary
  where @GrainStateVersion is null
  on conflict do nothing
  returning version)
select coalesce((select version from changed), (select version from made), @GrainStateVersion) as "NewGrainStateVersion"
$q$),

('ClearStorageKey', $q$
update engine_states set payload = null, version = version + 1, changed_at = now()
where service = @ServiceId and kind = @GrainTypeString and number0 = @GrainIdN0 and number1 = @GrainIdN1 and key = coalesce(@GrainIdExtensionString, '')
  and version = @GrainStateVersion
returning version as "NewGrainStateVersion"
$q$),

('DeleteStorageKey', $q$
delete from engine_states
where service = @ServiceId and kind = @GrainTypeString and number0 = @GrainIdN0 and number1 = @GrainIdN1 and key = coalesce(@GrainIdExtensionString, '')
  and version = @GrainStateVersion
returning version + 1 as "NewGrainStateVersion"
$q$);
