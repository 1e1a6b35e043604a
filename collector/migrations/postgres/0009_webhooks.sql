-- Where a site's news goes, and what is on its way there. A delivery names an answer and holds nothing of it:
-- what is sent is read when it is sent, so an answer that was erased is nowhere here.
CREATE TABLE IF NOT EXISTS webhooks (
  site          TEXT NOT NULL,
  hook          TEXT NOT NULL,
  name          TEXT NOT NULL,
  kind          TEXT NOT NULL,              -- standard, slack
  url           TEXT NOT NULL,
  occasions     TEXT NOT NULL,              -- JSON
  digest_hour   INTEGER NOT NULL CHECK (digest_hour BETWEEN 0 AND 23), -- in the site's zone
  digest_day    INTEGER NOT NULL,           -- the last local day of which a digest was put in the queue
  secret        BYTEA NOT NULL CHECK (octet_length(secret) = 32), -- signs: so it is kept as it is
  state         TEXT NOT NULL,              -- on, off, gone, removed
  made_by       TEXT NOT NULL,
  created_at_ms BIGINT NOT NULL,
  PRIMARY KEY (site, hook)
);

CREATE TABLE IF NOT EXISTS deliveries (
  site          TEXT NOT NULL,
  delivery      TEXT NOT NULL,              -- the webhook-id
  hook          TEXT NOT NULL,
  occasion      TEXT NOT NULL,
  response      UUID,
  revision      BIGINT,
  day           INTEGER,                    -- of a digest
  state         TEXT NOT NULL,              -- waiting, delivered, failed
  tries         INTEGER NOT NULL,
  due_at_ms     BIGINT NOT NULL,            -- while somebody sends it: when it counts as not sent
  created_at_ms BIGINT NOT NULL,
  attempts      TEXT NOT NULL,              -- JSON
  PRIMARY KEY (site, delivery)
);

CREATE INDEX IF NOT EXISTS deliveries_due ON deliveries (site, hook, state, due_at_ms);
CREATE INDEX IF NOT EXISTS deliveries_by_hook ON deliveries (site, hook, created_at_ms);

ALTER TABLE webhooks ENABLE ROW LEVEL SECURITY;
ALTER TABLE webhooks FORCE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS own_site ON webhooks;
CREATE POLICY own_site ON webhooks USING (site = current_setting('parere.site', true));
-- Whoever delivers has to know of every site's; what is on its way is read site by site.
DROP POLICY IF EXISTS whole_catalogue ON webhooks;
CREATE POLICY whole_catalogue ON webhooks FOR SELECT USING (current_setting('parere.site', true) = '*');

ALTER TABLE deliveries ENABLE ROW LEVEL SECURITY;
ALTER TABLE deliveries FORCE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS own_site ON deliveries;
CREATE POLICY own_site ON deliveries USING (site = current_setting('parere.site', true));
