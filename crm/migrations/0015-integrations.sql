-- 0015: other systems: their keys, webhooks and how far each has been told, repeated requests.

create table integration_keys (
  key_id text primary key,
  name text not null,
  -- The secret itself is nowhere.
  key_hash text not null unique,
  scopes text[] not null,
  -- The manager who made it: author of what is written with it.
  made_by text not null,
  made_at_ms bigint not null,
  last_used_at_ms bigint not null default 0,
  revoked_at_ms bigint,
  revoked_by text
);

-- A webhook's secret is worked out of the centre's own key and `secret_no`; none is stored.
create table webhooks (
  webhook_id text primary key,
  key_id text not null references integration_keys (key_id),
  url text not null,
  kinds text[] not null,
  secret_no int not null default 1,
  -- Until then both this secret and the one before it sign.
  both_until_ms bigint not null default 0,
  -- 'dead': failed for days, its receiver is told nothing until somebody starts it again.
  state text not null default 'live' check (state in ('live', 'stopped', 'dead')),
  epoch text not null,
  -- The highest number of the feed that its receiver has confirmed.
  cursor_seq bigint not null,
  failures int not null default 0,
  failing_since_ms bigint,
  next_at_ms bigint not null default 0,
  last_problem text not null default '',
  -- The process that tells it now.
  lease_by text not null default '',
  lease_until_ms bigint not null default 0,
  made_at_ms bigint not null
);
create index webhooks_key on webhooks (key_id);

-- What a request with an Idempotency-Key has done. No personal data: ids only.
create table integration_requests (
  key_id text not null,
  request_key text not null,
  -- Of method, address and body.
  request_hash text not null,
  member_id uuid not null,
  version bigint not null,
  at_ms bigint not null,
  primary key (key_id, request_key)
);
create index integration_requests_at on integration_requests (at_ms);
