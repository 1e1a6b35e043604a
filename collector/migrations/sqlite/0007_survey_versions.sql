-- What every survey said, one row for each save that changed something: who, when and the whole definition.
CREATE TABLE survey_versions (
  site          TEXT NOT NULL,
  survey        TEXT NOT NULL,
  version       INTEGER NOT NULL CHECK (version > 0),
  definition    TEXT NOT NULL CHECK (json_valid(definition)),
  author        TEXT NOT NULL,              -- in words; empty where nobody noted it
  created_at_ms INTEGER NOT NULL,
  PRIMARY KEY (site, survey, version),
  FOREIGN KEY (site, survey) REFERENCES surveys (site, survey)
) STRICT, WITHOUT ROWID;

INSERT INTO survey_versions (site, survey, version, definition, author, created_at_ms)
SELECT site, survey, 1, definition, '', updated_at_ms FROM surveys;
