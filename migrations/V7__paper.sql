-- Printers (docs/adr/0082): where paper comes out. What is to be printed waits in `jobs`.

CREATE TABLE printers (
    id              INTEGER PRIMARY KEY,
    name            TEXT NOT NULL,
    kind            TEXT NOT NULL,
    -- Of `tcp` a host, and a port where it is not 9100.
    address         TEXT NOT NULL,
    width_dots      INTEGER NOT NULL CHECK (width_dots BETWEEN 256 AND 1024),
    -- What it prints: departments of the kitchen (none: all), and kinds of documents; JSON.
    stations        TEXT NOT NULL DEFAULT '[]',
    documents       TEXT NOT NULL DEFAULT '[]',
    -- Who prints while it does not.
    stand_in_id     INTEGER REFERENCES printers (id),
    has_cutter      INTEGER NOT NULL DEFAULT 1,
    has_buzzer      INTEGER NOT NULL DEFAULT 0,
    -- The pin on which a drawer hangs; none: there is none.
    drawer_pin      INTEGER,
    is_active       INTEGER NOT NULL DEFAULT 1,
    created_at      INTEGER NOT NULL,
    updated_at      INTEGER NOT NULL,
    deleted_at      INTEGER
) STRICT;
CREATE UNIQUE INDEX printers_name ON printers (name) WHERE deleted_at IS NULL;
CREATE INDEX printers_stand_in ON printers (stand_in_id) WHERE stand_in_id IS NOT NULL;
