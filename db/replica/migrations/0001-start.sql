-- What: the copy of what the centre confirmed, how far it reaches, and what helps to fill and search it.
-- Why so: rows come by feed number, so a card may arrive a page before its member, account or predecessor. References
-- between those are therefore not checked here (the centre checks them). members, cards and accounts are written to the
-- letter as in a snapshot's chunk (sync/feed), so that their records are copied unread; a column that is added goes
-- before row_hash on both sides. Their indexes stand apart from them: a bulk fill makes them last.
-- members and cards are named by their rowid in this file alone; it is never vacuumed.

CREATE TABLE meta (
  id        INTEGER PRIMARY KEY CHECK (id = 1),
  epoch     TEXT NOT NULL CHECK (length(epoch) <= 40),
  cursor    INTEGER NOT NULL CHECK (cursor BETWEEN 0 AND 9007199254740991),
  settled   INTEGER NOT NULL CHECK (settled BETWEEN 0 AND cursor),
  members   INTEGER NOT NULL CHECK (members >= 0),
  cards     INTEGER NOT NULL CHECK (cards >= 0),
  accounts  INTEGER NOT NULL CHECK (accounts >= 0),
  entries   INTEGER NOT NULL CHECK (entries >= 0)
) STRICT;

INSERT INTO meta (id, epoch, cursor, settled, members, cards, accounts, entries)
VALUES (1, '', 0, 0, 0, 0, 0, 0);

CREATE TABLE members (
  last_name             TEXT NOT NULL CHECK (length(last_name) <= 80),
  first_name            TEXT NOT NULL CHECK (length(first_name) <= 80),
  prefix                TEXT NOT NULL,
  gender                TEXT NOT NULL CHECK (gender IN ('', 'female', 'male')),
  date_of_birth         TEXT CHECK (date_of_birth GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
  mobile                TEXT CHECK (mobile GLOB '+[1-9]*'),
  phone                 TEXT CHECK (phone GLOB '+[1-9]*'),
  email                 TEXT CHECK (length(email) <= 200),
  lookup_id             TEXT NOT NULL CHECK (length(lookup_id) BETWEEN 1 AND 40),
  customer_type         TEXT NOT NULL CHECK (customer_type IN ('member', 'customer')),
  street1               TEXT NOT NULL,
  street2               TEXT NOT NULL,
  postal_code           TEXT NOT NULL,
  city                  TEXT NOT NULL,
  region                TEXT NOT NULL,
  country               TEXT NOT NULL,
  notes                 TEXT NOT NULL CHECK (length(notes) <= 1000),
  is_credit_allowed     INTEGER NOT NULL CHECK (is_credit_allowed IN (0, 1)),
  tier                  TEXT NOT NULL,
  tier_until            TEXT CHECK (tier_until GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
  member_id             TEXT NOT NULL CHECK (length(member_id) = 36),
  seq                   INTEGER NOT NULL CHECK (seq BETWEEN 0 AND 9007199254740991),
  support_id            TEXT NOT NULL,
  store_id              TEXT NOT NULL,
  created_at_ms         INTEGER NOT NULL CHECK (created_at_ms BETWEEN -9007199254740991 AND 9007199254740991),
  state                 TEXT NOT NULL CHECK (state IN ('active', 'locked', 'blocked', 'anonymised')),
  state_epoch           INTEGER NOT NULL CHECK (state_epoch BETWEEN 0 AND 9007199254740991),
  state_reason          TEXT NOT NULL,
  state_hlc             TEXT NOT NULL,
  state_actor_id        TEXT,
  pdpa_policy           TEXT NOT NULL,
  has_marketing_consent INTEGER NOT NULL CHECK (has_marketing_consent IN (0, 1)),
  marketing_hlc         TEXT NOT NULL,
  merged_into_id        TEXT,
  row_hash              INTEGER NOT NULL CHECK (row_hash BETWEEN 0 AND 281474976710655)
) STRICT;

CREATE UNIQUE INDEX members_id ON members (member_id);
-- Twice: of the rows that a bulk fill brought, whose leaves are full, and of those that came later. One new number in a
-- full leaf costs four pages, in a small tree none that is not in memory. A fill puts its last row in place of 0.
CREATE INDEX members_mobile_bulk ON members (mobile) WHERE rowid <= 0;
CREATE INDEX members_mobile ON members (mobile) WHERE rowid > 0;
CREATE INDEX members_phone_bulk ON members (phone) WHERE phone IS NOT NULL AND rowid <= 0;
CREATE INDEX members_phone ON members (phone) WHERE phone IS NOT NULL AND rowid > 0;
CREATE INDEX members_merged ON members (merged_into_id) WHERE merged_into_id IS NOT NULL;

CREATE TABLE cards (
  card_id          TEXT NOT NULL CHECK (length(card_id) = 36),
  seq              INTEGER NOT NULL CHECK (seq BETWEEN 0 AND 9007199254740991),
  card_number      TEXT NOT NULL CHECK (length(card_number) = 16 AND card_number NOT GLOB '*[^0-9]*'),
  member_id        TEXT NOT NULL,
  account_id       TEXT NOT NULL,
  card_type_id     TEXT NOT NULL,
  status           TEXT NOT NULL CHECK (status IN ('active', 'lost', 'closed', 'replaced')),
  status_reason    TEXT NOT NULL,
  issued_at_ms     INTEGER NOT NULL CHECK (issued_at_ms BETWEEN -9007199254740991 AND 9007199254740991),
  expires_on       TEXT CHECK (expires_on GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
  replaces_card_id TEXT,
  row_hash         INTEGER NOT NULL CHECK (row_hash BETWEEN 0 AND 281474976710655)
) STRICT;

CREATE UNIQUE INDEX cards_id ON cards (card_id);
CREATE UNIQUE INDEX cards_number_bulk ON cards (card_number) WHERE rowid <= 0;
CREATE UNIQUE INDEX cards_number ON cards (card_number) WHERE rowid > 0;
CREATE INDEX cards_member ON cards (member_id);

-- By number, in which balances arrive sorted. May be below zero: tills spent the same units apart from each other.
-- The hash is of what never changes; the figures are added to it where it is needed.
CREATE TABLE accounts (
  account_id       TEXT NOT NULL CHECK (length(account_id) = 36),
  seq              INTEGER NOT NULL CHECK (seq BETWEEN 0 AND 9007199254740991),
  account_no       INTEGER PRIMARY KEY CHECK (account_no BETWEEN 0 AND 9007199254740991),
  member_id        TEXT NOT NULL,
  card_type_id     TEXT NOT NULL,
  balance          INTEGER NOT NULL CHECK (balance BETWEEN -9007199254740991 AND 9007199254740991),
  entry_count      INTEGER NOT NULL CHECK (entry_count BETWEEN 0 AND 9007199254740991),
  last_entry_at_ms INTEGER NOT NULL CHECK (last_entry_at_ms BETWEEN 0 AND 9007199254740991),
  row_hash         INTEGER NOT NULL CHECK (row_hash BETWEEN 0 AND 281474976710655)
) STRICT;

CREATE UNIQUE INDEX accounts_id ON accounts (account_id);

CREATE TABLE entries (
  op_id             TEXT NOT NULL UNIQUE CHECK (length(op_id) = 36),
  seq               INTEGER NOT NULL CHECK (seq BETWEEN 0 AND 9007199254740991),
  account_id        TEXT NOT NULL,
  member_id         TEXT NOT NULL,
  card_id           TEXT NOT NULL,
  kind              TEXT NOT NULL CHECK (length(kind) BETWEEN 1 AND 40),
  delta             INTEGER NOT NULL CHECK (delta BETWEEN -9007199254740991 AND 9007199254740991),
  amount_minor      INTEGER CHECK (amount_minor BETWEEN -9007199254740991 AND 9007199254740991),
  receipt_no        TEXT NOT NULL,
  reward_id         TEXT NOT NULL,
  card_type_version INTEGER NOT NULL CHECK (card_type_version BETWEEN 0 AND 9007199254740991),
  corrects_op_id    TEXT,
  reason            TEXT NOT NULL,
  store_id          TEXT NOT NULL,
  till_id           TEXT NOT NULL,
  actor_id          TEXT NOT NULL,
  business_day      TEXT NOT NULL CHECK (business_day GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
  wall_ms           INTEGER NOT NULL CHECK (wall_ms BETWEEN -9007199254740991 AND 9007199254740991)
) STRICT;

CREATE INDEX entries_member ON entries (member_id, wall_ms, seq);
CREATE INDEX entries_corrects ON entries (corrects_op_id) WHERE corrects_op_id IS NOT NULL;

CREATE TABLE documents (
  kind TEXT NOT NULL CHECK (kind IN ('chain', 'store', 'staff', 'card-type')),
  id   TEXT NOT NULL CHECK (length(id) >= 1),
  seq  INTEGER NOT NULL CHECK (seq BETWEEN 0 AND 9007199254740991),
  body TEXT NOT NULL CHECK (json_valid(body)),
  PRIMARY KEY (kind, id)
) STRICT, WITHOUT ROWID;

-- Every key that finds a member, in runs: new keys go into a small run, which stays in memory, and are moved into the
-- big one (0) in the background. One b-tree; a run is a stretch of it. No reference to members: a look-up per key.
CREATE TABLE search_keys (
  run INTEGER NOT NULL,
  key TEXT NOT NULL CHECK (length(key) >= 2),
  rid INTEGER NOT NULL,
  PRIMARY KEY (run, key, rid)
) STRICT, WITHOUT ROWID;

CREATE TABLE key_runs (run INTEGER PRIMARY KEY) STRICT;

INSERT INTO key_runs (run) VALUES (0), (1);

-- Keys are made up to row `built` of those up to `until` that a bulk fill left without. `batch_run`: the run that is
-- being made of the next ones, or 0; what is taken back meanwhile is noted in gone_keys.
CREATE TABLE key_state (
  id        INTEGER PRIMARY KEY CHECK (id = 1),
  rules     TEXT NOT NULL,
  built     INTEGER NOT NULL CHECK (built >= 0),
  until     INTEGER NOT NULL CHECK (until >= 0),
  batch_run INTEGER NOT NULL CHECK (batch_run >= 0),
  open_run  INTEGER NOT NULL CHECK (open_run >= 1),
  open_keys INTEGER NOT NULL CHECK (open_keys >= 0)
) STRICT;

INSERT INTO key_state (id, rules, built, until, batch_run, open_run, open_keys) VALUES (1, '', 0, 0, 0, 1, 0);

CREATE TABLE gone_keys (
  key TEXT NOT NULL,
  rid INTEGER NOT NULL,
  PRIMARY KEY (key, rid)
) STRICT, WITHOUT ROWID;

-- Counts and sums of row hashes by bucket (sync/feed), 64-bit floats in the machine's order. `is_whole` 0: what a bulk
-- fill brought is not counted yet.
CREATE TABLE digests (
  name     TEXT PRIMARY KEY CHECK (name IN ('members', 'cards', 'accounts')),
  body     BLOB NOT NULL CHECK (length(body) = 16384),
  is_whole INTEGER NOT NULL CHECK (is_whole IN (0, 1))
) STRICT, WITHOUT ROWID;

INSERT INTO digests (name, body, is_whole)
VALUES ('members', zeroblob(16384), 1), ('cards', zeroblob(16384), 1), ('accounts', zeroblob(16384), 1);

-- A bulk fill under way: of which snapshot, how many of its chunks are in, which indexes are still to be made.
CREATE TABLE bulk_fill (
  id       INTEGER PRIMARY KEY CHECK (id = 1),
  snapshot TEXT NOT NULL,
  chunks   INTEGER NOT NULL CHECK (chunks >= 0)
) STRICT;

-- Last rows that a bulk fill brought; 0 without one.
CREATE TABLE bulk_rows (
  id      INTEGER PRIMARY KEY CHECK (id = 1),
  members INTEGER NOT NULL CHECK (members >= 0),
  cards   INTEGER NOT NULL CHECK (cards >= 0)
) STRICT;

INSERT INTO bulk_rows (id, members, cards) VALUES (1, 0, 0);

CREATE TABLE bulk_indexes (
  name TEXT PRIMARY KEY,
  sql  TEXT NOT NULL
) STRICT, WITHOUT ROWID;
