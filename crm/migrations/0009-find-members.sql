-- 0009: a till asks for one member by a whole key. Card numbers, mobiles and look-up IDs have their indexes already.
-- And what a manager says when she decides is kept with the item.

create index members_phone on members (("row" ->> 'phone')) where "row" ->> 'phone' is not null;
create index members_email on members (lower("row" ->> 'email')) where "row" ->> 'email' is not null;
alter table inbox add column answer_reason text not null default '';
