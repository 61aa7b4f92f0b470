-- 0012: the first word of the consent ledger also for members who have said another since. Who was anonymised before
-- 0010 knew whom an op is about is erased again with it (crm/migrate.ts).

insert into consents (op_id, seq, member_id, "row")
  select o.op_id, o.seq, (o.body::json ->> 'memberId')::uuid, jsonb_build_object(
      'opId', o.op_id, 'seq', o.seq, 'memberId', o.body::json ->> 'memberId', 'purpose', 'marketing',
      'isGranted', (o.body::json ->> 'hasMarketingConsent')::boolean, 'policyVersion', o.body::json ->> 'pdpaPolicy',
      'channel', 'enrolment', 'hlc', o.header::json ->> 'hlc', 'wallMs', (o.header::json ->> 'wallMs')::bigint,
      'storeId', o.header::json ->> 'storeId', 'tillId', o.till_id, 'actorId', o.header::json ->> 'actorId')
  from ops o join members m on m.member_id::text = o.body::json ->> 'memberId'
  where o.kind = 'member.created' and o.held_reason is null and o.commitment is null
  on conflict (op_id) do nothing;
