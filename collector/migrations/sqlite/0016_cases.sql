-- What is done about a low score. One for an answer, by its id; it is opened with it and goes with it.
CREATE TABLE cases (
  site              TEXT NOT NULL,
  response          BLOB NOT NULL CHECK (length(response) = 16),
  survey            TEXT NOT NULL,
  opened_at_ms      INTEGER NOT NULL,
  due_at_ms         INTEGER NOT NULL,
  owner             TEXT,                   -- e-mail address of an account
  status            TEXT NOT NULL,          -- open, doing, done
  outcome           TEXT,                   -- recovered, not_recovered, no_contact, changed_mind
  followed_up_at_ms INTEGER,
  closed_at_ms      INTEGER,
  note              TEXT CHECK (length(note) <= 500),
  revision          INTEGER NOT NULL,       -- of two who change it at the same time, one is told
  PRIMARY KEY (site, response)
) STRICT, WITHOUT ROWID;

CREATE INDEX cases_due ON cases (site, status, due_at_ms, response);
CREATE INDEX cases_done ON cases (site, closed_at_ms, response) WHERE status = 'done';
CREATE INDEX cases_opened ON cases (site, opened_at_ms);

-- Hours until a case is due; null where low scores open none.
ALTER TABLE sites ADD COLUMN case_hours INTEGER DEFAULT 48 CHECK (case_hours > 0);

-- What was improved, and from which day on: a line in the trend, and a day before and after which scores are compared.
CREATE TABLE marks (
  site          TEXT NOT NULL,
  mark          TEXT NOT NULL,
  survey        TEXT NOT NULL,
  touchpoint    TEXT,                       -- null: all of the survey
  day           INTEGER NOT NULL,           -- the first on which it held, in the site's zone, since 1970-01-01
  text          TEXT NOT NULL CHECK (length(text) <= 200),
  made_by       TEXT NOT NULL,
  created_at_ms INTEGER NOT NULL,
  PRIMARY KEY (site, mark)
) STRICT, WITHOUT ROWID;
