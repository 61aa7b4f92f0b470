-- 0023: up to which erasure the database's own files were scoured. A row that is gone stays in its page, in statistics
-- and in the log of changes until something is written over it (crm/inbox/scouring.ts).

create table erasure_scour (
  one boolean primary key default true check (one),
  erasure_no bigint not null,
  at_ms bigint not null
);
insert into erasure_scour (erasure_no, at_ms) values (0, 0);

-- Of an index that has no row any more PostgreSQL keeps the statistics, with what the last ones said. So these have a
-- row for everybody.
drop index members_phone;
drop index members_email;
create index members_phone on members (("row" ->> 'phone'));
create index members_email on members (lower("row" ->> 'email'));
