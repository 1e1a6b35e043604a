-- What the merchant's CRM says of people, by lists that were imported: added to the attributes of answers that come later.
CREATE TABLE segments (
  site       TEXT NOT NULL,
  subject    BLOB NOT NULL CHECK (length(subject) = 32), -- HMAC of the merchant's reference for the person
  attributes TEXT NOT NULL CHECK (json_valid(attributes)),
  at_ms      INTEGER NOT NULL,              -- when a list last named the person
  PRIMARY KEY (site, subject)
) STRICT, WITHOUT ROWID;

CREATE INDEX segments_by_age ON segments (site, at_ms);
