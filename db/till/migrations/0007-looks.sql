-- What: in the list of who showed a PIN, the member whose masked values somebody looked at; '' for a PIN.
-- Why: who may look at a phone, an e-mail or a birthday whole is seen doing it. It is kept as sign-ins are, where
-- nothing is decided by it: `act` says that it is a look, `outcome` why. No value of the member is in it.

ALTER TABLE sign_ins ADD COLUMN member_id TEXT NOT NULL DEFAULT '' CHECK (length(member_id) <= 80);
