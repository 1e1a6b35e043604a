-- What is done about a low score. One for an answer, by its id; it is opened with it and goes with it.
CREATE TABLE IF NOT EXISTS cases (
  site              TEXT NOT NULL,
  response          UUID NOT NULL,
  survey            TEXT NOT NULL,
  opened_at_ms      BIGINT NOT NULL,
  due_at_ms         BIGINT NOT NULL,
  owner             TEXT,                   -- e-mail address of an account
  status            TEXT NOT NULL,          -- open, doing, done
  outcome           TEXT,                   -- recovered, not_recovered, no_contact, changed_mind
  followed_up_at_ms BIGINT,
  closed_at_ms      BIGINT,
  note              TEXT CHECK (length(note) <= 500),
  revision          BIGINT NOT NULL,        -- of two who change it at the same time, one is told
  PRIMARY KEY (site, response)
);

CREATE INDEX IF NOT EXISTS cases_due ON cases (site, status, due_at_ms, response);
CREATE INDEX IF NOT EXISTS cases_done ON cases (site, closed_at_ms, response) WHERE status = 'done';
CREATE INDEX IF NOT EXISTS cases_opened ON cases (site, opened_at_ms);

-- Hours until a case is due; null where low scores open none.
ALTER TABLE sites ADD COLUMN IF NOT EXISTS case_hours BIGINT DEFAULT 48;

-- What was improved, and from which day on: a line in the trend, and a day before and after which scores are compared.
CREATE TABLE IF NOT EXISTS marks (
  site          TEXT NOT NULL,
  mark          TEXT NOT NULL,
  survey        TEXT NOT NULL,
  touchpoint    TEXT,                       -- null: all of the survey
  day           INTEGER NOT NULL,           -- the first on which it held, in the site's zone, since 1970-01-01
  text          TEXT NOT NULL CHECK (length(text) <= 200),
  made_by       TEXT NOT NULL,
  created_at_ms BIGINT NOT NULL,
  PRIMARY KEY (site, mark)
);

ALTER TABLE cases ENABLE ROW LEVEL SECURITY;
ALTER TABLE cases FORCE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS own_site ON cases;
CREATE POLICY own_site ON cases USING (site = current_setting('parere.site', true));

ALTER TABLE marks ENABLE ROW LEVEL SECURITY;
ALTER TABLE marks FORCE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS own_site ON marks;
CREATE POLICY own_site ON marks USING (site = current_setting('parere.site', true));
