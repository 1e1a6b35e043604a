-- Answers are weighted by the chance that their shoppers had of being asked, and counted apart by it.

-- What was asked from when on: a line for each change of a survey that answers differ by.
CREATE TABLE versions (
  site        TEXT NOT NULL,
  survey      TEXT NOT NULL,
  since_ms    INTEGER NOT NULL,
  per_mille   INTEGER CHECK (per_mille BETWEEN 1 AND 1000), -- share of shoppers asked; NULL: before it was kept
  instruments TEXT NOT NULL CHECK (json_valid(instruments)), -- ids, one for each language
  PRIMARY KEY (site, survey, since_ms)
) STRICT, WITHOUT ROWID;

-- Earlier wordings are known by the moment they were first asked; of the shares, only the one of today is.
INSERT INTO versions (site, survey, since_ms, per_mille, instruments)
SELECT site, survey, created_at_ms, NULL, json_group_array(instrument) FROM instruments
GROUP BY site, survey, created_at_ms;

UPDATE versions SET per_mille = (
  SELECT coalesce(json_extract(definition, '$.targeting.sample_per_mille'), 1000) FROM surveys
  WHERE surveys.site = versions.site AND surveys.survey = versions.survey)
WHERE since_ms = (
  SELECT max(latest.since_ms) FROM versions AS latest
  WHERE latest.site = versions.site AND latest.survey = versions.survey);

-- Key in daily_counts: what the sender says, where the survey bears it out.
ALTER TABLE responses ADD COLUMN counted_per_mille INTEGER NOT NULL DEFAULT 1000
  CHECK (counted_per_mille BETWEEN 1 AND 1000);

UPDATE responses SET counted_per_mille = versions.per_mille
FROM versions
WHERE versions.site = responses.site AND versions.survey = responses.survey
  AND versions.per_mille < 1000 AND versions.per_mille = round(responses.inclusion * 1000);

CREATE TABLE counts_by_chance (
  site       TEXT NOT NULL,
  survey     TEXT NOT NULL,
  dimension  TEXT NOT NULL,                 -- all, channel, locale, device, touchpoint, excluded
  day        INTEGER NOT NULL,
  value      TEXT NOT NULL,
  instrument TEXT NOT NULL,
  score      INTEGER NOT NULL,
  per_mille  INTEGER NOT NULL,              -- chance of having been asked, in thousandths
  n          INTEGER NOT NULL,
  PRIMARY KEY (site, survey, dimension, day, value, instrument, score, per_mille)
) STRICT, WITHOUT ROWID;

-- Where nobody was left out, the counts stay as they are.
INSERT INTO counts_by_chance
SELECT site, survey, dimension, day, value, instrument, score, 1000, n FROM daily_counts
WHERE (site, survey) NOT IN (SELECT site, survey FROM versions WHERE per_mille < 1000);

INSERT INTO counts_by_chance
WITH answers AS (
  SELECT site, survey, day, instrument, score, counted_per_mille, counted_locale, counted_touchpoint,
    coalesce(channel, '') AS channel, coalesce(device, '') AS device,
    -- Flags: 4 is a person's "it counts", the upper half is what excludes.
    CASE WHEN test THEN 'test' WHEN flags & 4 = 0 AND flags & 4294901760 != 0 THEN 'flagged' ELSE '' END AS reason
  FROM responses
  WHERE (site, survey) IN (SELECT site, survey FROM versions WHERE per_mille < 1000)),
counted AS (
  SELECT *, 'all' AS dimension, '' AS value FROM answers WHERE reason = ''
  UNION ALL SELECT *, 'channel', channel FROM answers WHERE reason = ''
  UNION ALL SELECT *, 'device', device FROM answers WHERE reason = ''
  UNION ALL SELECT *, 'locale', counted_locale FROM answers WHERE reason = ''
  UNION ALL SELECT *, 'touchpoint', counted_touchpoint FROM answers WHERE reason = ''
  UNION ALL SELECT *, 'excluded', reason FROM answers WHERE reason != '')
SELECT site, survey, dimension, day, value, instrument, score, counted_per_mille, count(*) FROM counted
GROUP BY site, survey, dimension, day, value, instrument, score, counted_per_mille;

DROP TABLE daily_counts;
ALTER TABLE counts_by_chance RENAME TO daily_counts;
