-- Gift cards are accounts without a name (docs/adr/0104-gift-cards.md): whoever knows the code pays by them.
-- The hash of the code, and its end, by which people tell cards apart.
ALTER TABLE house_accounts ADD COLUMN code_hash BLOB;
ALTER TABLE house_accounts ADD COLUMN code_end TEXT;
CREATE UNIQUE INDEX house_accounts_code ON house_accounts (code_hash) WHERE code_hash IS NOT NULL;
CREATE INDEX house_accounts_cards ON house_accounts (id) WHERE code_hash IS NOT NULL;
