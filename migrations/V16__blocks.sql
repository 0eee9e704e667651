-- Who is kept out, and until when. One row for each net; it is gone some time after it expired.
CREATE TABLE blocks (
    id              INTEGER PRIMARY KEY,
    net             TEXT NOT NULL UNIQUE,
    reason          TEXT NOT NULL CHECK (reason IN ('rate_limit', 'attack', 'by_hand')),
    note            TEXT,
    created_at      INTEGER NOT NULL,
    expires_at      INTEGER NOT NULL,
    created_by_id   INTEGER REFERENCES users (id)
) STRICT;
CREATE INDEX blocks_expire ON blocks (expires_at);

-- Addresses and nets that are never limited and never blocked, beside those of the settings.
CREATE TABLE trusted_nets (
    id              INTEGER PRIMARY KEY,
    net             TEXT NOT NULL UNIQUE,
    note            TEXT,
    created_at      INTEGER NOT NULL,
    created_by_id   INTEGER NOT NULL REFERENCES users (id)
) STRICT;
