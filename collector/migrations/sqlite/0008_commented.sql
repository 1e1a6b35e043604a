-- Searches look at comments alone, and most answers have none.
CREATE INDEX responses_commented ON responses (site) WHERE comment IS NOT NULL;
