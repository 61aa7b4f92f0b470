-- What: the list of who showed a PIN and of who looked at whom, by its kind and number.
-- Why: each kind keeps its own newest lines, so that many looks push out no wrong PIN; which is too old is asked at each
-- new line.

CREATE INDEX sign_ins_kind ON sign_ins (member_id <> '', sign_in_no);
