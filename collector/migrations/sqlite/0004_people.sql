-- People who sign in, programs with tokens, and what both of them did.
-- Sessions of earlier versions belonged to nobody: they end here.

CREATE TABLE accounts (
  email         TEXT PRIMARY KEY CHECK (email = lower(email)),
  password      TEXT,                       -- Argon2id as a PHC string; null until one was chosen
  is_disabled   INTEGER NOT NULL CHECK (is_disabled IN (0, 1)),
  created_at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- A role at one site, or at every one: then the site is *.
CREATE TABLE memberships (
  email TEXT NOT NULL REFERENCES accounts (email),
  site  TEXT NOT NULL,
  role  TEXT NOT NULL CHECK (role IN ('viewer', 'editor', 'owner')),
  PRIMARY KEY (email, site)
) STRICT, WITHOUT ROWID;

-- The row that whoever makes the first account takes: there is one first account, whoever tries at the same time.
CREATE TABLE founding (
  one INTEGER PRIMARY KEY CHECK (one = 1)
) STRICT;

-- Links by which a person chooses a password; only the hash of the key is kept.
CREATE TABLE invitations (
  invitation    BLOB PRIMARY KEY CHECK (length(invitation) = 32),
  email         TEXT NOT NULL REFERENCES accounts (email),
  expires_at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

DROP TABLE sessions;

-- Browsers signed in to the dashboard; only the hash of the cookie is kept.
CREATE TABLE sessions (
  session       BLOB PRIMARY KEY CHECK (length(session) = 32),
  account       TEXT NOT NULL,              -- an e-mail address, or the administrator's name
  browser       TEXT NOT NULL,
  created_at_ms INTEGER NOT NULL,
  used_at_ms    INTEGER NOT NULL,
  expires_at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Keys of programs to the operators' API; only the hash is kept.
CREATE TABLE tokens (
  id            TEXT PRIMARY KEY,
  token         BLOB NOT NULL UNIQUE CHECK (length(token) = 32),
  name          TEXT NOT NULL,
  scopes        TEXT NOT NULL,              -- names, with blanks between them
  sites         TEXT NOT NULL CHECK (json_valid(sites)), -- a list; empty for every site
  made_by       TEXT NOT NULL,
  created_at_ms INTEGER NOT NULL,
  used_at_ms    INTEGER,
  expires_at_ms INTEGER
) STRICT, WITHOUT ROWID;

-- Who did what, when: no content.
CREATE TABLE audit (
  at_ms  INTEGER NOT NULL,
  number INTEGER NOT NULL,                  -- random; tells what was done in the same millisecond apart
  kind   TEXT NOT NULL,
  actor  TEXT NOT NULL,
  action TEXT NOT NULL,
  site   TEXT,
  target TEXT NOT NULL,
  PRIMARY KEY (at_ms, number)
) STRICT, WITHOUT ROWID;
