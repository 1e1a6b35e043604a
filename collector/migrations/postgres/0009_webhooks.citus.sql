-- After 0009_webhooks.sql, where the Citus extension is: hooks are few and read with every answer, so every machine has
-- them; deliveries lie beside the answers that they name. Policies would hide every row there, see store/postgres/migrate.rs.
ALTER TABLE webhooks NO FORCE ROW LEVEL SECURITY;
ALTER TABLE webhooks DISABLE ROW LEVEL SECURITY;
ALTER TABLE deliveries NO FORCE ROW LEVEL SECURITY;
ALTER TABLE deliveries DISABLE ROW LEVEL SECURITY;
SELECT create_reference_table('webhooks');
SELECT create_distributed_table('deliveries', 'site', colocate_with => 'responses');
