-- The cash desk (docs/adr/0083): drawers, their shifts, what moves cash beside payments, and counts.

-- Where cash lies: a drawer that stands somewhere, or what a person carries (`user_id`).
CREATE TABLE cash_drawers (
    id              INTEGER PRIMARY KEY,
    name            TEXT NOT NULL,
    user_id         INTEGER REFERENCES users (id),
    -- By so much a count may differ from what is expected without a word.
    tolerance       INTEGER NOT NULL DEFAULT 0 CHECK (tolerance >= 0),
    -- The printer that opens it and prints its papers; none: the first that can.
    -- No index: a restaurant has few drawers.
    printer_id      INTEGER REFERENCES printers (id),
    is_active       INTEGER NOT NULL DEFAULT 1,
    created_at      INTEGER NOT NULL,
    updated_at      INTEGER NOT NULL,
    deleted_at      INTEGER
) STRICT;
CREATE UNIQUE INDEX cash_drawers_name ON cash_drawers (name) WHERE deleted_at IS NULL;
CREATE UNIQUE INDEX cash_drawers_user ON cash_drawers (user_id)
    WHERE user_id IS NOT NULL AND deleted_at IS NULL;

-- At which drawer a tablet stands; one that is not named here uses the first.
CREATE TABLE cash_drawer_devices (
    device_id       INTEGER PRIMARY KEY,
    drawer_id       INTEGER NOT NULL REFERENCES cash_drawers (id)
) STRICT;
CREATE INDEX cash_drawer_devices_drawer ON cash_drawer_devices (drawer_id);

-- One drawer from its float to its count.
CREATE TABLE cash_shifts (
    id              INTEGER PRIMARY KEY,
    drawer_id       INTEGER NOT NULL REFERENCES cash_drawers (id),
    -- OPEN, COUNTED, CLOSED.
    state           TEXT NOT NULL,
    -- The restaurant's day on which it was opened (YYYYMMDD).
    business_day    INTEGER NOT NULL,
    -- What was counted when it was opened; and what the last count of the drawer left there.
    opening         INTEGER NOT NULL CHECK (opening >= 0),
    left_before     INTEGER,
    -- No index: people are marked as removed, never deleted.
    opened_by_id    INTEGER NOT NULL REFERENCES users (id),
    opened_at       INTEGER NOT NULL,
    -- Of the last count: what was there, what should have been, and what is more or less.
    counted         INTEGER,
    expected        INTEGER,
    difference      INTEGER,
    reason          TEXT,
    -- No index: people are marked as removed, never deleted.
    approved_by_id  INTEGER REFERENCES users (id),
    -- With the closing: the number of its Z in its drawer, what was taken less what went back in every
    -- way, and the Z itself as JSON. It is never computed again.
    z_number        INTEGER,
    turnover        INTEGER,
    z               TEXT,
    -- No index: people are marked as removed, never deleted.
    closed_by_id    INTEGER REFERENCES users (id),
    closed_at       INTEGER
) STRICT;
CREATE UNIQUE INDEX cash_shifts_open ON cash_shifts (drawer_id) WHERE closed_at IS NULL;
CREATE UNIQUE INDEX cash_shifts_number ON cash_shifts (drawer_id, z_number);
CREATE INDEX cash_shifts_day ON cash_shifts (business_day, id);

-- What moves cash beside payments. Rows are only ever added: an undo is a row with the sum below zero
-- that names the one it undoes.
CREATE TABLE cash_moves (
    id              INTEGER PRIMARY KEY,
    shift_id        INTEGER NOT NULL REFERENCES cash_shifts (id),
    -- PAY_IN, PAY_OUT, DROP (to the safe or the bank), TIPS_OUT, NO_SALE.
    kind            TEXT NOT NULL,
    amount          INTEGER NOT NULL,
    reason          TEXT,
    undoes          INTEGER UNIQUE REFERENCES cash_moves (id),
    -- No index on both: people are marked as removed, never deleted.
    user_id         INTEGER NOT NULL REFERENCES users (id),
    approved_by_id  INTEGER REFERENCES users (id),
    device_id       INTEGER,
    created_at      INTEGER NOT NULL
) STRICT;
CREATE INDEX cash_moves_shift ON cash_moves (shift_id);

-- What was counted, and what was expected at that moment.
CREATE TABLE cash_counts (
    id              INTEGER PRIMARY KEY,
    shift_id        INTEGER NOT NULL REFERENCES cash_shifts (id),
    counted         INTEGER NOT NULL CHECK (counted >= 0),
    expected        INTEGER NOT NULL,
    -- How many of which note or coin, JSON; none where only the sum was said.
    denominations   TEXT,
    -- No index: people are marked as removed, never deleted.
    user_id         INTEGER NOT NULL REFERENCES users (id),
    device_id       INTEGER,
    created_at      INTEGER NOT NULL
) STRICT;
CREATE INDEX cash_counts_shift ON cash_counts (shift_id);

-- Cash that moved while no shift of its drawer was open, and the shift whose Z shows it.
CREATE TABLE cash_strays (
    id              INTEGER PRIMARY KEY,
    drawer_id       INTEGER NOT NULL REFERENCES cash_drawers (id),
    payment_id      INTEGER UNIQUE REFERENCES payments (id),
    account_move_id INTEGER UNIQUE REFERENCES account_moves (id),
    shown_in        INTEGER REFERENCES cash_shifts (id)
) STRICT;
CREATE INDEX cash_strays_waiting ON cash_strays (drawer_id) WHERE shown_in IS NULL;
CREATE INDEX cash_strays_shown ON cash_strays (shown_in) WHERE shown_in IS NOT NULL;

-- The shift of the drawer by which money went, in any way; of an account's moves only cash.
ALTER TABLE payments ADD COLUMN shift_id INTEGER REFERENCES cash_shifts (id);
CREATE INDEX payments_shift ON payments (shift_id) WHERE shift_id IS NOT NULL;
ALTER TABLE account_moves ADD COLUMN shift_id INTEGER REFERENCES cash_shifts (id);
CREATE INDEX account_moves_shift ON account_moves (shift_id) WHERE shift_id IS NOT NULL;

-- After its Z nothing of a shift changes. A payment's insert has no trigger: it finds the open shift in
-- its own transaction, and `qres doctor` compares.
CREATE TRIGGER cash_shifts_stay BEFORE UPDATE ON cash_shifts WHEN old.closed_at IS NOT NULL
BEGIN SELECT raise(ABORT, 'a closed cash shift does not change'); END;
CREATE TRIGGER cash_shifts_kept BEFORE DELETE ON cash_shifts
BEGIN SELECT raise(ABORT, 'a cash shift is kept'); END;
CREATE TRIGGER cash_moves_in_time BEFORE INSERT ON cash_moves
WHEN (SELECT closed_at FROM cash_shifts WHERE id = new.shift_id) IS NOT NULL
BEGIN SELECT raise(ABORT, 'a closed cash shift does not change'); END;
CREATE TRIGGER cash_moves_stay BEFORE UPDATE ON cash_moves
BEGIN SELECT raise(ABORT, 'what moved cash does not change'); END;
CREATE TRIGGER cash_moves_kept BEFORE DELETE ON cash_moves
BEGIN SELECT raise(ABORT, 'what moved cash is kept'); END;
CREATE TRIGGER cash_counts_in_time BEFORE INSERT ON cash_counts
WHEN (SELECT closed_at FROM cash_shifts WHERE id = new.shift_id) IS NOT NULL
BEGIN SELECT raise(ABORT, 'a closed cash shift does not change'); END;
CREATE TRIGGER cash_counts_stay BEFORE UPDATE ON cash_counts
BEGIN SELECT raise(ABORT, 'what was counted does not change'); END;
CREATE TRIGGER cash_counts_kept BEFORE DELETE ON cash_counts
BEGIN SELECT raise(ABORT, 'what was counted is kept'); END;
CREATE TRIGGER cash_strays_stay BEFORE UPDATE ON cash_strays WHEN old.shown_in IS NOT NULL
BEGIN SELECT raise(ABORT, 'what a Z showed does not change'); END;
CREATE TRIGGER cash_strays_kept BEFORE DELETE ON cash_strays
BEGIN SELECT raise(ABORT, 'cash without a shift is kept'); END;
-- A payment may still be called off: the money that goes back moves in the shift that is open then.
CREATE TRIGGER payments_of_shift_stay
BEFORE UPDATE OF shift_id, kind, amount, tip, rounding, method_id, method_kind ON payments
WHEN EXISTS (SELECT 1 FROM cash_shifts
             WHERE id IN (old.shift_id, new.shift_id) AND closed_at IS NOT NULL)
BEGIN SELECT raise(ABORT, 'a closed cash shift does not change'); END;
CREATE TRIGGER payments_of_shift_kept BEFORE DELETE ON payments
WHEN (SELECT closed_at FROM cash_shifts WHERE id = old.shift_id) IS NOT NULL
BEGIN SELECT raise(ABORT, 'a closed cash shift does not change'); END;
CREATE TRIGGER account_moves_of_shift_stay
BEFORE UPDATE OF shift_id, kind, amount, method_id ON account_moves
WHEN EXISTS (SELECT 1 FROM cash_shifts
             WHERE id IN (old.shift_id, new.shift_id) AND closed_at IS NOT NULL)
BEGIN SELECT raise(ABORT, 'a closed cash shift does not change'); END;
CREATE TRIGGER account_moves_of_shift_kept BEFORE DELETE ON account_moves
WHEN (SELECT closed_at FROM cash_shifts WHERE id = old.shift_id) IS NOT NULL
BEGIN SELECT raise(ABORT, 'a closed cash shift does not change'); END;
