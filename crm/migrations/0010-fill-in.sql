-- 0010: what earlier migrations added, for rows that were there before: whom an op is about, what names a member, who
-- wrote a field, the first words of the consent ledger. And the mark of the trial database's journal.

update members set "row" = "row" || '{"mergedIntoId": null}' where not "row" ? 'mergedIntoId';
update members set lookup_key = lower(regexp_replace(normalize("row" ->> 'lookupId', NFKC), '\s+', '', 'g'))
  where lookup_key is null and coalesce("row" ->> 'lookupId', '') <> '';
update members set merged_into_id = ("row" ->> 'mergedIntoId')::uuid
  where merged_into_id is null and "row" ->> 'mergedIntoId' is not null;
-- A writer without a number would win and lose by chance: it counts as old as the row, and as nobody's.
update members set clocks = (
    select jsonb_object_agg(c.key, jsonb_build_object('seq', members.seq, 'actorId', '') || c.value)
    from jsonb_each(clocks) c
  )
  where exists (select 1 from jsonb_each(clocks) c where not c.value ? 'seq');

-- Without it an erasure would not find what these say. Read as text: a body that is kept may hold signs that no
-- database unescapes.
update ops set member_id = substring(body::text from '"memberId"\s*:\s*"([0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})"')::uuid
  where member_id is null and commitment is null
    and (kind in ('member.created', 'member.changed', 'member.state') or held_reason = 'bad_body');
update stray_ops set member_id = substring(body::text from '"memberId"\s*:\s*"([0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})"')::uuid
  where member_id is null and header ->> 'kind' in ('member.created', 'member.changed', 'member.state');

insert into consents (op_id, seq, member_id, "row")
  select o.op_id, o.seq, (o.body ->> 'memberId')::uuid, jsonb_build_object(
      'opId', o.op_id, 'seq', o.seq, 'memberId', o.body ->> 'memberId', 'purpose', 'marketing',
      'isGranted', (o.body ->> 'hasMarketingConsent')::boolean, 'policyVersion', o.body ->> 'pdpaPolicy',
      'channel', 'enrolment', 'hlc', o.header ->> 'hlc', 'wallMs', (o.header ->> 'wallMs')::bigint,
      'storeId', o.header ->> 'storeId', 'tillId', o.till_id, 'actorId', o.header ->> 'actorId')
  from ops o join members m on m.member_id::text = o.body ->> 'memberId'
  where o.kind = 'member.created' and o.held_reason is null and o.commitment is null
    and not exists (select 1 from consents c where c.member_id = m.member_id)
  on conflict (op_id) do nothing;

insert into erasures (erasure_no, member_id, seq, at_ms)
  select (select coalesce(max(erasure_no), 0) from erasures) + row_number() over (order by m.seq), m.member_id, m.seq, 0
  from members m where m.state = 'anonymised'
    and not exists (select 1 from erasures e where e.member_id = m.member_id);

-- The last of the journal's lines that is in the database (crm/ack-journal.ts). Not used on PostgreSQL.
create table trial_mark (
  id smallint primary key check (id = 1),
  line_no bigint not null
);
insert into trial_mark (id, line_no) values (1, 0);
