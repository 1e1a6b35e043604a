-- What the merchant's CRM says of people, by lists that were imported: added to the attributes of answers that come later.
CREATE TABLE IF NOT EXISTS segments (
  site       TEXT NOT NULL,
  subject    BYTEA NOT NULL CHECK (octet_length(subject) = 32), -- HMAC of the merchant's reference for the person
  attributes TEXT NOT NULL,                 -- JSON
  at_ms      BIGINT NOT NULL,               -- when a list last named the person
  PRIMARY KEY (site, subject)
);

CREATE INDEX IF NOT EXISTS segments_by_age ON segments (site, at_ms);

ALTER TABLE segments ENABLE ROW LEVEL SECURITY;
ALTER TABLE segments FORCE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS own_site ON segments;
CREATE POLICY own_site ON segments USING (site = current_setting('parere.site', true));
