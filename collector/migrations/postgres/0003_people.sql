-- People who sign in, programs with tokens, and what both of them did. Small tables: every machine can hold a copy.
-- Sessions of earlier versions belonged to nobody: they end here.

CREATE TABLE IF NOT EXISTS accounts (
  email         TEXT PRIMARY KEY CHECK (email = lower(email)),
  password      TEXT,                       -- Argon2id as a PHC string; null until one was chosen
  is_disabled   BOOLEAN NOT NULL,
  created_at_ms BIGINT NOT NULL
);

-- A role at one site, or at every one: then the site is *.
CREATE TABLE IF NOT EXISTS memberships (
  email TEXT NOT NULL,
  site  TEXT NOT NULL,
  role  TEXT NOT NULL CHECK (role IN ('viewer', 'editor', 'owner')),
  PRIMARY KEY (email, site)
);

-- The row that whoever makes the first account takes: there is one first account, whoever tries at the same time.
CREATE TABLE IF NOT EXISTS founding (
  one BOOLEAN PRIMARY KEY CHECK (one)
);

-- Links by which a person chooses a password; only the hash of the key is kept.
CREATE TABLE IF NOT EXISTS invitations (
  invitation    BYTEA PRIMARY KEY CHECK (octet_length(invitation) = 32),
  email         TEXT NOT NULL,
  expires_at_ms BIGINT NOT NULL
);

DELETE FROM sessions;
ALTER TABLE sessions ADD COLUMN IF NOT EXISTS account TEXT NOT NULL;  -- an e-mail address, or the administrator's name
ALTER TABLE sessions ADD COLUMN IF NOT EXISTS browser TEXT NOT NULL;
ALTER TABLE sessions ADD COLUMN IF NOT EXISTS used_at_ms BIGINT NOT NULL;

-- Keys of programs to the operators' API; only the hash is kept.
CREATE TABLE IF NOT EXISTS tokens (
  id            TEXT PRIMARY KEY,
  token         BYTEA NOT NULL CHECK (octet_length(token) = 32),
  name          TEXT NOT NULL,
  scopes        TEXT NOT NULL,              -- names, with blanks between them
  sites         TEXT NOT NULL,              -- a JSON list; empty for every site
  made_by       TEXT NOT NULL,
  created_at_ms BIGINT NOT NULL,
  used_at_ms    BIGINT,
  expires_at_ms BIGINT
);

-- Who did what, when: no content.
CREATE TABLE IF NOT EXISTS audit (
  at_ms  BIGINT NOT NULL,
  number BIGINT NOT NULL,                   -- random; tells what was done in the same millisecond apart
  kind   TEXT NOT NULL,
  actor  TEXT NOT NULL,
  action TEXT NOT NULL,
  site   TEXT,
  target TEXT NOT NULL,
  PRIMARY KEY (at_ms, number)
);
