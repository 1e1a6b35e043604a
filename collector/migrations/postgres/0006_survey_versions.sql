-- What every survey said, one row for each save that changed something: who, when and the whole definition.
CREATE TABLE IF NOT EXISTS survey_versions (
  site          TEXT NOT NULL,
  survey        TEXT NOT NULL,
  version       BIGINT NOT NULL CHECK (version > 0),
  definition    TEXT NOT NULL,              -- JSON
  author        TEXT NOT NULL,              -- in words; empty where nobody noted it
  created_at_ms BIGINT NOT NULL,
  PRIMARY KEY (site, survey, version),
  FOREIGN KEY (site, survey) REFERENCES surveys (site, survey)
);

-- Rows of all sites are read and written: the second lock is opened for this step.
ALTER TABLE surveys NO FORCE ROW LEVEL SECURITY;
ALTER TABLE survey_versions NO FORCE ROW LEVEL SECURITY;

INSERT INTO survey_versions (site, survey, version, definition, author, created_at_ms)
SELECT site, survey, 1, definition, '', updated_at_ms FROM surveys ON CONFLICT DO NOTHING;

ALTER TABLE surveys FORCE ROW LEVEL SECURITY;
ALTER TABLE survey_versions ENABLE ROW LEVEL SECURITY;
ALTER TABLE survey_versions FORCE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS own_site ON survey_versions;
CREATE POLICY own_site ON survey_versions USING (site = current_setting('parere.site', true));
