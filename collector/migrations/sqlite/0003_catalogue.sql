-- One row that grows with every change of a site or survey: how a running collector hears of changes by commands.
CREATE TABLE catalogue (
  one     INTEGER PRIMARY KEY CHECK (one = 1),
  version INTEGER NOT NULL
) STRICT;

INSERT INTO catalogue (one, version) VALUES (1, 0);
