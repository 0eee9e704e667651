-- What is to be done after the deed (docs/adr/0056): a row is written in the deed's own transaction,
-- and its outcome when it is known.
CREATE TABLE jobs (
    id              INTEGER PRIMARY KEY,
    -- A word: which part of the program does it.
    kind            TEXT NOT NULL,
    -- What goes one after another: a device, an address.
    lane            TEXT NOT NULL,
    -- Never changes: the receiver knows a repeat by it.
    key             TEXT NOT NULL,
    payload         TEXT NOT NULL,
    -- WAITING, RUNNING, UNKNOWN, DONE or FAILED.
    state           TEXT NOT NULL,
    -- How often it was begun. Only the newest attempt's outcome counts.
    attempts        INTEGER NOT NULL DEFAULT 0,
    -- When the box goes on with it by itself; none while it is under way, when it has ended, and
    -- when it waits for a person.
    next_at         INTEGER,
    last_error      TEXT,
    created_at      INTEGER NOT NULL,
    updated_at      INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX jobs_key ON jobs (kind, key);
-- What is open is few; what has ended is looked at only to be forgotten.
CREATE INDEX jobs_open ON jobs (lane, id) WHERE state IN ('WAITING', 'RUNNING', 'UNKNOWN');
CREATE INDEX jobs_failed ON jobs (updated_at) WHERE state = 'FAILED';
CREATE INDEX jobs_done ON jobs (updated_at) WHERE state = 'DONE';

-- How far each durable reader of the event log has come: what it has not read is not trimmed.
CREATE TABLE event_subscriptions (
    name            TEXT PRIMARY KEY,
    -- The newest event that it has read.
    position        INTEGER NOT NULL,
    -- Since when events are gone that it has not read: it stayed away for too long.
    cut_off_at      INTEGER
) STRICT;
