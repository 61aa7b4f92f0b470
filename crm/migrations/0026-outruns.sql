-- 0026: tills that have confirmed more erasures than the list of them and the database know of: that list was not put
-- back with the database (crm/inbox/list-watch.ts). A till says so once, so it is kept until the list is there.

create table erasure_outruns (
  till_id text primary key references tills (till_id),
  confirmed bigint not null,
  at_ms bigint not null
);
