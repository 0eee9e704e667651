-- What happened at the door, for the owner: counted when it repeats, trimmed by number and age.
CREATE TABLE security_events (
    id              INTEGER PRIMARY KEY,
    kind            TEXT NOT NULL,
    -- A stable word for the reason.
    what            TEXT NOT NULL,
    at              INTEGER NOT NULL,
    last_at         INTEGER NOT NULL,
    count           INTEGER NOT NULL,
    address         TEXT,
    username        TEXT,
    role            TEXT,
    detail          TEXT
) STRICT;
CREATE INDEX security_events_kind ON security_events (kind, id);

-- What people changed, each entry chained to the one before by its hash: see docs/adr/0023.
CREATE TABLE audit (
    id              INTEGER PRIMARY KEY,
    at              INTEGER NOT NULL,
    -- Who: none is the box itself, or somebody with a shell on it.
    user_id         INTEGER REFERENCES users (id),
    username        TEXT NOT NULL,
    action          TEXT NOT NULL,
    subject         TEXT NOT NULL,
    subject_id      INTEGER,
    -- JSON: the values that changed.
    before          TEXT,
    after           TEXT,
    hash            BLOB NOT NULL
) STRICT;
CREATE INDEX audit_subject ON audit (subject, subject_id, id);
CREATE INDEX audit_user ON audit (user_id, id);

-- From where a session began, for the list of a person's sign-ins.
ALTER TABLE sessions ADD COLUMN address TEXT;
ALTER TABLE sessions ADD COLUMN agent TEXT;

-- A person's second factor. It counts once it was confirmed by a first code.
CREATE TABLE second_factors (
    user_id         INTEGER PRIMARY KEY REFERENCES users (id),
    secret          BLOB NOT NULL,
    created_at      INTEGER NOT NULL,
    confirmed_at    INTEGER,
    -- The newest step of time whose code was taken: none is taken twice.
    last_step       INTEGER NOT NULL DEFAULT 0
) STRICT;

-- Codes for the day when the phone is lost: hashed, each good once.
CREATE TABLE recovery_codes (
    id              INTEGER PRIMARY KEY,
    user_id         INTEGER NOT NULL REFERENCES users (id),
    code_hash       BLOB NOT NULL
) STRICT;
CREATE UNIQUE INDEX recovery_codes_user ON recovery_codes (user_id, code_hash);
