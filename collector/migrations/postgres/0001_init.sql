-- Times are milliseconds since 1970 in UTC; days are local dates of the site, counted from 1970-01-01.
--
-- One schema for PostgreSQL and for engines that speak its protocol and spread tables over machines.
-- So every key begins with the site, nothing large has a second unique key or a number drawn from a sequence,
-- and nothing here fires, notifies or locks on its own. Steps can be taken twice: some engines commit each by itself.

CREATE TABLE IF NOT EXISTS sites (
  site          TEXT PRIMARY KEY,
  name          TEXT NOT NULL,
  zone          TEXT NOT NULL,              -- IANA time zone: where its days begin
  origins       TEXT NOT NULL,              -- JSON
  consent_needed BOOLEAN NOT NULL,          -- nothing is remembered on a device before the page has said that it may
  secret        BYTEA NOT NULL CHECK (octet_length(secret) = 32), -- keys the hashes of subjects; never leaves the store
  created_at_ms BIGINT NOT NULL
);

CREATE TABLE IF NOT EXISTS surveys (
  site          TEXT NOT NULL REFERENCES sites (site),
  survey        TEXT NOT NULL,
  definition    TEXT NOT NULL,              -- JSON
  created_at_ms BIGINT NOT NULL,
  updated_at_ms BIGINT NOT NULL,
  PRIMARY KEY (site, survey)
);

-- Every wording, scale and look that was ever asked; answers point here.
CREATE TABLE IF NOT EXISTS instruments (
  site          TEXT NOT NULL,
  survey        TEXT NOT NULL,
  instrument    TEXT NOT NULL,
  definition    TEXT NOT NULL,              -- JSON
  created_at_ms BIGINT NOT NULL,
  PRIMARY KEY (site, survey, instrument),
  FOREIGN KEY (site, survey) REFERENCES surveys (site, survey)
);

-- One row that grows with every change of a site or survey: how collectors hear of each other's changes.
CREATE TABLE IF NOT EXISTS catalogue (
  one     BOOLEAN PRIMARY KEY CHECK (one),
  version BIGINT NOT NULL
);

INSERT INTO catalogue (one, version) VALUES (true, 0) ON CONFLICT DO NOTHING;

-- The place that was given out last, for each site. Whoever appends to a site holds its row until the commit:
-- answers of one site are committed in the order of their places, and a reader that has seen a place
-- has seen all before it.
CREATE TABLE IF NOT EXISTS places (
  site TEXT PRIMARY KEY,
  seq  BIGINT NOT NULL
);

-- One row for each answer; a higher revision replaces what the shopper said, never when it was first received.
CREATE TABLE IF NOT EXISTS responses (
  site           TEXT NOT NULL,
  id             UUID NOT NULL,
  seq            BIGINT NOT NULL,           -- its place; export pages resume by it
  digest         BYTEA NOT NULL CHECK (octet_length(digest) = 16), -- tells a retry from another content
  survey         TEXT NOT NULL,
  metric         TEXT NOT NULL,
  instrument     TEXT NOT NULL,
  revision       BIGINT NOT NULL CHECK (revision > 0),
  score          INTEGER NOT NULL,
  band           TEXT NOT NULL,
  comment        TEXT CHECK (char_length(comment) <= 4000),
  choices        TEXT NOT NULL,             -- JSON
  locale         TEXT,
  channel        TEXT,
  touchpoint     TEXT,
  device         TEXT,
  page           TEXT,
  ref            TEXT,
  subject        BYTEA CHECK (octet_length(subject) = 32), -- HMAC-SHA-256 with the site's secret
  attributes     TEXT NOT NULL,             -- JSON
  test           BOOLEAN NOT NULL,
  flags          BIGINT NOT NULL,
  inclusion      DOUBLE PRECISION CHECK (inclusion > 0 AND inclusion <= 1),
  occurred_at_ms BIGINT NOT NULL,
  received_at_ms BIGINT NOT NULL,
  day            INTEGER NOT NULL,          -- of received_at_ms, in the site's zone
  counted_locale     TEXT NOT NULL,         -- keys in daily_counts: bounded, where a sender's word is not
  counted_touchpoint TEXT NOT NULL,
  PRIMARY KEY (site, id)
);

-- Pages are read in the order of storing: the place is the last part of every index.
CREATE INDEX IF NOT EXISTS responses_by_site ON responses (site, seq);
CREATE INDEX IF NOT EXISTS responses_by_survey ON responses (site, survey, received_at_ms, seq);

-- What scores are made of, kept in the transaction that stores the answer.
CREATE TABLE IF NOT EXISTS daily_counts (
  site       TEXT NOT NULL,
  survey     TEXT NOT NULL,
  dimension  TEXT NOT NULL,                 -- all, channel, locale, device, touchpoint, excluded
  day        INTEGER NOT NULL,
  value      TEXT NOT NULL,
  instrument TEXT NOT NULL,
  score      INTEGER NOT NULL,
  n          BIGINT NOT NULL,
  PRIMARY KEY (site, survey, dimension, day, value, instrument, score)
);

-- People signed in to the dashboard; only the hash of the cookie is kept.
CREATE TABLE IF NOT EXISTS sessions (
  session       BYTEA PRIMARY KEY CHECK (octet_length(session) = 32),
  created_at_ms BIGINT NOT NULL,
  expires_at_ms BIGINT NOT NULL
);
