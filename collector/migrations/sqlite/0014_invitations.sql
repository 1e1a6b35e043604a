-- One customer asked one question by a link of their own. The table of links to the dashboard has the short name.
-- An address is in the clear until the invitation is sent or over; what is left knows it by a keyed hash.
CREATE TABLE survey_invitations (
  site           TEXT NOT NULL,
  key            TEXT NOT NULL,             -- what it is for
  id             BLOB NOT NULL CHECK (length(id) = 16), -- of its answer, too
  survey         TEXT NOT NULL,
  channel        TEXT NOT NULL,             -- email, sms, link, qr, other
  rule           TEXT,
  order_ref      TEXT,
  ticket         TEXT,
  subject        BLOB CHECK (length(subject) = 32),
  person         BLOB CHECK (length(person) = 32),
  address        TEXT,
  locale         TEXT,
  state          TEXT NOT NULL,
  reason         TEXT NOT NULL,
  tries          INTEGER NOT NULL,
  due_at_ms      INTEGER NOT NULL,          -- while somebody has claimed it: when that claim ends
  expires_at_ms  INTEGER NOT NULL,
  created_at_ms  INTEGER NOT NULL,
  sent_at_ms     INTEGER,
  answered_at_ms INTEGER,
  CHECK (address IS NULL OR state IN ('waiting', 'sending')),
  PRIMARY KEY (site, key)
) STRICT, WITHOUT ROWID;

CREATE INDEX survey_invitations_by_id ON survey_invitations (site, id);
CREATE INDEX survey_invitations_due ON survey_invitations (site, state, due_at_ms);
CREATE INDEX survey_invitations_by_person ON survey_invitations (site, person) WHERE person IS NOT NULL;
CREATE INDEX survey_invitations_by_subject ON survey_invitations (site, subject) WHERE subject IS NOT NULL;
CREATE INDEX survey_invitations_by_order ON survey_invitations (site, order_ref) WHERE order_ref IS NOT NULL;

-- Who is not asked.
CREATE TABLE suppressions (
  site   TEXT NOT NULL,
  person BLOB NOT NULL CHECK (length(person) = 32), -- keyed hash of an address
  reason TEXT NOT NULL,                     -- unsubscribed, bounced, complained, added
  at_ms  INTEGER NOT NULL,
  PRIMARY KEY (site, person)
) STRICT, WITHOUT ROWID;
