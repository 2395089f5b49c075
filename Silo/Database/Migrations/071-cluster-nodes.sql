-- What a node says of itself to people: the program's version. Null from a node older than this column.
alter table cluster_nodes add column program text;

insert into orleansquery (querykey, querytext) values

-- The engine reads the whole list and chooses; a row that has changed since then stays.
('CleanupDefunctSiloEntryKey', $q$
delete from cluster_nodes
where cluster = @DeploymentId and address = @Address and port = @Port and generation = @Generation
  and status = 6 and started_at = @StartTime and alive_at = @IAmAliveTime and suspected_by is not distinct from @SuspectTimes
$q$);
