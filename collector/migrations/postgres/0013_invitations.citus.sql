-- After 0013_invitations.sql, where the Citus extension is: both lie beside the answers of their site. Policies would
-- hide every row there, see store/postgres/migrate.rs.
ALTER TABLE survey_invitations NO FORCE ROW LEVEL SECURITY;
ALTER TABLE survey_invitations DISABLE ROW LEVEL SECURITY;
ALTER TABLE suppressions NO FORCE ROW LEVEL SECURITY;
ALTER TABLE suppressions DISABLE ROW LEVEL SECURITY;
SELECT create_distributed_table('survey_invitations', 'site', colocate_with => 'responses');
SELECT create_distributed_table('suppressions', 'site', colocate_with => 'responses');
