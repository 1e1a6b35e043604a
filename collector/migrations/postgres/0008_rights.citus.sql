-- After 0008_rights.sql, where the Citus extension is: policies would hide every row there, see store/postgres/migrate.rs.
ALTER TABLE tombstones NO FORCE ROW LEVEL SECURITY;
ALTER TABLE tombstones DISABLE ROW LEVEL SECURITY;
SELECT create_distributed_table('tombstones', 'site', colocate_with => 'responses');
SELECT create_reference_table('tombstone_key');
