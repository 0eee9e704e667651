-- Tablets that an admin paired with the box. Only the hash of a device's token is kept; one that was
-- cut off stays as a row, so that nothing points to nowhere.
CREATE TABLE devices (
    id              INTEGER PRIMARY KEY,
    name            TEXT NOT NULL,
    token_hash      BLOB NOT NULL UNIQUE,
    created_at      INTEGER NOT NULL,
    last_seen_at    INTEGER NOT NULL,
    cut_off_at      INTEGER
) STRICT;
CREATE UNIQUE INDEX devices_name ON devices (name COLLATE NOCASE) WHERE cut_off_at IS NULL;

-- Codes that pair one tablet each: short-lived, hashed, one for each admin.
CREATE TABLE pairing_codes (
    id              INTEGER PRIMARY KEY,
    code_hash       BLOB NOT NULL UNIQUE,
    created_by_id   INTEGER NOT NULL UNIQUE REFERENCES users (id),
    expires_at      INTEGER NOT NULL
) STRICT;

-- On which device a session began; none where it was not a paired one.
ALTER TABLE sessions ADD COLUMN device_id INTEGER REFERENCES devices (id);
CREATE INDEX sessions_device ON sessions (device_id) WHERE device_id IS NOT NULL;
