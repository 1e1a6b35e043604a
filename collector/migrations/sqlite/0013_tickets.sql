-- Tickets of help desks: what happened to each and when, and never a word of it; and when somebody is at the desk.
CREATE TABLE tickets (
  site         TEXT NOT NULL,
  source       TEXT NOT NULL,              -- where it was heard of: tickets, helpscout, zendesk
  ticket       TEXT NOT NULL,              -- what the help desk calls it
  began_at_ms  INTEGER NOT NULL,           -- when it was created, or first heard of while that is not known
  subject      BLOB CHECK (length(subject) = 32), -- HMAC of the merchant's reference for the customer
  order_ref    TEXT,
  record       TEXT NOT NULL CHECK (json_valid(record)), -- what happened, and the same two with the moment they are from
  PRIMARY KEY (site, source, ticket)
) STRICT, WITHOUT ROWID;

CREATE INDEX tickets_by_time ON tickets (site, began_at_ms);
CREATE INDEX tickets_by_subject ON tickets (site, subject) WHERE subject IS NOT NULL;
CREATE INDEX tickets_by_order ON tickets (site, order_ref) WHERE order_ref IS NOT NULL;

CREATE TABLE desks (
  site         TEXT NOT NULL PRIMARY KEY,
  hours        TEXT NOT NULL CHECK (json_valid(hours))
) STRICT, WITHOUT ROWID;
