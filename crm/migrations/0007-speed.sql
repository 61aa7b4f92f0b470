-- 0007: what costs a push and serves nobody.
-- Nothing asks for the entries of one account: the audit adds all of them up. Its pages are written to at random.
drop index entries_account;
