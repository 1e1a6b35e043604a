-- After 0014_rules.sql, where the Citus extension is: rules are few, so every machine has them; plans and turns lie beside
-- the site's answers. Policies would hide every row there, see store/postgres/migrate.rs.
ALTER TABLE rules NO FORCE ROW LEVEL SECURITY;
ALTER TABLE rules DISABLE ROW LEVEL SECURITY;
ALTER TABLE rule_turns NO FORCE ROW LEVEL SECURITY;
ALTER TABLE rule_turns DISABLE ROW LEVEL SECURITY;
ALTER TABLE rule_plans NO FORCE ROW LEVEL SECURITY;
ALTER TABLE rule_plans DISABLE ROW LEVEL SECURITY;
SELECT create_reference_table('rules');
SELECT create_distributed_table('rule_turns', 'site', colocate_with => 'responses');
SELECT create_distributed_table('rule_plans', 'site', colocate_with => 'responses');
