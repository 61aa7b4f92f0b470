-- What: imports of members: runs, the pieces of a file until it is checked, its rows with what is to become of each.
-- Why so: a file of its own, so that a big import writes beside a cashier's action and not before it; and encrypted as
-- the others, because rows are people. What a run did is in till.db, as ops: this file only says how far it came.

CREATE TABLE import_runs (
  run_no INTEGER PRIMARY KEY,
  run_id TEXT NOT NULL UNIQUE CHECK (length(run_id) = 36),
  state  TEXT NOT NULL CHECK (length(state) BETWEEN 1 AND 20),
  body   TEXT NOT NULL CHECK (json_valid(body))
) STRICT;

CREATE TABLE import_pieces (
  piece_no INTEGER PRIMARY KEY,
  run_no   INTEGER NOT NULL REFERENCES import_runs (run_no),
  at       INTEGER NOT NULL CHECK (at >= 0),
  bytes    BLOB NOT NULL,
  UNIQUE (run_no, at)
) STRICT;

CREATE TABLE import_rows (
  run_no    INTEGER NOT NULL REFERENCES import_runs (run_no),
  row_no    INTEGER NOT NULL CHECK (row_no >= 1),
  action    TEXT NOT NULL CHECK (action IN ('create', 'update', 'skip', 'invalid')),
  status    TEXT NOT NULL CHECK (status IN ('checked', 'done', 'waiting', 'undone', 'kept')),
  codes     TEXT NOT NULL,
  cells     TEXT NOT NULL,
  given     TEXT NOT NULL,
  member_id TEXT NOT NULL CHECK (length(member_id) IN (0, 36)),
  former    TEXT NOT NULL,
  PRIMARY KEY (run_no, row_no)
) STRICT, WITHOUT ROWID;

CREATE INDEX import_rows_action ON import_rows (run_no, action, row_no);
CREATE INDEX import_rows_member ON import_rows (member_id) WHERE member_id <> '';
