-- What: an op's body can be blanked for good, and only together with its salt, while its commitment stays.
-- Why so: a member who is anonymised must be out of the till's own file too, and the chain must still verify: an op's
-- hash is over its header and the commitment, never over the body itself.

ALTER TABLE ops ADD COLUMN commitment TEXT CHECK (length(commitment) = 64);

-- As before, but for salt and body, which have a rule of their own.
DROP TRIGGER ops_fixed;
CREATE TRIGGER ops_fixed
BEFORE UPDATE OF
  tseq, op_id, version, till_id, incarnation, hlc, wall_ms, actor_id, store_id, business_day, kind, prev, hash,
  member_id, corrects_op_id, units
ON ops
BEGIN
  SELECT RAISE(ABORT, 'ops: append-only');
END;

-- Once, all three together, and never back.
CREATE TRIGGER ops_erased BEFORE UPDATE OF salt, body, commitment ON ops
WHEN OLD.commitment IS NOT NULL OR NEW.commitment IS NULL OR NEW.salt <> '' OR NEW.body <> 'null'
BEGIN
  SELECT RAISE(ABORT, 'ops: append-only');
END;
