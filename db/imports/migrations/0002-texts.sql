-- What: cells of a row, and what they were read as, in a table of their own; the columns of import_rows stay empty.
-- Why so: they are written once, by the check, and are most of a row. A run writes what came of each row, and wrote all
-- of it again: a hundred megabytes of log for as many thousand rows.

CREATE TABLE import_texts (
  run_no INTEGER NOT NULL REFERENCES import_runs (run_no),
  row_no INTEGER NOT NULL CHECK (row_no >= 1),
  cells  TEXT NOT NULL,
  given  TEXT NOT NULL,
  PRIMARY KEY (run_no, row_no)
) STRICT, WITHOUT ROWID;

INSERT INTO import_texts (run_no, row_no, cells, given) SELECT run_no, row_no, cells, given FROM import_rows;
UPDATE import_rows SET cells = '', given = '';
