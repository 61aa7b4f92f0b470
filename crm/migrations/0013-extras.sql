-- 0013: what hangs on a member beside the profile (sync/model/extras.ts): '' where there is nothing. Documents of any
-- kind: what each may say is checked where it is read.

update members set "row" = "row" || '{"extras": ""}'::jsonb where not "row" ? 'extras';
alter table documents drop constraint documents_kind_check;
alter table documents add constraint documents_kind_check check (length(kind) between 1 and 40);
