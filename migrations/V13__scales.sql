-- Scales that say what lies on them (docs/adr/0097).
CREATE TABLE scales (
    id              INTEGER PRIMARY KEY,
    name            TEXT NOT NULL,
    -- CAS, MASSA_K, METTLER.
    protocol        TEXT NOT NULL,
    address         TEXT NOT NULL,
    created_at      INTEGER NOT NULL,
    updated_at      INTEGER NOT NULL,
    deleted_at      INTEGER
) STRICT;
CREATE UNIQUE INDEX scales_name ON scales (name) WHERE deleted_at IS NULL;
