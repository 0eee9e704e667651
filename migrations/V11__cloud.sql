-- Which rows each commit touched and the cloud has not taken yet: one row a commit, its keys packed
-- as src/store/changes.rs says. Written only by a box that belongs to a cloud. `tag` is a random
-- number: two copies of one card write the same seq, but not the same tag.
CREATE TABLE changes (
    seq             INTEGER PRIMARY KEY,
    keys            BLOB NOT NULL,
    tag             INTEGER NOT NULL
) STRICT;

-- The box's end of the wire to the cloud; a row is here once the box belongs to one. `batch` counts
-- what the cloud has taken, and `epoch` tells this box from the one it replaced.
CREATE TABLE cloud_state (
    id              INTEGER PRIMARY KEY CHECK (id = 1),
    site_id         TEXT NOT NULL,
    epoch           INTEGER NOT NULL,
    batch           INTEGER NOT NULL DEFAULT 0,
    pushed_seq      INTEGER NOT NULL DEFAULT 0,
    pushed_rows     INTEGER NOT NULL DEFAULT 0,
    synced_at       INTEGER,
    menu_version    INTEGER NOT NULL DEFAULT 0,
    -- The columns that the cloud had when rows were last copied.
    columns         TEXT NOT NULL DEFAULT '',
    trouble_code    TEXT,
    trouble         TEXT,
    enrolled_at     INTEGER NOT NULL
) STRICT;

-- Rows that the cloud could not take, until they change or somebody sends them again.
CREATE TABLE cloud_refused (
    id              INTEGER PRIMARY KEY,
    table_code      INTEGER NOT NULL,
    row_id          INTEGER NOT NULL,
    reason          TEXT NOT NULL,
    refused_at      INTEGER NOT NULL,
    UNIQUE (table_code, row_id)
) STRICT;
