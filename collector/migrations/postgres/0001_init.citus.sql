-- After 0001_init.sql, where the Citus extension is: large tables are spread by their site, and what belongs to one
-- site lies together; what every answer is checked against is on every machine.

SELECT create_reference_table('sites');
SELECT create_reference_table('surveys');
SELECT create_reference_table('instruments');
SELECT create_distributed_table('responses', 'site');
SELECT create_distributed_table('daily_counts', 'site', colocate_with => 'responses');
SELECT create_distributed_table('places', 'site', colocate_with => 'responses');
