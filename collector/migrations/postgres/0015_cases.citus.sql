-- After 0015_cases.sql, where the Citus extension is: cases lie beside the answers that they are about, marks beside
-- their site.
-- Policies would hide every row there, see store/postgres/migrate.rs.
ALTER TABLE cases NO FORCE ROW LEVEL SECURITY;
ALTER TABLE cases DISABLE ROW LEVEL SECURITY;
ALTER TABLE marks NO FORCE ROW LEVEL SECURITY;
ALTER TABLE marks DISABLE ROW LEVEL SECURITY;
SELECT create_distributed_table('cases', 'site', colocate_with => 'responses');
SELECT create_distributed_table('marks', 'site', colocate_with => 'responses');
