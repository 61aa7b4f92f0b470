/**
 * Statements that make a chunk's tables: to the letter those of a till's `replica.db`, because only then are
 * records copied as they are, without being read. What the checks say is checked where a chunk is made.
 */
export const CHUNK_SCHEMA = `\
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
, extras TEXT NOT NULL DEFAULT '' CHECK (extras = '' OR json_valid(extras))) STRICT;
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
, purchase_count INTEGER NOT NULL DEFAULT 0
  CHECK (purchase_count BETWEEN -9007199254740991 AND 9007199254740991), spent_minor INTEGER NOT NULL DEFAULT 0
  CHECK (spent_minor BETWEEN -9007199254740991 AND 9007199254740991)) STRICT;
`;
