-- 0008: ops beside the feed are of people too. Whom one is about, where it carries personal data; null for the others.

alter table stray_ops add column member_id uuid;
create index stray_ops_member on stray_ops (member_id) where member_id is not null;
