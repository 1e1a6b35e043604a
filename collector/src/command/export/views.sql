-- For DuckDB, in this folder: duckdb -init views.sql

CREATE OR REPLACE VIEW responses AS
SELECT * FROM read_parquet('day=*/*.parquet', hive_partitioning = true, hive_types = {'day': DATE});

-- Those that scores count: no try-outs, and none that a doubt keeps out unless a person let it in.
CREATE OR REPLACE VIEW counted AS
SELECT * FROM responses
WHERE NOT test
  AND (list_contains(flags, 'included')
    OR NOT list_has_any(flags, ['repeated', 'bot', 'fast', 'trap', 'excluded']));

-- Each answer counts once, whatever its chance of having been asked.
CREATE OR REPLACE VIEW nps_by_day AS
SELECT survey, day, count(*) AS n,
  100.0 * (count(*) FILTER (band = 'promoter') - count(*) FILTER (band = 'detractor')) / count(*) AS nps
FROM counted
WHERE metric = 'nps'
GROUP BY survey, day
ORDER BY survey, day;
