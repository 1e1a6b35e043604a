-- One customer asked one question by a link of their own. The table of links to the dashboard has the short name.
-- An address is in the clear until the invitation is sent or over; what is left knows it by a keyed hash.
CREATE TABLE IF NOT EXISTS survey_invitations (
  site           TEXT NOT NULL,
  key            TEXT NOT NULL,             -- what it is for
  id             UUID NOT NULL,             -- of its answer, too
  survey         TEXT NOT NULL,
  channel        TEXT NOT NULL,             -- email, sms, link, qr, other
  rule           TEXT,
  order_ref      TEXT,
  ticket         TEXT,
  subject        BYTEA CHECK (octet_length(subject) = 32),
  person         BYTEA CHECK (octet_length(person) = 32),
  address        TEXT,
  locale         TEXT,
  state          TEXT NOT NULL,
  reason         TEXT NOT NULL,
  tries          INTEGER NOT NULL,
  due_at_ms      BIGINT NOT NULL,           -- while somebody has claimed it: when that claim ends
  expires_at_ms  BIGINT NOT NULL,
  created_at_ms  BIGINT NOT NULL,
  sent_at_ms     BIGINT,
  answered_at_ms BIGINT,
  CHECK (address IS NULL OR state IN ('waiting', 'sending')),
  PRIMARY KEY (site, key)
);

CREATE INDEX IF NOT EXISTS survey_invitations_by_id ON survey_invitations (site, id);
CREATE INDEX IF NOT EXISTS survey_invitations_due ON survey_invitations (site, state, due_at_ms);
CREATE INDEX IF NOT EXISTS survey_invitations_by_person ON survey_invitations (site, person);
CREATE INDEX IF NOT EXISTS survey_invitations_by_subject ON survey_invitations (site, subject);
CREATE INDEX IF NOT EXISTS survey_invitations_by_order ON survey_invitations (site, order_ref);

-- Who is not asked.
CREATE TABLE IF NOT EXISTS suppressions (
  site   TEXT NOT NULL,
  person BYTEA NOT NULL CHECK (octet_length(person) = 32), -- keyed hash of an address
  reason TEXT NOT NULL,                     -- unsubscribed, bounced, complained, added
  at_ms  BIGINT NOT NULL,
  PRIMARY KEY (site, person)
);

ALTER TABLE survey_invitations ENABLE ROW LEVEL SECURITY;
ALTER TABLE survey_invitations FORCE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS own_site ON survey_invitations;
CREATE POLICY own_site ON survey_invitations USING (site = current_setting('parere.site', true));

ALTER TABLE suppressions ENABLE ROW LEVEL SECURITY;
ALTER TABLE suppressions FORCE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS own_site ON suppressions;
CREATE POLICY own_site ON suppressions USING (site = current_setting('parere.site', true));
