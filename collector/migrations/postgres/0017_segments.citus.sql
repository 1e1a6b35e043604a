-- After 0017_segments.sql, where the Citus extension is: they lie beside the answers of their site.
-- Policies would hide every row there, see store/postgres/migrate.rs.
ALTER TABLE segments NO FORCE ROW LEVEL SECURITY;
ALTER TABLE segments DISABLE ROW LEVEL SECURITY;
SELECT create_distributed_table('segments', 'site', colocate_with => 'responses');
