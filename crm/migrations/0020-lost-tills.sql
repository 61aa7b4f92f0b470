-- 0020: a till that was reported lost is told nothing at all; a quarantined one may still hand in its work.

alter table tills drop constraint tills_state_check;
alter table tills add constraint tills_state_check check (state in ('live', 'quarantined', 'lost'));
