-- 0016: messages to members: what was asked for, who gets it, what became of each. No text and no address is kept.

create table messages (
  op_id uuid primary key,
  seq bigint not null,
  template_id text not null,
  template_version bigint not null,
  channel text not null default '',
  -- Null: everybody in the segment.
  member_id uuid,
  segment_id text not null,
  actor_id text not null,
  asked_at_ms bigint not null,
  -- Its op waited for its member: taken up out of order.
  is_late boolean not null default false,
  -- 'choosing': who gets it is being written down; 'refused': nobody gets anything, see `reason`.
  state text not null check (state in ('choosing', 'sending', 'done', 'refused')),
  reason text not null default ''
);
create index messages_open on messages (seq) where state in ('choosing', 'sending');
create index messages_seq on messages (seq);

create table message_sends (
  op_id uuid not null references messages (op_id),
  member_id uuid not null,
  -- 'maybe': handed over when the answer got lost, or the program ended; never sent again by itself.
  state text not null check (state in ('queued', 'sending', 'sent', 'maybe', 'failed', 'skipped')),
  reason text not null default '',
  tries int not null default 0,
  next_at_ms bigint not null default 0,
  at_ms bigint not null default 0,
  primary key (op_id, member_id)
);
create index message_sends_open on message_sends (next_at_ms) where state in ('queued', 'sending');
create index message_sends_member on message_sends (member_id, at_ms);

-- Hardly any op is a message: a sale pays nothing for it.
create index ops_messages on ops (seq) where kind = 'message.requested';
