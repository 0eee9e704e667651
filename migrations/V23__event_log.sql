-- An event says what changed. The whole order that it tells stands with it only where somebody may
-- ask for the reply again: as it is (order_json) while it is short, else compressed.
ALTER TABLE events ADD COLUMN order_packed BLOB;
