-- 0024: up to which of its own ops a till had made any when it last spoke, and when that was.
-- Why: the figures of a shop's day say up to when each of its tills is in them.

alter table tills
  add column told_incarnation bigint not null default 0,
  add column told_tseq bigint not null default 0,
  add column told_at_ms bigint not null default 0;
