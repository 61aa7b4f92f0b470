-- 0027: hashes of rows may lag behind the cut.
-- A till that waits for a segment does not wait for the hashes of what is in it: these are noted when nobody waits, and
-- before digests are told, which are as of this number.
alter table feed_cut add column hashed_seq bigint not null default 0;
update feed_cut set hashed_seq = cut_seq;
