-- Searches look at comments alone, and most answers have none.
CREATE INDEX IF NOT EXISTS responses_commented ON responses (site, seq) WHERE comment IS NOT NULL;
