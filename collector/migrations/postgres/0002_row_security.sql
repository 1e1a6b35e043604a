-- The second lock. The first one is in the program: every statement on a site's data names the site.
-- Here the database itself shows and takes only rows of the site that a transaction has named in `parere.site`;
-- one that forgets to name it sees nothing and writes nothing, and so does one that names it wrongly.
--
-- FORCE, since the collector owns its tables and owners are let through otherwise. Foreign keys are checked beyond
-- the policies. A later step that has to change rows of all sites says NO FORCE first, and FORCE again at its end.
-- Policies are dropped first because there is no CREATE POLICY IF NOT EXISTS, and steps can be taken twice.

ALTER TABLE sites ENABLE ROW LEVEL SECURITY;
ALTER TABLE sites FORCE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS own_site ON sites;
CREATE POLICY own_site ON sites USING (site = current_setting('parere.site', true));

ALTER TABLE surveys ENABLE ROW LEVEL SECURITY;
ALTER TABLE surveys FORCE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS own_site ON surveys;
CREATE POLICY own_site ON surveys USING (site = current_setting('parere.site', true));

ALTER TABLE instruments ENABLE ROW LEVEL SECURITY;
ALTER TABLE instruments FORCE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS own_site ON instruments;
CREATE POLICY own_site ON instruments USING (site = current_setting('parere.site', true));

ALTER TABLE places ENABLE ROW LEVEL SECURITY;
ALTER TABLE places FORCE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS own_site ON places;
CREATE POLICY own_site ON places USING (site = current_setting('parere.site', true));

ALTER TABLE responses ENABLE ROW LEVEL SECURITY;
ALTER TABLE responses FORCE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS own_site ON responses;
CREATE POLICY own_site ON responses USING (site = current_setting('parere.site', true));

ALTER TABLE daily_counts ENABLE ROW LEVEL SECURITY;
ALTER TABLE daily_counts FORCE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS own_site ON daily_counts;
CREATE POLICY own_site ON daily_counts USING (site = current_setting('parere.site', true));

-- A collector knows every site and survey. This way in is for reading, and not for answers.
DROP POLICY IF EXISTS whole_catalogue ON sites;
CREATE POLICY whole_catalogue ON sites FOR SELECT USING (current_setting('parere.site', true) = '*');
DROP POLICY IF EXISTS whole_catalogue ON surveys;
CREATE POLICY whole_catalogue ON surveys FOR SELECT USING (current_setting('parere.site', true) = '*');
DROP POLICY IF EXISTS whole_catalogue ON instruments;
CREATE POLICY whole_catalogue ON instruments FOR SELECT USING (current_setting('parere.site', true) = '*');
