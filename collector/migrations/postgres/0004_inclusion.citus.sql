-- After 0004_inclusion.sql, where the Citus extension is: few rows, which every answer is checked against.

SELECT create_reference_table('versions');
