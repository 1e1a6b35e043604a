-- After 0005_events.sql, where the Citus extension is: policies would hide every row there, see store/postgres/migrate.rs.
ALTER TABLE daily_events NO FORCE ROW LEVEL SECURITY;
ALTER TABLE daily_events DISABLE ROW LEVEL SECURITY;
SELECT create_distributed_table('daily_events', 'site', colocate_with => 'responses');
