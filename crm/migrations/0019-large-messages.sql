-- 0019: a message to everybody of a large chain: chosen page by page, taken up without looking at those before.

-- Who gets it is written down up to this member; a program that ends goes on from there.
alter table messages add column chosen_after uuid not null default '00000000-0000-0000-0000-000000000000';

alter table message_sends add column channel text not null default '';
update message_sends s set channel = m.channel from messages m where m.op_id = s.op_id;
create index message_sends_due on message_sends (channel, next_at_ms, op_id, member_id) where state = 'queued';
create index message_sends_unfinished on message_sends (op_id) where state in ('queued', 'sending');
