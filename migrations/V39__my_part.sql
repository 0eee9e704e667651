-- Whose bill was asked for, where a guest asked to pay their own part; and which parts, by phone. JSON.
ALTER TABLE calls ADD COLUMN order_id INTEGER;
ALTER TABLE calls ADD COLUMN parts TEXT;
CREATE INDEX calls_parts ON calls (order_id) WHERE order_id IS NOT NULL;
