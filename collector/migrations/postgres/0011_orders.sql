-- What happened to customers, and what is known of their orders.

-- In the order in which it was told: places come from the site's row in places. Nothing in it says who a customer is,
-- but the keyed hash of a reference.
CREATE TABLE IF NOT EXISTS happenings (
  site           TEXT NOT NULL,
  source         TEXT NOT NULL,
  id             TEXT NOT NULL,             -- told twice, it happened once
  seq            BIGINT NOT NULL,
  kind           TEXT NOT NULL,
  at_ms          BIGINT NOT NULL,
  received_at_ms BIGINT NOT NULL,
  order_ref      TEXT,
  ticket         TEXT,
  subject        BYTEA CHECK (octet_length(subject) = 32),
  properties     TEXT NOT NULL,             -- JSON
  PRIMARY KEY (site, source, id)
);

CREATE INDEX IF NOT EXISTS happenings_by_site ON happenings (site, seq);
CREATE INDEX IF NOT EXISTS happenings_by_kind ON happenings (site, kind, at_ms);
CREATE INDEX IF NOT EXISTS happenings_by_order ON happenings (site, order_ref) WHERE order_ref IS NOT NULL;
CREATE INDEX IF NOT EXISTS happenings_by_subject ON happenings (site, subject) WHERE subject IS NOT NULL;

-- One row for each order; contact data is in the clear, and wiped when it can be needed no more.
CREATE TABLE IF NOT EXISTS orders (
  site             TEXT NOT NULL,
  order_ref        TEXT NOT NULL,           -- the source's own id
  number           TEXT,                    -- what people call it by, where that is another one
  subject          BYTEA CHECK (octet_length(subject) = 32),
  known            TEXT NOT NULL,           -- JSON
  told_at_ms       BIGINT NOT NULL,
  contact_until_ms BIGINT,                  -- NULL: there is no contact data
  PRIMARY KEY (site, order_ref)
);

CREATE INDEX IF NOT EXISTS orders_by_number ON orders (site, number) WHERE number IS NOT NULL;
CREATE INDEX IF NOT EXISTS orders_by_subject ON orders (site, subject) WHERE subject IS NOT NULL;
CREATE INDEX IF NOT EXISTS orders_with_contact ON orders (site, contact_until_ms) WHERE contact_until_ms IS NOT NULL;
CREATE INDEX IF NOT EXISTS orders_by_age ON orders (site, told_at_ms);

ALTER TABLE happenings ENABLE ROW LEVEL SECURITY;
ALTER TABLE happenings FORCE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS own_site ON happenings;
CREATE POLICY own_site ON happenings USING (site = current_setting('parere.site', true));

ALTER TABLE orders ENABLE ROW LEVEL SECURITY;
ALTER TABLE orders FORCE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS own_site ON orders;
CREATE POLICY own_site ON orders USING (site = current_setting('parere.site', true));
