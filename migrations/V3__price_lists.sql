-- Prices by time, place and channel (docs/adr/0077).

-- Stretches of the week by the clock on the restaurant's wall. One that ends no later than it begins
-- runs past midnight and belongs to the day on which it began.
CREATE TABLE periods (
    id              INTEGER PRIMARY KEY,
    name            TEXT NOT NULL,
    -- A bit for each day of the week, Monday is 1.
    days            INTEGER NOT NULL CHECK (days BETWEEN 1 AND 127),
    -- Minutes of the day.
    from_minute     INTEGER NOT NULL CHECK (from_minute BETWEEN 0 AND 1439),
    to_minute       INTEGER NOT NULL CHECK (to_minute BETWEEN 0 AND 1439),
    -- The first and the last day (YYYYMMDD) on which it may begin; none for ever.
    valid_from      INTEGER,
    valid_to        INTEGER,
    created_at      INTEGER NOT NULL,
    updated_at      INTEGER NOT NULL,
    deleted_at      INTEGER
) STRICT;
CREATE UNIQUE INDEX periods_name ON periods (name) WHERE deleted_at IS NULL;

-- Other prices than the menu's own: when, in which room, how it is sold. Of several that hold the one
-- with the highest priority goes first.
CREATE TABLE price_lists (
    id              INTEGER PRIMARY KEY,
    name            TEXT NOT NULL,
    -- None: always.
    period_id       INTEGER REFERENCES periods (id),
    location_id     INTEGER REFERENCES locations (id),
    channel         TEXT,
    -- What is reckoned is rounded to a multiple of this, in minor units.
    round_to        INTEGER NOT NULL DEFAULT 1 CHECK (round_to > 0),
    priority        INTEGER NOT NULL DEFAULT 0,
    is_active       INTEGER NOT NULL DEFAULT 1,
    created_at      INTEGER NOT NULL,
    updated_at      INTEGER NOT NULL,
    deleted_at      INTEGER
) STRICT;
CREATE UNIQUE INDEX price_lists_name ON price_lists (name) WHERE deleted_at IS NULL;
CREATE INDEX price_lists_period ON price_lists (period_id) WHERE period_id IS NOT NULL;
CREATE INDEX price_lists_location ON price_lists (location_id) WHERE location_id IS NOT NULL;

-- What a list says of a size, a dish, a category or all (0): a price, hundredths of a percent more or
-- less, or minor units less.
CREATE TABLE prices (
    id              INTEGER PRIMARY KEY,
    price_list_id   INTEGER NOT NULL REFERENCES price_lists (id),
    scope           TEXT NOT NULL,
    target_id       INTEGER NOT NULL,
    kind            TEXT NOT NULL,
    value           INTEGER NOT NULL,
    UNIQUE (price_list_id, scope, target_id)
) STRICT;

-- When and how a category or a dish is on the menu; without a row always. One row that holds is enough.
CREATE TABLE menu_times (
    id              INTEGER PRIMARY KEY,
    scope           TEXT NOT NULL,
    target_id       INTEGER NOT NULL,
    period_id       INTEGER REFERENCES periods (id),
    channel         TEXT
) STRICT;
CREATE INDEX menu_times_target ON menu_times (scope, target_id);
CREATE INDEX menu_times_period ON menu_times (period_id) WHERE period_id IS NOT NULL;

-- For so many minutes a price holds on that a screen still shows.
ALTER TABLE site ADD COLUMN price_grace_minutes INTEGER NOT NULL DEFAULT 0
    CHECK (price_grace_minutes BETWEEN 0 AND 15);

-- What one would have cost by the menu's own price, where a list says another.
ALTER TABLE order_items ADD COLUMN list_price INTEGER;

-- SOLD: of a line whose price is from a list, which one, and how much less it cost by that, before
-- discounts (below zero: more).
ALTER TABLE entries ADD COLUMN price_list_id INTEGER;
ALTER TABLE entries ADD COLUMN price_off INTEGER NOT NULL DEFAULT 0;
-- What lists of prices cost, by day: an entry of the menu's own price is not in it.
CREATE INDEX entries_price_list ON entries (business_day, price_list_id, quantity, gross, price_off)
    WHERE price_list_id IS NOT NULL;
