-- What: the till's own file. Its ops (which are the outbox too), the keys that find members before the centre has
-- confirmed them, the card numbers that only this till may issue, settings.
-- Why so: a cashier's action is one commit here. An append touches three b-trees: the table, the op id, the member.

CREATE TABLE ops (
  tseq           INTEGER PRIMARY KEY CHECK (tseq >= 1),
  op_id          TEXT NOT NULL UNIQUE CHECK (length(op_id) = 36),
  version        INTEGER NOT NULL CHECK (version >= 1),
  till_id        TEXT NOT NULL CHECK (length(till_id) BETWEEN 1 AND 40),
  incarnation    INTEGER NOT NULL CHECK (incarnation >= 1),
  hlc            TEXT NOT NULL CHECK (length(hlc) = 16),
  wall_ms        INTEGER NOT NULL CHECK (wall_ms BETWEEN -9007199254740991 AND 9007199254740991),
  actor_id       TEXT NOT NULL CHECK (length(actor_id) BETWEEN 1 AND 40),
  store_id       TEXT NOT NULL CHECK (length(store_id) BETWEEN 1 AND 40),
  business_day   TEXT NOT NULL CHECK (business_day GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
  kind           TEXT NOT NULL CHECK (length(kind) BETWEEN 1 AND 40),
  salt           TEXT NOT NULL,
  prev           TEXT NOT NULL CHECK (length(prev) = 32),
  hash           TEXT NOT NULL CHECK (length(hash) = 32),
  body           TEXT NOT NULL CHECK (json_valid(body)),
  member_id      TEXT NOT NULL CHECK (length(member_id) = 36),
  corrects_op_id TEXT CHECK (length(corrects_op_id) = 36),
  units          INTEGER NOT NULL CHECK (units BETWEEN -9007199254740991 AND 9007199254740991),
  ack_seq        INTEGER CHECK (ack_seq BETWEEN 1 AND 9007199254740991),
  held_reason    TEXT CHECK (length(held_reason) BETWEEN 1 AND 40),
  CHECK (held_reason IS NULL OR ack_seq IS NOT NULL)
) STRICT;

CREATE INDEX ops_member ON ops (member_id);
CREATE INDEX ops_corrects ON ops (corrects_op_id) WHERE corrects_op_id IS NOT NULL;
CREATE INDEX ops_held ON ops (tseq) WHERE held_reason IS NOT NULL;

-- The next op only: dense, chained, and neither its clock nor its business day goes back. The last two lines also stop
-- INSERT OR REPLACE, which deletes without asking the trigger on DELETE.
CREATE TRIGGER ops_follow BEFORE INSERT ON ops
BEGIN
  SELECT RAISE(ABORT, 'ops: not the next op')
  WHERE NOT (
    (NEW.tseq = 1 AND NEW.prev = '00000000000000000000000000000000')
    OR EXISTS (
      SELECT 1 FROM ops
      WHERE tseq = NEW.tseq - 1 AND hash = NEW.prev AND hlc < NEW.hlc AND business_day <= NEW.business_day
    )
  )
  OR EXISTS (SELECT 1 FROM ops WHERE tseq >= NEW.tseq)
  OR EXISTS (SELECT 1 FROM ops WHERE op_id = NEW.op_id);
END;

CREATE TRIGGER ops_keep BEFORE DELETE ON ops
BEGIN
  SELECT RAISE(ABORT, 'ops: append-only');
END;

-- Everything but what the centre answers: ack_seq and held_reason.
CREATE TRIGGER ops_fixed
BEFORE UPDATE OF
  tseq, op_id, version, till_id, incarnation, hlc, wall_ms, actor_id, store_id, business_day, kind, salt, prev, hash,
  body, member_id, corrects_op_id, units
ON ops
BEGIN
  SELECT RAISE(ABORT, 'ops: append-only');
END;

CREATE TABLE pending_keys (
  key       TEXT NOT NULL CHECK (length(key) >= 2),
  member_id TEXT NOT NULL CHECK (length(member_id) = 36),
  tseq      INTEGER NOT NULL REFERENCES ops (tseq),
  PRIMARY KEY (key, member_id, tseq)
) STRICT, WITHOUT ROWID;

CREATE INDEX pending_keys_tseq ON pending_keys (tseq);

CREATE TABLE card_blocks (
  block_id INTEGER PRIMARY KEY CHECK (block_id >= 1)
) STRICT;

CREATE TABLE card_stock (
  position      INTEGER PRIMARY KEY,
  card_number   TEXT NOT NULL UNIQUE CHECK (length(card_number) = 16 AND card_number NOT GLOB '*[^0-9]*'),
  block_id      INTEGER NOT NULL REFERENCES card_blocks (block_id),
  -- Checked at commit, so that a number may be taken before its op is appended.
  used_by_op_id TEXT REFERENCES ops (op_id) DEFERRABLE INITIALLY DEFERRED
) STRICT;

CREATE INDEX card_stock_free ON card_stock (position) WHERE used_by_op_id IS NULL;
-- An append looks here for a number that was taken before its op; without an index it would read all numbers.
CREATE INDEX card_stock_used ON card_stock (used_by_op_id) WHERE used_by_op_id IS NOT NULL;

CREATE TABLE settings (
  key   TEXT NOT NULL PRIMARY KEY CHECK (length(key) BETWEEN 1 AND 80),
  value TEXT NOT NULL CHECK (json_valid(value))
) STRICT, WITHOUT ROWID;
