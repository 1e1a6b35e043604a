-- Where a site's news goes, and what is on its way there. A delivery names an answer and holds nothing of it:
-- what is sent is read when it is sent, so an answer that was erased is nowhere here.
CREATE TABLE webhooks (
  site          TEXT NOT NULL,
  hook          TEXT NOT NULL,
  name          TEXT NOT NULL,
  kind          TEXT NOT NULL,              -- standard, slack
  url           TEXT NOT NULL,
  occasions     TEXT NOT NULL CHECK (json_valid(occasions)),
  digest_hour   INTEGER NOT NULL CHECK (digest_hour BETWEEN 0 AND 23), -- in the site's zone
  digest_day    INTEGER NOT NULL,           -- the last local day of which a digest was put in the queue
  secret        BLOB NOT NULL CHECK (length(secret) = 32), -- signs: so it is kept as it is
  state         TEXT NOT NULL,              -- on, off, gone, removed
  made_by       TEXT NOT NULL,
  created_at_ms INTEGER NOT NULL,
  PRIMARY KEY (site, hook)
) STRICT, WITHOUT ROWID;

CREATE TABLE deliveries (
  site          TEXT NOT NULL,
  delivery      TEXT NOT NULL,              -- the webhook-id
  hook          TEXT NOT NULL,
  occasion      TEXT NOT NULL,
  response      BLOB CHECK (length(response) = 16),
  revision      INTEGER,
  day           INTEGER,                    -- of a digest
  state         TEXT NOT NULL,              -- waiting, delivered, failed
  tries         INTEGER NOT NULL,
  due_at_ms     INTEGER NOT NULL,           -- while somebody sends it: when it counts as not sent
  created_at_ms INTEGER NOT NULL,
  attempts      TEXT NOT NULL CHECK (json_valid(attempts)),
  PRIMARY KEY (site, delivery)
) STRICT, WITHOUT ROWID;

CREATE INDEX deliveries_due ON deliveries (site, hook, due_at_ms) WHERE state = 'waiting';
CREATE INDEX deliveries_by_hook ON deliveries (site, hook, created_at_ms);
