-- Answers are weighted by the chance that their shoppers had of being asked, and counted apart by it.
--
-- Rows of all sites are read and changed: where the database holds every reader to one site, this step is let through.

ALTER TABLE sites NO FORCE ROW LEVEL SECURITY;
ALTER TABLE surveys NO FORCE ROW LEVEL SECURITY;
ALTER TABLE instruments NO FORCE ROW LEVEL SECURITY;
ALTER TABLE responses NO FORCE ROW LEVEL SECURITY;
ALTER TABLE daily_counts NO FORCE ROW LEVEL SECURITY;

-- What was asked from when on: a line for each change of a survey that answers differ by.
CREATE TABLE IF NOT EXISTS versions (
  site        TEXT NOT NULL,
  survey      TEXT NOT NULL,
  since_ms    BIGINT NOT NULL,
  per_mille   INTEGER CHECK (per_mille BETWEEN 1 AND 1000), -- share of shoppers asked; NULL: before it was kept
  instruments TEXT NOT NULL,                -- JSON: ids, one for each language
  PRIMARY KEY (site, survey, since_ms)
);

ALTER TABLE versions NO FORCE ROW LEVEL SECURITY;

-- Earlier wordings are known by the moment they were first asked; of the shares, only the one of today is.
INSERT INTO versions (site, survey, since_ms, per_mille, instruments)
SELECT site, survey, created_at_ms, NULL, json_agg(instrument)::text FROM instruments
GROUP BY site, survey, created_at_ms
ON CONFLICT DO NOTHING;

UPDATE versions SET per_mille = coalesce(
  (surveys.definition::json -> 'targeting' ->> 'sample_per_mille')::integer, 1000)
FROM surveys
WHERE surveys.site = versions.site AND surveys.survey = versions.survey
  AND versions.since_ms = (
    SELECT max(latest.since_ms) FROM versions AS latest
    WHERE latest.site = versions.site AND latest.survey = versions.survey);

-- Key in daily_counts: what the sender says, where the survey bears it out.
ALTER TABLE responses ADD COLUMN IF NOT EXISTS counted_per_mille INTEGER NOT NULL DEFAULT 1000;

UPDATE responses SET counted_per_mille = versions.per_mille
FROM versions
WHERE versions.site = responses.site AND versions.survey = responses.survey
  AND versions.per_mille < 1000 AND versions.per_mille = round(responses.inclusion * 1000);

ALTER TABLE daily_counts ADD COLUMN IF NOT EXISTS per_mille INTEGER NOT NULL DEFAULT 1000;

ALTER TABLE daily_counts
  DROP CONSTRAINT IF EXISTS daily_counts_pkey,
  ADD CONSTRAINT daily_counts_pkey
    PRIMARY KEY (site, survey, dimension, day, value, instrument, score, per_mille);

-- Where nobody was left out, the counts stay as they are.
DELETE FROM daily_counts USING versions
WHERE versions.site = daily_counts.site AND versions.survey = daily_counts.survey AND versions.per_mille < 1000;

INSERT INTO daily_counts (site, survey, dimension, day, value, instrument, score, per_mille, n)
WITH sampled AS (SELECT DISTINCT site, survey FROM versions WHERE per_mille < 1000),
answers AS (
  SELECT responses.site, responses.survey, day, instrument, score, counted_per_mille, counted_locale,
    counted_touchpoint, coalesce(channel, '') AS channel, coalesce(device, '') AS device,
    -- Flags: 4 is a person's "it counts", the upper half is what excludes.
    CASE WHEN test THEN 'test' WHEN (flags & 4) = 0 AND (flags & 4294901760) <> 0 THEN 'flagged' ELSE '' END AS reason
  FROM responses JOIN sampled ON sampled.site = responses.site AND sampled.survey = responses.survey),
counted AS (
  SELECT answers.*, 'all' AS dimension, '' AS value FROM answers WHERE reason = ''
  UNION ALL SELECT answers.*, 'channel', channel FROM answers WHERE reason = ''
  UNION ALL SELECT answers.*, 'device', device FROM answers WHERE reason = ''
  UNION ALL SELECT answers.*, 'locale', counted_locale FROM answers WHERE reason = ''
  UNION ALL SELECT answers.*, 'touchpoint', counted_touchpoint FROM answers WHERE reason = ''
  UNION ALL SELECT answers.*, 'excluded', reason FROM answers WHERE reason <> '')
SELECT site, survey, dimension, day, value, instrument, score, counted_per_mille, count(*) FROM counted
GROUP BY site, survey, dimension, day, value, instrument, score, counted_per_mille
ON CONFLICT (site, survey, dimension, day, value, instrument, score, per_mille) DO UPDATE SET n = excluded.n;

ALTER TABLE sites FORCE ROW LEVEL SECURITY;
ALTER TABLE surveys FORCE ROW LEVEL SECURITY;
ALTER TABLE instruments FORCE ROW LEVEL SECURITY;
ALTER TABLE responses FORCE ROW LEVEL SECURITY;
ALTER TABLE daily_counts FORCE ROW LEVEL SECURITY;
ALTER TABLE versions ENABLE ROW LEVEL SECURITY;
ALTER TABLE versions FORCE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS own_site ON versions;
CREATE POLICY own_site ON versions USING (site = current_setting('parere.site', true));
DROP POLICY IF EXISTS whole_catalogue ON versions;
CREATE POLICY whole_catalogue ON versions FOR SELECT USING (current_setting('parere.site', true) = '*');
