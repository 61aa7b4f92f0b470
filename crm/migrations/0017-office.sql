-- 0017: an office comes in like a till, by a code of its own kind, and gets the entries of all stores.

alter table tills add column kind text not null default 'till' check (kind in ('till', 'office'));
alter table enrol_codes add column kind text not null default 'till' check (kind in ('till', 'office'));
