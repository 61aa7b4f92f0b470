-- What: certificates of closed business days with the till's signature, what the centre answered about them, and the
-- places in the row of ops where a clock that was ahead was put right.
-- Why: a day may be closed without a line; the proof comes later and must be kept beside what it is about. And one op
-- of a clock that stood at 2100 must not hold the till's business day there for good.

CREATE TABLE day_closes (
  business_day TEXT NOT NULL PRIMARY KEY CHECK (business_day GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
  certificate  TEXT NOT NULL CHECK (json_valid(certificate)),
  signature    TEXT NOT NULL CHECK (length(signature) = 128)
) STRICT, WITHOUT ROWID;

-- One row per answer; the newest counts.
CREATE TABLE day_receipts (
  receipt_no   INTEGER PRIMARY KEY,
  business_day TEXT NOT NULL REFERENCES day_closes (business_day),
  receipt      TEXT NOT NULL CHECK (json_valid(receipt)),
  signature    TEXT NOT NULL CHECK (length(signature) = 128)
) STRICT;

CREATE INDEX day_receipts_day ON day_receipts (business_day, receipt_no);

CREATE TRIGGER day_closes_keep BEFORE DELETE ON day_closes
BEGIN
  SELECT RAISE(ABORT, 'day_closes: append-only');
END;
CREATE TRIGGER day_closes_fixed BEFORE UPDATE ON day_closes
BEGIN
  SELECT RAISE(ABORT, 'day_closes: append-only');
END;
-- Stops INSERT OR REPLACE, which deletes without asking the trigger on DELETE.
CREATE TRIGGER day_closes_once BEFORE INSERT ON day_closes
WHEN EXISTS (SELECT 1 FROM day_closes WHERE business_day = NEW.business_day)
BEGIN
  SELECT RAISE(ABORT, 'day_closes: closed before');
END;
CREATE TRIGGER day_receipts_keep BEFORE DELETE ON day_receipts
BEGIN
  SELECT RAISE(ABORT, 'day_receipts: append-only');
END;
CREATE TRIGGER day_receipts_fixed BEFORE UPDATE ON day_receipts
BEGIN
  SELECT RAISE(ABORT, 'day_receipts: append-only');
END;
CREATE TRIGGER day_receipts_next BEFORE INSERT ON day_receipts
WHEN EXISTS (SELECT 1 FROM day_receipts WHERE receipt_no >= NEW.receipt_no)
BEGIN
  SELECT RAISE(ABORT, 'day_receipts: not the next');
END;

-- The op `tseq` may be of an earlier clock and day than the one before it. Only the next op can be named.
CREATE TABLE clock_turns (
  tseq INTEGER PRIMARY KEY CHECK (tseq >= 2)
) STRICT;

CREATE TRIGGER clock_turns_next BEFORE INSERT ON clock_turns
WHEN NEW.tseq <> (SELECT coalesce(max(tseq), 0) + 1 FROM ops)
BEGIN
  SELECT RAISE(ABORT, 'clock_turns: not the next op');
END;
CREATE TRIGGER clock_turns_keep BEFORE DELETE ON clock_turns
BEGIN
  SELECT RAISE(ABORT, 'clock_turns: append-only');
END;
CREATE TRIGGER clock_turns_fixed BEFORE UPDATE ON clock_turns
BEGIN
  SELECT RAISE(ABORT, 'clock_turns: append-only');
END;

-- As before, but for such a place.
DROP TRIGGER ops_follow;
CREATE TRIGGER ops_follow BEFORE INSERT ON ops
BEGIN
  SELECT RAISE(ABORT, 'ops: not the next op')
  WHERE NOT (
    (NEW.tseq = 1 AND NEW.prev = '00000000000000000000000000000000')
    OR EXISTS (
      SELECT 1 FROM ops
      WHERE tseq = NEW.tseq - 1 AND hash = NEW.prev
        AND (
          (hlc < NEW.hlc AND business_day <= NEW.business_day)
          OR EXISTS (SELECT 1 FROM clock_turns AS turn WHERE turn.tseq = NEW.tseq)
        )
    )
  )
  OR EXISTS (SELECT 1 FROM ops WHERE tseq >= NEW.tseq)
  OR EXISTS (SELECT 1 FROM ops WHERE op_id = NEW.op_id);
END;
