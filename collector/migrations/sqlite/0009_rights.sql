-- What people may ask for: that they are forgotten, and that they are told what is stored of them.

-- What is left of an erased answer: whatever says it again is told so, and stored no more. No id, no content.
CREATE TABLE tombstones (
  site         TEXT NOT NULL,
  tombstone    BLOB NOT NULL CHECK (length(tombstone) = 16), -- HMAC-SHA-256 of the id, cut to half
  erased_at_ms INTEGER NOT NULL,
  PRIMARY KEY (site, tombstone)
) STRICT, WITHOUT ROWID;

-- Keys the tombstones; never leaves the store.
CREATE TABLE tombstone_key (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  key BLOB NOT NULL CHECK (length(key) = 32)
) STRICT;

INSERT INTO tombstone_key (one, key) VALUES (1, randomblob(32));

-- All answers of a person, and all about an order.
CREATE INDEX responses_by_subject ON responses (site, subject) WHERE subject IS NOT NULL;
CREATE INDEX responses_by_ref ON responses (site, ref) WHERE ref IS NOT NULL;

-- How long it is kept, in days; NULL: for good.
ALTER TABLE sites ADD COLUMN comments_days INTEGER CHECK (comments_days > 0);
ALTER TABLE sites ADD COLUMN responses_days INTEGER CHECK (responses_days > 0);

-- Answers of days before this one may be gone, for they were kept long enough; their counts are not.
ALTER TABLE sites ADD COLUMN retired_to_day INTEGER NOT NULL DEFAULT 0;

-- Since when the site is no more; what it had is cleared away by and by.
ALTER TABLE sites ADD COLUMN removed_at_ms INTEGER;
