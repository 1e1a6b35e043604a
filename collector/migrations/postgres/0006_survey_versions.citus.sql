-- After 0006_survey_versions.sql, where the Citus extension is: it lies where the surveys lie, on every machine.

SELECT create_reference_table('survey_versions');
