-- What: under which later number the centre settled an op that it had held.
-- Why so: the first number stays, because borders in the row of ops are found by bisection over it.

ALTER TABLE ops ADD COLUMN released_seq INTEGER CHECK (released_seq BETWEEN 1 AND 9007199254740991);
