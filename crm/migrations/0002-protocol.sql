-- 0002: signatures, fence tokens, incarnations, strays.
-- A till signs what it sends; its public key is kept here, and the centre's own pairs. A till that was restored from a
-- copy goes on under a new incarnation with cards of a new block. Ops that contradict what the centre has are kept
-- beside the others until a manager books them: nothing that a till made is ever thrown away.

alter table tills
  -- Ed25519, hex; '' for the centre's own node, which nobody can speak for.
  add column sign_key text not null default '',
  -- The token of the latest ack; '' before the first.
  add column fence text not null default '',
  -- Hash of the op shapes that the till was built with.
  add column op_schema text not null default '';

create table till_incarnations (
  till_id text not null references tills (till_id),
  incarnation bigint not null,
  state text not null check (state in ('live', 'closed')),
  -- Of a closed one: how far it came. The living one's progress is in its till's row.
  hi_tseq bigint not null default 0,
  head_hash text not null,
  fence text not null default '',
  -- The request that began it, so that an answer that got lost can be given again.
  request_id text,
  began_at_ms bigint not null,
  closed_at_ms bigint,
  primary key (till_id, incarnation)
);
create unique index till_incarnations_live on till_incarnations (till_id) where state = 'live';
create unique index till_incarnations_request on till_incarnations (till_id, request_id);
insert into till_incarnations (till_id, incarnation, state, hi_tseq, head_hash, began_at_ms)
  select till_id, incarnation, 'live', hi_tseq, head_hash, created_at_ms from tills;

-- Numbers of a frozen block that no card has are never given out again.
alter table card_blocks
  add column incarnation bigint not null default 1,
  add column state text not null default 'granted' check (state in ('granted', 'frozen'));

-- A booked stray keeps its till, incarnation and tseq, and has another branch than the op that was there before.
alter table ops add column branch bigint not null default 0;
alter table ops drop constraint ops_till_id_incarnation_tseq_key;
alter table ops add constraint ops_till_tseq unique (till_id, incarnation, tseq, branch);

create table stray_ops (
  op_id uuid primary key,
  till_id text not null references tills (till_id),
  incarnation bigint not null,
  tseq bigint not null,
  hash text not null,
  -- json, not jsonb: evidence is kept as it came.
  header json not null,
  body json not null,
  received_at_ms bigint not null,
  booked_seq bigint,
  booked_by text,
  booked_at_ms bigint
);
create index stray_ops_waiting on stray_ops (till_id, incarnation, tseq) where booked_at_ms is null;

-- Both halves of the centre's own pairs: 'sign' (Ed25519) and 'seal' (X25519).
create table centre_keys (
  kind text primary key check (kind in ('sign', 'seal')),
  public_key text not null,
  secret_key text not null,
  made_at_ms bigint not null
);
