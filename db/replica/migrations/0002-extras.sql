-- What: what hangs on a member beside the profile (sync/model/extras.ts), '' for nearly everybody, and documents of any kind.
-- Why so: a column that is added comes last, in a snapshot's chunk too, so that records are still copied unread. A row's
-- hash counts extras only where there are some: those that are here stay right. The kinds of documents are checked where
-- they arrive; the table that named them in a CHECK can not be changed, so its rows move on and it stays empty.

ALTER TABLE members ADD COLUMN extras TEXT NOT NULL DEFAULT '' CHECK (extras = '' OR json_valid(extras));

CREATE TABLE chain_documents (
  kind TEXT NOT NULL CHECK (length(kind) BETWEEN 1 AND 40),
  id   TEXT NOT NULL CHECK (length(id) BETWEEN 1 AND 80),
  seq  INTEGER NOT NULL CHECK (seq BETWEEN 0 AND 9007199254740991),
  body TEXT NOT NULL CHECK (json_valid(body)),
  PRIMARY KEY (kind, id)
) STRICT, WITHOUT ROWID;

INSERT INTO chain_documents (kind, id, seq, body) SELECT kind, id, seq, body FROM documents;
DELETE FROM documents;
