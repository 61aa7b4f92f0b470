-- 0014: purchases and money of each account.
-- Kept beside the balance, in the same statement: tills have no ledger of other stores, and tell recency, frequency and
-- money of a member from these. What they count says sync/merge/purchases.ts. All accounts change at once, so files of
-- the feed and hashes are made anew.

alter table accounts
  add column purchase_count bigint not null default 0,
  add column spent_minor bigint not null default 0;

with bought as (
  select op_id, account_id, coalesce(("row"::json ->> 'amountMinor')::bigint,
    case when "row"::json ->> 'kind' = 'credit.spent' then -delta else 0 end) as spent
  from entries where "row"::json ->> 'kind' in ('stamp.added', 'visit.deducted', 'credit.spent')
    or ("row"::json ->> 'kind' in ('points.credited', 'visits.added', 'credit.earned')
      and "row"::json ->> 'amountMinor' is not null)
), shares as (
  select account_id, 1 as purchases, spent from bought
  union all
  select b.account_id, -1, -b.spent from bought b join entries e on e.corrects_op_id = b.op_id
    and e."row"::json ->> 'kind' in ('entry.corrected', 'purchase.edited')
), sums as (
  select account_id, sum(purchases) as purchases, sum(spent) as spent from shares group by account_id
)
update accounts a set purchase_count = s.purchases, spent_minor = s.spent from sums s
where s.account_id = a.account_id;

delete from feed_segments;
delete from feed_snapshots;
delete from feed_hashes;
delete from feed_digests;
-- A number is passed over where there were files: their chain ends. Where none was ever made none is.
update feed_cut set cut_seq = 0, next_file_id = next_file_id + 1 where next_file_id > 1;
