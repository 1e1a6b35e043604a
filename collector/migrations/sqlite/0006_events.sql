-- What became of questions on pages: numbers a day, never whose. Keys are bounded: nothing in them is a sender's own word.
CREATE TABLE daily_events (
  site       TEXT NOT NULL,
  survey     TEXT NOT NULL,
  day        INTEGER NOT NULL,
  kind       TEXT NOT NULL,                 -- eligible, shown, started, dismissed
  instrument TEXT NOT NULL,
  channel    TEXT NOT NULL,
  locale     TEXT NOT NULL,
  device     TEXT NOT NULL,
  touchpoint TEXT NOT NULL,
  n          INTEGER NOT NULL,
  PRIMARY KEY (site, survey, day, kind, instrument, channel, locale, device, touchpoint)
) STRICT, WITHOUT ROWID;

-- From now on answers with a comment are counted by channel, too; 4 and 4294901760 are the flags of store/flags.rs.
INSERT INTO daily_counts (site, survey, dimension, day, value, instrument, score, per_mille, n)
SELECT site, survey, 'commented', day, coalesce(channel, ''), instrument, score, counted_per_mille, count(*)
FROM responses
WHERE comment IS NOT NULL AND NOT test AND (flags & 4 != 0 OR flags & 4294901760 = 0)
GROUP BY site, survey, day, coalesce(channel, ''), instrument, score, counted_per_mille;
