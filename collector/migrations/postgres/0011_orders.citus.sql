-- After 0011_orders.sql, where the Citus extension is: policies would hide every row there, see store/postgres/migrate.rs.
ALTER TABLE happenings NO FORCE ROW LEVEL SECURITY;
ALTER TABLE happenings DISABLE ROW LEVEL SECURITY;
ALTER TABLE orders NO FORCE ROW LEVEL SECURITY;
ALTER TABLE orders DISABLE ROW LEVEL SECURITY;
SELECT create_distributed_table('happenings', 'site', colocate_with => 'responses');
SELECT create_distributed_table('orders', 'site', colocate_with => 'responses');
