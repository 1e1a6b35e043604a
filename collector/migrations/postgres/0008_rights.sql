-- What people may ask for: that they are forgotten, and that they are told what is stored of them.

-- What is left of an erased answer: whatever says it again is told so, and stored no more. No id, no content.
CREATE TABLE IF NOT EXISTS tombstones (
  site         TEXT NOT NULL,
  tombstone    BYTEA NOT NULL CHECK (octet_length(tombstone) = 16), -- HMAC-SHA-256 of the id, cut to half
  erased_at_ms BIGINT NOT NULL,
  PRIMARY KEY (site, tombstone)
);

ALTER TABLE tombstones ENABLE ROW LEVEL SECURITY;
ALTER TABLE tombstones FORCE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS own_site ON tombstones;
CREATE POLICY own_site ON tombstones USING (site = current_setting('parere.site', true));

-- Keys the tombstones; never leaves the store. Two random UUIDs are 244 random bits.
CREATE TABLE IF NOT EXISTS tombstone_key (
  one BOOLEAN PRIMARY KEY CHECK (one),
  key BYTEA NOT NULL CHECK (octet_length(key) = 32)
);

INSERT INTO tombstone_key (one, key)
SELECT true, decode(replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', ''), 'hex')
ON CONFLICT DO NOTHING;

-- All answers of a person, and all about an order.
CREATE INDEX IF NOT EXISTS responses_by_subject ON responses (site, subject, seq) WHERE subject IS NOT NULL;
CREATE INDEX IF NOT EXISTS responses_by_ref ON responses (site, ref, seq) WHERE ref IS NOT NULL;

-- How long it is kept, in days; NULL: for good.
ALTER TABLE sites ADD COLUMN IF NOT EXISTS comments_days BIGINT CHECK (comments_days > 0);
ALTER TABLE sites ADD COLUMN IF NOT EXISTS responses_days BIGINT CHECK (responses_days > 0);

-- Answers of days before this one may be gone, for they were kept long enough; their counts are not.
ALTER TABLE sites ADD COLUMN IF NOT EXISTS retired_to_day INTEGER NOT NULL DEFAULT 0;

-- Since when the site is no more; what it had is cleared away by and by.
ALTER TABLE sites ADD COLUMN IF NOT EXISTS removed_at_ms BIGINT;
