-- After which happening a customer is asked what. A plan is one happening under one rule; it holds no address.
CREATE TABLE IF NOT EXISTS rules (
  site          TEXT NOT NULL,
  rule          TEXT NOT NULL,
  definition    TEXT NOT NULL,              -- JSON
  version       BIGINT NOT NULL,            -- one more with every change
  on_since_ms   BIGINT,                     -- what happened before is not asked about; none while it is off
  changed_by    TEXT NOT NULL,
  changed_at_ms BIGINT NOT NULL,
  PRIMARY KEY (site, rule)
);

-- Whose turn it is at a site, and how far its happenings were read.
CREATE TABLE IF NOT EXISTS rule_turns (
  site     TEXT PRIMARY KEY,
  holder   TEXT NOT NULL,
  until_ms BIGINT NOT NULL,
  reached  BIGINT NOT NULL
);

CREATE TABLE IF NOT EXISTS rule_plans (
  site       TEXT NOT NULL,
  key        TEXT NOT NULL,                 -- of the invitation that comes of it
  rule       TEXT NOT NULL,
  kind       TEXT NOT NULL,
  at_ms      BIGINT NOT NULL,               -- when it happened
  order_ref  TEXT,
  ticket     TEXT,
  subject    BYTEA CHECK (octet_length(subject) = 32),
  properties TEXT NOT NULL,                 -- JSON
  state      TEXT NOT NULL,                 -- waiting, asked, dropped
  why        TEXT,
  due_at_ms  BIGINT NOT NULL,
  made_at_ms BIGINT NOT NULL,
  PRIMARY KEY (site, key)
);

CREATE INDEX IF NOT EXISTS rule_plans_due ON rule_plans (site, state, due_at_ms);
CREATE INDEX IF NOT EXISTS rule_plans_by_rule ON rule_plans (site, rule, state, why);
CREATE INDEX IF NOT EXISTS rule_plans_by_subject ON rule_plans (site, subject);
CREATE INDEX IF NOT EXISTS rule_plans_by_order ON rule_plans (site, order_ref);
CREATE INDEX IF NOT EXISTS rule_plans_by_age ON rule_plans (site, made_at_ms);

ALTER TABLE rules ENABLE ROW LEVEL SECURITY;
ALTER TABLE rules FORCE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS own_site ON rules;
CREATE POLICY own_site ON rules USING (site = current_setting('parere.site', true));
-- Whoever plans has to know of every site's.
DROP POLICY IF EXISTS whole_catalogue ON rules;
CREATE POLICY whole_catalogue ON rules FOR SELECT USING (current_setting('parere.site', true) = '*');

ALTER TABLE rule_turns ENABLE ROW LEVEL SECURITY;
ALTER TABLE rule_turns FORCE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS own_site ON rule_turns;
CREATE POLICY own_site ON rule_turns USING (site = current_setting('parere.site', true));

ALTER TABLE rule_plans ENABLE ROW LEVEL SECURITY;
ALTER TABLE rule_plans FORCE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS own_site ON rule_plans;
CREATE POLICY own_site ON rule_plans USING (site = current_setting('parere.site', true));
