-- A visit: those who sit at a table, from the first phone to the bill. Phones belong to a visit and
-- not to a table, so nobody reads the next party's bill; who was seated may still read how it ended.
CREATE TABLE visits (
    id              INTEGER PRIMARY KEY,
    table_id        INTEGER NOT NULL REFERENCES tables (id),
    began_at        INTEGER NOT NULL,
    -- The newest event when it came to its table: what happened there before is not its business.
    since_seq       INTEGER NOT NULL,
    ended_at        INTEGER,
    -- The last order that ended in it; one that was paid goes before others.
    order_id        INTEGER REFERENCES orders (id)
) STRICT;
CREATE INDEX visits_open ON visits (table_id) WHERE ended_at IS NULL;
CREATE INDEX visits_table ON visits (table_id);
CREATE INDEX visits_order ON visits (order_id);
CREATE INDEX visits_ended ON visits (ended_at);

INSERT INTO visits (table_id, began_at, since_seq)
SELECT table_id, min(created_at), (SELECT coalesce(max(seq), 0) FROM events)
FROM guest_sessions GROUP BY table_id;

CREATE TABLE guest_sessions_new (
    token_hash      BLOB PRIMARY KEY,
    visit_id        INTEGER NOT NULL REFERENCES visits (id),
    created_at      INTEGER NOT NULL,
    expires_at      INTEGER NOT NULL,
    -- When the phone last asked for something: it sat down, ordered or called.
    seen_at         INTEGER NOT NULL,
    -- Where it comes from: with too many phones at a table, those of the busiest address go.
    net             TEXT NOT NULL,
    -- When a member of staff took on what it ordered: from then on its orders need no word.
    known_at        INTEGER
) STRICT;
INSERT INTO guest_sessions_new
SELECT s.token_hash, v.id, s.created_at, s.expires_at, s.created_at, '', NULL
FROM guest_sessions s JOIN visits v ON v.table_id = s.table_id;
DROP TABLE guest_sessions;
ALTER TABLE guest_sessions_new RENAME TO guest_sessions;
CREATE INDEX guest_sessions_visit ON guest_sessions (visit_id, created_at);
CREATE INDEX guest_sessions_expiry ON guest_sessions (expires_at);

-- Which phone ordered a line that waits for a waiter's word.
CREATE TABLE guest_lines (
    item_id         INTEGER PRIMARY KEY REFERENCES order_items (id),
    token_hash      BLOB NOT NULL REFERENCES guest_sessions (token_hash) ON DELETE CASCADE
) STRICT;
CREATE INDEX guest_lines_session ON guest_lines (token_hash);

-- A table that is switched off or removed, by whichever way, has no guests.
CREATE TRIGGER tables_off AFTER UPDATE OF is_active, deleted_at ON tables
WHEN new.is_active = 0 OR new.deleted_at IS NOT NULL
BEGIN
    UPDATE visits SET ended_at = new.updated_at WHERE table_id = new.id AND ended_at IS NULL;
END;

-- The keys of guests' requests were kept by table; they are kept by visit now.
DELETE FROM idempotency_keys WHERE actor < 0;
DROP INDEX idempotency_keys_guests;
