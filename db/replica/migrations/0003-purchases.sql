-- What: purchases and money of each account, as the centre counts them.
-- Why so: tills hold no ledger of other stores, and want recency, frequency and money of every member all the same. Behind
-- row_hash, because SQLite adds columns at the end; a snapshot's chunk has them there too. A copy of before has none of
-- them: its digests are counted anew and differ from the centre's, which fetches its accounts again.

ALTER TABLE accounts ADD COLUMN purchase_count INTEGER NOT NULL DEFAULT 0
  CHECK (purchase_count BETWEEN -9007199254740991 AND 9007199254740991);
ALTER TABLE accounts ADD COLUMN spent_minor INTEGER NOT NULL DEFAULT 0
  CHECK (spent_minor BETWEEN -9007199254740991 AND 9007199254740991);

UPDATE digests SET is_whole = 0, body = zeroblob(16384) WHERE name = 'accounts' AND EXISTS (SELECT 1 FROM accounts);
