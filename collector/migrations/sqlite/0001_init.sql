-- Times are milliseconds since 1970 in UTC; days are local dates of the site, counted from 1970-01-01.

CREATE TABLE sites (
  site          TEXT PRIMARY KEY,
  name          TEXT NOT NULL,
  zone          TEXT NOT NULL,              -- IANA time zone: where its days begin
  origins       TEXT NOT NULL CHECK (json_valid(origins)),
  secret        BLOB NOT NULL CHECK (length(secret) = 32), -- keys the hashes of subjects; never leaves the store
  created_at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE surveys (
  site          TEXT NOT NULL REFERENCES sites (site),
  survey        TEXT NOT NULL,
  definition    TEXT NOT NULL CHECK (json_valid(definition)),
  created_at_ms INTEGER NOT NULL,
  updated_at_ms INTEGER NOT NULL,
  PRIMARY KEY (site, survey)
) STRICT, WITHOUT ROWID;

-- Every wording, scale and look that was ever asked; answers point here.
CREATE TABLE instruments (
  site          TEXT NOT NULL,
  survey        TEXT NOT NULL,
  instrument    TEXT NOT NULL,
  definition    TEXT NOT NULL CHECK (json_valid(definition)),
  created_at_ms INTEGER NOT NULL,
  PRIMARY KEY (site, survey, instrument),
  FOREIGN KEY (site, survey) REFERENCES surveys (site, survey)
) STRICT, WITHOUT ROWID;

-- One row for each answer; a higher revision replaces what the shopper said, never when it was first received.
CREATE TABLE responses (
  seq            INTEGER PRIMARY KEY AUTOINCREMENT, -- never used twice: export pages resume by it
  site           TEXT NOT NULL,
  id             BLOB NOT NULL CHECK (length(id) = 16),
  digest         BLOB NOT NULL CHECK (length(digest) = 16), -- tells a retry from another content
  survey         TEXT NOT NULL,
  metric         TEXT NOT NULL,
  instrument     TEXT NOT NULL,
  revision       INTEGER NOT NULL CHECK (revision > 0),
  score          INTEGER NOT NULL,
  band           TEXT NOT NULL,
  comment        TEXT CHECK (length(comment) <= 4000),
  choices        TEXT NOT NULL CHECK (json_valid(choices)),
  locale         TEXT,
  channel        TEXT,
  touchpoint     TEXT,
  device         TEXT,
  page           TEXT,
  ref            TEXT,
  subject        BLOB CHECK (length(subject) = 32), -- HMAC-SHA-256 with the site's secret
  attributes     TEXT NOT NULL CHECK (json_valid(attributes)),
  test           INTEGER NOT NULL CHECK (test IN (0, 1)),
  flags          INTEGER NOT NULL,
  inclusion      REAL CHECK (inclusion > 0 AND inclusion <= 1),
  occurred_at_ms INTEGER NOT NULL,
  received_at_ms INTEGER NOT NULL,
  day            INTEGER NOT NULL,          -- of received_at_ms, in the site's zone
  counted_locale     TEXT NOT NULL,         -- keys in daily_counts: bounded, where a sender's word is not
  counted_touchpoint TEXT NOT NULL,
  UNIQUE (site, id)
) STRICT;

-- Pages are read in the order of storing: the row number is the last part of every index.
CREATE INDEX responses_by_site ON responses (site);
CREATE INDEX responses_by_survey ON responses (site, survey, received_at_ms);

-- What scores are made of, kept in the transaction that stores the answer.
CREATE TABLE daily_counts (
  site       TEXT NOT NULL,
  survey     TEXT NOT NULL,
  dimension  TEXT NOT NULL,                 -- all, channel, locale, device, touchpoint, excluded
  day        INTEGER NOT NULL,
  value      TEXT NOT NULL,
  instrument TEXT NOT NULL,
  score      INTEGER NOT NULL,
  n          INTEGER NOT NULL,
  PRIMARY KEY (site, survey, dimension, day, value, instrument, score)
) STRICT, WITHOUT ROWID;

-- People signed in to the dashboard; only the hash of the cookie is kept.
CREATE TABLE sessions (
  session       BLOB PRIMARY KEY CHECK (length(session) = 32),
  created_at_ms INTEGER NOT NULL,
  expires_at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
