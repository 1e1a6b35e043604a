-- Tickets of help desks: what happened to each and when, and never a word of it; and when somebody is at the desk.
CREATE TABLE IF NOT EXISTS tickets (
  site         TEXT NOT NULL,
  source       TEXT NOT NULL,              -- where it was heard of: tickets, helpscout, zendesk
  ticket       TEXT NOT NULL,              -- what the help desk calls it
  began_at_ms  BIGINT NOT NULL,            -- when it was created, or first heard of while that is not known
  subject      BYTEA CHECK (octet_length(subject) = 32), -- HMAC of the merchant's reference for the customer
  order_ref    TEXT,
  record       TEXT NOT NULL,              -- JSON: what happened, and the same two with the moment they are from
  PRIMARY KEY (site, source, ticket)
);

CREATE INDEX IF NOT EXISTS tickets_by_time ON tickets (site, began_at_ms);
CREATE INDEX IF NOT EXISTS tickets_by_subject ON tickets (site, subject);
CREATE INDEX IF NOT EXISTS tickets_by_order ON tickets (site, order_ref);

CREATE TABLE IF NOT EXISTS desks (
  site         TEXT NOT NULL,
  hours        TEXT NOT NULL,              -- JSON
  PRIMARY KEY (site)
);

ALTER TABLE tickets ENABLE ROW LEVEL SECURITY;
ALTER TABLE tickets FORCE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS own_site ON tickets;
CREATE POLICY own_site ON tickets USING (site = current_setting('parere.site', true));

ALTER TABLE desks ENABLE ROW LEVEL SECURITY;
ALTER TABLE desks FORCE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS own_site ON desks;
CREATE POLICY own_site ON desks USING (site = current_setting('parere.site', true));
