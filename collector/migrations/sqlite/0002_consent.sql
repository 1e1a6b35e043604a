-- 1: nothing is remembered on a shopper's device before the page has said that it may.
ALTER TABLE sites ADD COLUMN consent_needed INTEGER NOT NULL DEFAULT 0 CHECK (consent_needed IN (0, 1));
