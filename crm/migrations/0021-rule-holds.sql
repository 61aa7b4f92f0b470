-- 0021: ops that wait for a version of a card type, and documents that a till saved and nobody took at once.

-- Rows by their id as before, documents as `kind id`.
alter table op_waits alter column target type text using target::text;

create index ops_held_documents on ops (till_id, seq) where kind = 'document.saved' and held_reason is not null;
