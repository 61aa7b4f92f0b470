-- 0005: parts of balances that are set aside for one till (grants) or one of its ops (reservations).

create table holds (
  hold_id uuid primary key,
  account_id uuid not null references accounts (account_id),
  till_id text not null references tills (till_id),
  incarnation bigint not null,
  kind text not null check (kind in ('grant', 'reservation')),
  units_left bigint not null check (units_left > 0),
  lapses_at_ms bigint,
  check ((kind = 'grant') = (lapses_at_ms is null))
);
create index holds_account on holds (account_id);
create index holds_till on holds (till_id);
