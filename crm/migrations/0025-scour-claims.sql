-- 0025: when a centre last began to scour the database's files, so that of two over one database only one does
-- (crm/inbox/scouring.ts).

alter table erasure_scour add column claimed_at_ms bigint not null default 0;
