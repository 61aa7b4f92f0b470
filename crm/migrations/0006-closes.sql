-- 0006: closed business days: what a till signed, and what the centre found about it in its own ledger.

-- A second certificate of the same day would be another till's, or a forged one: both are kept.
create table closes (
  certificate_hash text primary key,
  till_id text not null references tills (till_id),
  incarnation bigint not null,
  business_day text not null,
  -- json, not jsonb: evidence is kept as it came.
  certificate json not null,
  signature text not null,
  received_at_ms bigint not null
);
create index closes_till on closes (till_id, business_day);

-- One row per answer; the newest counts.
create table close_receipts (
  certificate_hash text not null references closes (certificate_hash),
  checked_at_ms bigint not null,
  verdict text not null check (verdict in ('equal', 'differs')),
  receipt json not null,
  signature text not null,
  primary key (certificate_hash, checked_at_ms)
);

-- How far a till's own clock was from the centre's when that was last off; other tills are not here.
create table till_clocks (
  till_id text primary key references tills (till_id),
  ahead_ms bigint not null,
  noted_at_ms bigint not null
);
