-- A hook may lead into a CRM: what opens it, and what is written where. A receiver may want to be left alone for a while.
ALTER TABLE webhooks ADD COLUMN IF NOT EXISTS crm TEXT; -- JSON; holds a token, so it is shown to nobody
ALTER TABLE webhooks ADD COLUMN IF NOT EXISTS rests_until_ms BIGINT NOT NULL DEFAULT 0;
