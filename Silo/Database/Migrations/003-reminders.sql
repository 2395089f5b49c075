-- The reminders of grains, in the columns of Microsoft Orleans' AdoNet provider, so that a database may go from the
-- embedded engine to Orleans and back: periods in milliseconds, instants to the millisecond.
create table orleansreminderstable (
  serviceid text not null,
  grainid text not null,
  remindername text not null,
  starttime timestamptz(3) not null,
  period bigint not null,
  grainhash integer not null,
  version integer not null,
  constraint pk_remindertable_serviceid_grainid_remindername primary key (serviceid, grainid, remindername)
);
