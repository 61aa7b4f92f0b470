-- 0001: the centre's first tables.
-- Every row that travels to tills carries the feed number (seq) of the op or edit that last changed it,
-- indexed, so that "changed since" is a range scan. All numbering happens under a lock on feed_head's row.

create table feed_head (
  id smallint primary key check (id = 1),
  epoch text not null,
  seq bigint not null default 0,
  next_account_no bigint not null default 1,
  next_card_serial bigint not null default 0,
  next_block_id bigint not null default 1,
  card_key text not null
);

create table documents (
  kind text not null check (kind in ('chain', 'store', 'staff', 'card-type')),
  id text not null,
  seq bigint not null,
  body jsonb not null,
  primary key (kind, id)
);
create index documents_seq on documents (seq);

create table tills (
  till_id text primary key,
  name text not null,
  store_id text not null,
  token_hash text not null unique,
  incarnation bigint not null,
  hi_tseq bigint not null default 0,
  head_hash text not null,
  state text not null check (state in ('live', 'quarantined')),
  last_block_id bigint not null default 0,
  created_at_ms bigint not null,
  last_contact_at_ms bigint not null default 0
);

create table card_blocks (
  block_id bigint primary key,
  till_id text not null references tills (till_id),
  first_serial bigint not null,
  numbers text[] not null,
  granted_at_ms bigint not null
);

create table enrol_codes (
  code_hash text primary key,
  store_id text not null,
  made_by text not null,
  expires_at_ms bigint not null,
  used_by text
);

-- Header and body are json, not jsonb: kept as they came, also where a held body has text that jsonb refuses.
create table ops (
  seq bigint primary key,
  till_id text not null references tills (till_id),
  incarnation bigint not null,
  tseq bigint not null,
  op_id uuid not null,
  hash text not null,
  kind text not null,
  held_reason text,
  header json not null,
  body json not null,
  received_at_ms bigint not null,
  unique (till_id, incarnation, tseq)
);
create unique index ops_op_id on ops (op_id) where held_reason is distinct from 'op_id_repeated';
create index ops_held on ops (seq) where held_reason is not null;

create table members (
  member_id uuid primary key,
  seq bigint not null,
  mobile text,
  state text not null,
  "row" jsonb not null,
  clocks jsonb not null
);
create index members_seq on members (seq);
create index members_mobile on members (mobile) where mobile is not null;

create table accounts (
  account_id uuid primary key,
  seq bigint not null,
  account_no bigint not null unique,
  balance bigint not null,
  entry_count bigint not null,
  "row" jsonb not null
);
create index accounts_seq on accounts (seq);

create table cards (
  card_id uuid primary key,
  seq bigint not null,
  card_number text not null unique,
  account_id uuid not null,
  "row" jsonb not null
);
create index cards_seq on cards (seq);

create table entries (
  op_id uuid primary key,
  seq bigint not null,
  account_id uuid not null,
  store_id text not null,
  corrects_op_id uuid,
  delta bigint not null,
  "row" jsonb not null
);
create index entries_store_seq on entries (store_id, seq);
create unique index entries_corrects on entries (corrects_op_id) where corrects_op_id is not null;
create index entries_account on entries (account_id);

create table flags (
  seq bigint not null references ops (seq),
  flag text not null,
  op_id uuid not null,
  primary key (seq, flag)
);
