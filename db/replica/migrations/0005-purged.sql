-- What: up to which erasure nothing personal of anybody is in the copy.
-- Why here: the number is true of these rows and of no others. A copy that is put in this one's place brings its own, and what
-- a disk loses of the one it loses of the other. A copy of before hears of every erasure once more.

ALTER TABLE meta ADD COLUMN purged INTEGER NOT NULL DEFAULT 0 CHECK (purged BETWEEN 0 AND 9007199254740991);
