-- What: the copy of what the centre confirmed, and how far it reaches.
-- Why so: rows come by feed number, so a card may arrive a page before its member, account or predecessor. References
-- between those are therefore not checked here (the centre checks them); the keys of a member are, because this file
-- makes them. Ids are texts as they travel; only the key table, with a dozen rows per member, uses a short number.

CREATE TABLE meta (
  id        INTEGER PRIMARY KEY CHECK (id = 1),
  epoch     TEXT NOT NULL CHECK (length(epoch) <= 40),
  cursor    INTEGER NOT NULL CHECK (cursor BETWEEN 0 AND 9007199254740991),
  settled   INTEGER NOT NULL CHECK (settled BETWEEN 0 AND cursor),
  members   INTEGER NOT NULL CHECK (members >= 0),
  cards     INTEGER NOT NULL CHECK (cards >= 0),
  accounts  INTEGER NOT NULL CHECK (accounts >= 0),
  entries   INTEGER NOT NULL CHECK (entries >= 0),
  key_rules TEXT NOT NULL
) STRICT;

INSERT INTO meta (id, epoch, cursor, settled, members, cards, accounts, entries, key_rules)
VALUES (1, '', 0, 0, 0, 0, 0, 0, '');

CREATE TABLE members (
  rid                   INTEGER PRIMARY KEY,
  member_id             TEXT NOT NULL UNIQUE CHECK (length(member_id) = 36),
  seq                   INTEGER NOT NULL CHECK (seq BETWEEN 0 AND 9007199254740991),
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
  marketing_hlc         TEXT NOT NULL
) STRICT;

CREATE TABLE cards (
  card_id          TEXT NOT NULL UNIQUE CHECK (length(card_id) = 36),
  seq              INTEGER NOT NULL CHECK (seq BETWEEN 0 AND 9007199254740991),
  card_number      TEXT NOT NULL UNIQUE CHECK (length(card_number) = 16 AND card_number NOT GLOB '*[^0-9]*'),
  member_id        TEXT NOT NULL,
  account_id       TEXT NOT NULL,
  card_type_id     TEXT NOT NULL,
  status           TEXT NOT NULL CHECK (status IN ('active', 'lost', 'closed', 'replaced')),
  status_reason    TEXT NOT NULL,
  issued_at_ms     INTEGER NOT NULL CHECK (issued_at_ms BETWEEN -9007199254740991 AND 9007199254740991),
  expires_on       TEXT CHECK (expires_on GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
  replaces_card_id TEXT
) STRICT;

CREATE INDEX cards_member ON cards (member_id);

CREATE TABLE accounts (
  account_id       TEXT NOT NULL UNIQUE CHECK (length(account_id) = 36),
  seq              INTEGER NOT NULL CHECK (seq BETWEEN 0 AND 9007199254740991),
  account_no       INTEGER CHECK (account_no BETWEEN 0 AND 9007199254740991),
  member_id        TEXT NOT NULL,
  card_type_id     TEXT NOT NULL,
  -- May be below zero: tills spent the same units apart from each other.
  balance          INTEGER NOT NULL CHECK (balance BETWEEN -9007199254740991 AND 9007199254740991),
  entry_count      INTEGER NOT NULL CHECK (entry_count BETWEEN 0 AND 9007199254740991),
  last_entry_at_ms INTEGER NOT NULL CHECK (last_entry_at_ms BETWEEN 0 AND 9007199254740991)
) STRICT;

CREATE INDEX accounts_member ON accounts (member_id);

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

CREATE TABLE search_keys (
  key TEXT NOT NULL CHECK (length(key) >= 2),
  rid INTEGER NOT NULL REFERENCES members (rid),
  PRIMARY KEY (key, rid)
) STRICT, WITHOUT ROWID;
