-- 0004: what a manager decides (inbox), ops that wait, merges, the consent ledger, erasures, the audit log.

-- A held op that was settled later: under which number, on whose word, with which body instead of its own.
-- member_id: whom the op's personal data are about, for kinds that carry any, held or not. An erased body is null;
-- then the commitment stands for it in the hash, and the salt is gone from the header.
alter table ops
  add column released_seq bigint,
  add column released_by text,
  add column repaired_body json,
  add column member_id uuid,
  add column commitment text;
create index ops_released on ops (till_id, released_seq) where released_seq is not null;
create index ops_member on ops (member_id) where member_id is not null;

-- Rows that a held op misses; gone once it is released.
create table op_waits (
  target uuid not null,
  seq bigint not null references ops (seq),
  primary key (target, seq)
);
create index op_waits_seq on op_waits (seq);

alter table members
  add column lookup_key text,
  add column merged_into_id uuid;
create index members_lookup on members (lookup_key) where lookup_key is not null;
create index members_merged on members (merged_into_id) where merged_into_id is not null;

create table consents (
  op_id uuid primary key,
  seq bigint not null,
  member_id uuid not null,
  "row" jsonb not null
);
create index consents_member on consents (member_id, seq);

-- What a till had when it last sent ops: its own ops up to tseq were made before at_ms (the centre's clock), and their
-- authors had seen the feed at most up to cursor.
create table till_views (
  till_id text primary key references tills (till_id),
  incarnation bigint not null,
  tseq bigint not null,
  cursor bigint not null,
  at_ms bigint not null
);

create table inbox (
  id text primary key,
  topic text not null unique,
  kind text not null,
  member_id uuid,
  till_id text not null,
  op_id uuid,
  seq bigint not null,
  at_ms bigint not null,
  detail jsonb not null,
  state text not null default 'open' check (state in ('open', 'answered')),
  answer text not null default '',
  answered_by text not null default '',
  answered_at_ms bigint
);
create index inbox_state on inbox (state, id);
create index inbox_member on inbox (member_id) where member_id is not null;

create table erasures (
  erasure_no bigint primary key,
  member_id uuid not null unique,
  seq bigint not null,
  at_ms bigint not null
);

create table erasure_receipts (
  till_id text primary key references tills (till_id),
  erasure_no bigint not null,
  at_ms bigint not null
);

-- No personal data, so that an erasure never breaks the chain of hashes.
create table audit_log (
  line_no bigint primary key,
  at_ms bigint not null,
  actor_id text not null,
  action text not null,
  object_id text not null,
  note text not null,
  prev text not null,
  hash text not null
);

-- The centre's own node, which writes what a manager decides here. No token has this hash: nobody can speak for it.
insert into tills (till_id, name, store_id, token_hash, incarnation, head_hash, state, created_at_ms)
  values ('centre', 'Centre', 'centre', 'none', 1, repeat('0', 32), 'live', 0) on conflict do nothing;
