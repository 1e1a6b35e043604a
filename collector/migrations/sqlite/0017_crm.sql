-- A hook may lead into a CRM: what opens it, and what is written where. A receiver may want to be left alone for a while.
ALTER TABLE webhooks ADD COLUMN crm TEXT CHECK (json_valid(crm)); -- holds a token, so it is shown to nobody
ALTER TABLE webhooks ADD COLUMN rests_until_ms INTEGER NOT NULL DEFAULT 0;
