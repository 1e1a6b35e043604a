-- What happened to customers, and what is known of their orders.

-- In the order in which it was told. Nothing in it says who a customer is, but the keyed hash of a reference.
CREATE TABLE happenings (
  seq            INTEGER PRIMARY KEY AUTOINCREMENT, -- never used twice: readers go on by it
  site           TEXT NOT NULL,
  source         TEXT NOT NULL,
  id             TEXT NOT NULL,             -- told twice, it happened once
  kind           TEXT NOT NULL,
  at_ms          INTEGER NOT NULL,
  received_at_ms INTEGER NOT NULL,
  order_ref      TEXT,
  ticket         TEXT,
  subject        BLOB CHECK (length(subject) = 32),
  properties     TEXT NOT NULL CHECK (json_valid(properties)),
  UNIQUE (site, source, id)
) STRICT;

CREATE INDEX happenings_by_site ON happenings (site, seq);
CREATE INDEX happenings_by_kind ON happenings (site, kind, at_ms);
CREATE INDEX happenings_by_order ON happenings (site, order_ref) WHERE order_ref IS NOT NULL;
CREATE INDEX happenings_by_subject ON happenings (site, subject) WHERE subject IS NOT NULL;

-- One row for each order; contact data is in the clear, and wiped when it can be needed no more.
CREATE TABLE orders (
  site             TEXT NOT NULL,
  order_ref        TEXT NOT NULL,           -- the source's own id
  number           TEXT,                    -- what people call it by, where that is another one
  subject          BLOB CHECK (length(subject) = 32),
  known            TEXT NOT NULL CHECK (json_valid(known)),
  told_at_ms       INTEGER NOT NULL,
  contact_until_ms INTEGER,                 -- NULL: there is no contact data
  PRIMARY KEY (site, order_ref)
) STRICT, WITHOUT ROWID;

CREATE INDEX orders_by_number ON orders (site, number) WHERE number IS NOT NULL;
CREATE INDEX orders_by_subject ON orders (site, subject) WHERE subject IS NOT NULL;
CREATE INDEX orders_with_contact ON orders (site, contact_until_ms) WHERE contact_until_ms IS NOT NULL;
CREATE INDEX orders_by_age ON orders (site, told_at_ms);
