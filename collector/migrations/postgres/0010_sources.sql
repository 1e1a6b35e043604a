-- Where a site hears from: shops, help desks, senders of mail. Their messages are signed, and nothing else is believed.
CREATE TABLE IF NOT EXISTS sources (
  site          TEXT NOT NULL,
  source        TEXT NOT NULL,              -- shopify, woocommerce, orders, helpscout, zendesk, tickets, bounces
  secret        TEXT NOT NULL,              -- checks signatures: so it is kept as it is
  created_at_ms BIGINT NOT NULL,
  heard_at_ms   BIGINT,                     -- a message was last accepted, to the minute
  refused_at_ms BIGINT,                     -- a message was last refused, to the minute
  refusal       TEXT,                       -- why; never what was in it
  PRIMARY KEY (site, source)
);

ALTER TABLE sources ENABLE ROW LEVEL SECURITY;
ALTER TABLE sources FORCE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS own_site ON sources;
CREATE POLICY own_site ON sources USING (site = current_setting('parere.site', true));
