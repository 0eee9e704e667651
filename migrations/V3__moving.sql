-- An order that was joined to another table's bill is closed without a line and says where to.
ALTER TABLE orders ADD COLUMN joined_into_id INTEGER REFERENCES orders (id);

-- Guests' keys go along when their table's order moves: so few that they get an index of their own.
CREATE INDEX idempotency_keys_guests ON idempotency_keys (actor) WHERE actor < 0;
