-- After which happening a customer is asked what. A plan is one happening under one rule; it holds no address.
CREATE TABLE rules (
  site          TEXT NOT NULL,
  rule          TEXT NOT NULL,
  definition    TEXT NOT NULL CHECK (json_valid(definition)),
  version       INTEGER NOT NULL,           -- one more with every change
  on_since_ms   INTEGER,                    -- what happened before is not asked about; none while it is off
  changed_by    TEXT NOT NULL,
  changed_at_ms INTEGER NOT NULL,
  PRIMARY KEY (site, rule)
) STRICT, WITHOUT ROWID;

-- Whose turn it is at a site, and how far its happenings were read.
CREATE TABLE rule_turns (
  site      TEXT NOT NULL PRIMARY KEY,
  holder    TEXT NOT NULL,
  until_ms  INTEGER NOT NULL,
  reached   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE rule_plans (
  site       TEXT NOT NULL,
  key        TEXT NOT NULL,                 -- of the invitation that comes of it
  rule       TEXT NOT NULL,
  kind       TEXT NOT NULL,
  at_ms      INTEGER NOT NULL,              -- when it happened
  order_ref  TEXT,
  ticket     TEXT,
  subject    BLOB CHECK (length(subject) = 32),
  properties TEXT NOT NULL CHECK (json_valid(properties)),
  state      TEXT NOT NULL,                 -- waiting, asked, dropped
  why        TEXT,
  due_at_ms  INTEGER NOT NULL,
  made_at_ms INTEGER NOT NULL,
  PRIMARY KEY (site, key)
) STRICT, WITHOUT ROWID;

CREATE INDEX rule_plans_due ON rule_plans (site, due_at_ms) WHERE state = 'waiting';
CREATE INDEX rule_plans_by_rule ON rule_plans (site, rule, state, why);
CREATE INDEX rule_plans_by_subject ON rule_plans (site, subject) WHERE subject IS NOT NULL;
CREATE INDEX rule_plans_by_order ON rule_plans (site, order_ref) WHERE order_ref IS NOT NULL;
CREATE INDEX rule_plans_by_age ON rule_plans (site, made_at_ms);
