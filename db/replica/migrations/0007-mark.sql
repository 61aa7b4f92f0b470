-- What: what the centre gave to be shown again, as of the cursor.
-- Why here: it proves what the cursor's numbers stood for. A disk that loses the end of the till's own file may keep these
-- rows; with an older proof a centre that was put back to an earlier day would go on behind a cursor that it never gave.

ALTER TABLE meta ADD COLUMN mark TEXT NOT NULL DEFAULT '' CHECK (length(mark) <= 40);
