-- 0018: what members spent on each day, and who is to be looked at because of it.
-- A tier is reached, renewed and lost by spending: sync/programmes/tiers.ts. Filled behind the pushes, which write none
-- of it: `tier_clock.seq` says up to which number of the feed. It stands still while no tier is reached by spending, and
-- begins with the first entry once there is one.

create table spent_days (
  member_id uuid not null,
  day text not null,
  spent_minor bigint not null,
  last_at_ms bigint not null,
  primary key (member_id, day)
);

create table tier_due (member_id uuid primary key);

create table tier_clock (
  one boolean primary key default true check (one),
  seq bigint not null,
  rules_seq bigint not null,
  day text not null
);
insert into tier_clock (seq, rules_seq, day) values (0, 0, '');

create index members_tier_until on members (("row" ->> 'tierUntil')) where "row" ->> 'tierUntil' is not null;
