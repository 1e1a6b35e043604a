-- After 0010_sources.sql, where the Citus extension is: few rows, and every machine can hold them.
-- Policies would hide every row there, see store/postgres/migrate.rs.
ALTER TABLE sources NO FORCE ROW LEVEL SECURITY;
ALTER TABLE sources DISABLE ROW LEVEL SECURITY;
SELECT create_reference_table('sources');
