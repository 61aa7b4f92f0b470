-- 0003: the feed as files: segments, snapshots, digests.
-- What a till far behind fetches is cut once and is the same bytes for all tills. One row, locked with "skip locked",
-- decides which CRM process cuts. Hashes of rows are kept as of the last cut, in tables of their own: a sale must not
-- wait for them, and a digest is then a few thousand sums instead of a walk over all members.

create table feed_cut (
  id smallint primary key check (id = 1),
  cut_seq bigint not null default 0,
  cut_at_ms bigint not null default 0,
  -- Accounts from this number on were made behind the cut.
  next_account_no bigint not null default 1,
  next_file_id bigint not null default 1
);
insert into feed_cut (id) values (1);

create table feed_segments (
  segment_id bigint primary key,
  level smallint not null,
  from_seq bigint not null,
  to_seq bigint not null,
  made_at_ms bigint not null,
  -- Part of a merged one: listed and kept for a while yet, for tills that are under way.
  is_covered boolean not null default false,
  balances bytea,
  balance_count bigint not null,
  balance_sha256 text,
  rows bytea,
  row_count bigint not null,
  row_sha256 text,
  check (from_seq < to_seq)
);
create index feed_segments_open on feed_segments (level, from_seq) where not is_covered;
-- Compressed already.
alter table feed_segments alter column balances set storage external, alter column rows set storage external;

create table feed_snapshots (
  snapshot_id bigint primary key,
  seq bigint not null,
  until_seq bigint not null,
  made_at_ms bigint not null,
  is_ready boolean not null default false,
  members bigint not null default 0,
  cards bigint not null default 0,
  accounts bigint not null default 0
);

create table feed_chunks (
  snapshot_id bigint not null references feed_snapshots (snapshot_id) on delete cascade,
  at int not null,
  plain_bytes bigint not null,
  sha256 text not null,
  members bigint not null,
  cards bigint not null,
  accounts bigint not null,
  body bytea not null,
  primary key (snapshot_id, at)
);
alter table feed_chunks alter column body set storage external;

create table feed_hashes (
  kind smallint not null,
  id uuid not null,
  hash bigint not null,
  primary key (kind, id)
);
create table feed_digests (
  kind smallint not null,
  bucket smallint not null,
  rows bigint not null,
  sum bigint not null,
  primary key (kind, bucket)
);

-- A chunk holds its members' cards.
create index cards_member on cards (("row" ->> 'memberId'));
