-- What: who showed a PIN at this till, when, and what came of it; of whom nobody knows, only that somebody tried.
-- Why: an owner asks who was at a till, and who tried to be. It stays here: nothing is decided by it anywhere else, and as
-- ops each sign-in would move the feed's head and wake every till of the chain.

CREATE TABLE sign_ins (
  sign_in_no INTEGER PRIMARY KEY,
  first_ms   INTEGER NOT NULL CHECK (first_ms BETWEEN 0 AND 9007199254740991),
  last_ms    INTEGER NOT NULL CHECK (last_ms BETWEEN 0 AND 9007199254740991),
  -- How many such tries this line stands for.
  tries      INTEGER NOT NULL CHECK (tries BETWEEN 1 AND 9007199254740991),
  -- '' for a name that nobody has. What was typed is kept nowhere.
  staff_id   TEXT NOT NULL CHECK (length(staff_id) <= 80),
  act        TEXT NOT NULL CHECK (length(act) BETWEEN 1 AND 20),
  outcome    TEXT NOT NULL CHECK (length(outcome) BETWEEN 1 AND 20),
  place      TEXT NOT NULL CHECK (length(place) BETWEEN 1 AND 20)
) STRICT;

CREATE INDEX sign_ins_first ON sign_ins (first_ms);
