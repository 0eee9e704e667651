-- The book of reservations (docs/adr/0100): who comes when, and which tables are kept for them.

-- A party, or a block: tables that nobody is seated at for a while. All intervals are half-open, in UTC.
CREATE TABLE reservations (
    id              INTEGER PRIMARY KEY,
    -- PARTY, BLOCK.
    kind            TEXT NOT NULL,
    -- BOOKED, ARRIVED, SEATED, LEFT, CANCELLED, NO_SHOW.
    state           TEXT NOT NULL,
    -- STAFF, GUEST.
    source          TEXT NOT NULL,
    -- The restaurant's day on which it begins (YYYYMMDD).
    business_day    INTEGER NOT NULL,
    starts_at       INTEGER NOT NULL,
    ends_at         INTEGER NOT NULL CHECK (ends_at > starts_at),
    -- 0 for a block.
    party           INTEGER NOT NULL CHECK (party BETWEEN 0 AND 99),
    name            TEXT NOT NULL,
    phone           TEXT,
    -- The phone's digits, to find it however it is typed.
    phone_digits    TEXT,
    notes           TEXT,
    allergies       TEXT,
    -- Somebody chose its tables: the box does not move it to others.
    is_pinned       INTEGER NOT NULL DEFAULT 0,
    -- What a guest who booked by themselves knows it by; nobody can guess it.
    code            TEXT UNIQUE,
    -- No index: read from the reservation.
    order_id        INTEGER REFERENCES orders (id),
    arrived_at      INTEGER,
    seated_at       INTEGER,
    left_at         INTEGER,
    reason          TEXT,
    -- No index: people are marked as removed, never deleted.
    by_id           INTEGER REFERENCES users (id),
    created_at      INTEGER NOT NULL,
    updated_at      INTEGER NOT NULL
) STRICT;
CREATE INDEX reservations_day ON reservations (business_day, starts_at);
CREATE INDEX reservations_start ON reservations (starts_at);
CREATE INDEX reservations_seated ON reservations (seated_at) WHERE state = 'SEATED';
CREATE INDEX reservations_phone ON reservations (phone_digits, starts_at) WHERE phone_digits IS NOT NULL;

-- Which tables it has, and from when until when each is kept for it: the time to clear it included.
CREATE TABLE reservation_tables (
    id              INTEGER PRIMARY KEY,
    reservation_id  INTEGER NOT NULL REFERENCES reservations (id),
    table_id        INTEGER NOT NULL REFERENCES tables (id),
    starts_at       INTEGER NOT NULL,
    ends_at         INTEGER NOT NULL CHECK (ends_at > starts_at),
    -- Called off, or not come: the table is anybody's again.
    is_held         INTEGER NOT NULL DEFAULT 1,
    UNIQUE (reservation_id, table_id)
) STRICT;
CREATE INDEX reservation_tables_of ON reservation_tables (table_id, starts_at);
CREATE INDEX reservation_tables_held ON reservation_tables (starts_at) WHERE is_held;

-- The commands look first and say who is in the way. Whatever they forget, two parties are never at one
-- table at one time. A table is kept for a day and an hour at most, so the index finds the few that can
-- meet it. A row that is written again over itself is no other party.
CREATE TRIGGER reservation_tables_apart BEFORE INSERT ON reservation_tables WHEN new.is_held
AND EXISTS (SELECT 1 FROM reservation_tables held WHERE held.table_id = new.table_id AND held.is_held
            AND held.reservation_id <> new.reservation_id
            AND held.starts_at < new.ends_at AND held.starts_at > new.starts_at - 90000000
            AND held.ends_at > new.starts_at)
BEGIN SELECT raise(ABORT, 'two parties at one table at one time'); END;
CREATE TRIGGER reservation_tables_stay_apart BEFORE UPDATE ON reservation_tables WHEN new.is_held
AND EXISTS (SELECT 1 FROM reservation_tables held WHERE held.table_id = new.table_id AND held.is_held
            AND held.reservation_id <> new.reservation_id
            AND held.starts_at < new.ends_at AND held.starts_at > new.starts_at - 90000000
            AND held.ends_at > new.starts_at)
BEGIN SELECT raise(ABORT, 'two parties at one table at one time'); END;
CREATE TRIGGER reservation_tables_short BEFORE INSERT ON reservation_tables
WHEN new.ends_at - new.starts_at > 90000000
BEGIN SELECT raise(ABORT, 'a table is kept for a day and an hour at most'); END;
CREATE TRIGGER reservation_tables_stay_short BEFORE UPDATE ON reservation_tables
WHEN new.ends_at - new.starts_at > 90000000
BEGIN SELECT raise(ABORT, 'a table is kept for a day and an hour at most'); END;

-- By which rules it is booked: one row, a document (features/reservations/book_rules.rs).
CREATE TABLE reservation_rules (
    id              INTEGER PRIMARY KEY CHECK (id = 1),
    rules           TEXT NOT NULL,
    updated_at      INTEGER NOT NULL
) STRICT;
