-- After 0006_survey_versions.sql, where the Citus extension is: it lies where the surveys lie, on every machine.
-- Policies would hide every row there, see store/postgres/migrate.rs.
ALTER TABLE survey_versions NO FORCE ROW LEVEL SECURITY;
ALTER TABLE survey_versions DISABLE ROW LEVEL SECURITY;
SELECT create_reference_table('survey_versions');
