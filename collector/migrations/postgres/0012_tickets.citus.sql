-- After 0012_tickets.sql, where the Citus extension is: both lie beside the answers of their site.
-- Policies would hide every row there, see store/postgres/migrate.rs.
ALTER TABLE tickets NO FORCE ROW LEVEL SECURITY;
ALTER TABLE tickets DISABLE ROW LEVEL SECURITY;
ALTER TABLE desks NO FORCE ROW LEVEL SECURITY;
ALTER TABLE desks DISABLE ROW LEVEL SECURITY;
SELECT create_distributed_table('tickets', 'site', colocate_with => 'responses');
SELECT create_distributed_table('desks', 'site', colocate_with => 'responses');
