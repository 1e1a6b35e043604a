-- What SQLite has to know to choose an index: how many rows a site has of these tables, and how few one customer has.
-- Without it the way through all of a site looks as short as the way to one order of it.
-- The figures are fixed (sqlite.org/lang_analyze.html, "Fixed Results Of ANALYZE"): a plan that holds in a test holds
-- in every shop, and no sample of what is stored outlives what is erased, as it would in sqlite_stat4.
ANALYZE rule_turns; -- makes the tables of statistics
DELETE FROM sqlite_stat1;
DELETE FROM sqlite_stat4;

-- All rows; of a site; of a site and whatever comes next in the index; and so on. Cases that are done are read in the
-- order of their index, as far as a page goes, so that they count as few.
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
  ('cases',              'cases',                          '1000000 100000 1'),
  ('cases',              'cases_done',                     '1000000 1000 2 1'),
  ('cases',              'cases_due',                      '1000000 100000 1000 2 1'),
  ('cases',              'cases_opened',                   '1000000 100000 2'),
  ('happenings',         'happenings_by_kind',             '1000000 100000 20000 5'),
  ('happenings',         'happenings_by_order',            '1000000 100000 5'),
  ('happenings',         'happenings_by_site',             '1000000 100000 1'),
  ('happenings',         'happenings_by_subject',          '1000000 100000 5'),
  ('happenings',         'sqlite_autoindex_happenings_1',  '1000000 100000 50000 1'),
  ('orders',             'orders',                         '1000000 100000 1'),
  ('orders',             'orders_by_age',                  '1000000 100000 5'),
  ('orders',             'orders_by_number',               '1000000 100000 2'),
  ('orders',             'orders_by_subject',              '1000000 100000 5'),
  ('orders',             'orders_with_contact',            '1000000 100000 5'),
  ('rule_plans',         'rule_plans',                     '1000000 100000 1'),
  ('rule_plans',         'rule_plans_by_age',              '1000000 100000 5'),
  ('rule_plans',         'rule_plans_by_order',            '1000000 100000 2'),
  ('rule_plans',         'rule_plans_by_rule',             '1000000 100000 50000 20000 5000'),
  ('rule_plans',         'rule_plans_by_subject',          '1000000 100000 5'),
  ('rule_plans',         'rule_plans_due',                 '1000000 100000 5'),
  ('survey_invitations', 'survey_invitations',             '1000000 100000 1'),
  ('survey_invitations', 'survey_invitations_by_id',       '1000000 100000 1'),
  ('survey_invitations', 'survey_invitations_by_order',    '1000000 100000 2'),
  ('survey_invitations', 'survey_invitations_by_person',   '1000000 100000 5'),
  ('survey_invitations', 'survey_invitations_by_subject',  '1000000 100000 5'),
  ('survey_invitations', 'survey_invitations_due',         '1000000 100000 20000 5'),
  ('tickets',            'tickets',                        '1000000 100000 50000 1'),
  ('tickets',            'tickets_by_order',               '1000000 100000 2'),
  ('tickets',            'tickets_by_subject',             '1000000 100000 5'),
  ('tickets',            'tickets_by_time',                '1000000 100000 5');

ANALYZE sqlite_schema; -- reads them for whoever is connected already
