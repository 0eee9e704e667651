-- Points, stamps and promo codes (docs/adr/0098-loyalty.md). What a guest has is the sum of entries, which
-- are only added to.

CREATE TABLE loyalty_programs (
    id              INTEGER PRIMARY KEY,
    name            TEXT NOT NULL,
    -- POINTS, STAMPS.
    kind            TEXT NOT NULL,
    -- Of points, in hundredths of a percent: what comes back of what is paid, and how much of a check they pay.
    earn_percent    INTEGER,
    spend_percent   INTEGER,
    -- Of stamps: how many make a full card, and of which category.
    stamps          INTEGER,
    category_id     INTEGER REFERENCES categories (id),
    is_active       INTEGER NOT NULL DEFAULT 1,
    -- Orders that were placed before count for nothing.
    counts_since    INTEGER NOT NULL,
    created_at      INTEGER NOT NULL,
    updated_at      INTEGER NOT NULL,
    deleted_at      INTEGER
) STRICT;
CREATE UNIQUE INDEX loyalty_programs_name ON loyalty_programs (name) WHERE deleted_at IS NULL;
CREATE INDEX loyalty_programs_category ON loyalty_programs (category_id) WHERE category_id IS NOT NULL;

CREATE TABLE loyalty_accounts (
    id              INTEGER PRIMARY KEY,
    program_id      INTEGER NOT NULL REFERENCES loyalty_programs (id),
    customer_id     INTEGER NOT NULL REFERENCES customers (id),
    -- The sum of its entries, written with them.
    balance         INTEGER NOT NULL DEFAULT 0,
    created_at      INTEGER NOT NULL,
    updated_at      INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX loyalty_accounts_whose ON loyalty_accounts (customer_id, program_id);
CREATE INDEX loyalty_accounts_program ON loyalty_accounts (program_id);

CREATE TABLE loyalty_entries (
    id              INTEGER PRIMARY KEY,
    account_id      INTEGER NOT NULL REFERENCES loyalty_accounts (id),
    -- No index: programs are hidden and never deleted.
    program_id      INTEGER NOT NULL REFERENCES loyalty_programs (id),
    -- EARN, SPEND, HOLD, RELEASE, REVERSE, ADJUST, EXPIRE.
    kind            TEXT NOT NULL,
    -- As what it counts for its check: EARNED, HELD, SPENT; and which of those it is, from 0.
    part            TEXT,
    number          INTEGER,
    amount          INTEGER NOT NULL,
    -- By which rate it was earned; 0 where it was not.
    rate            INTEGER,
    order_id        INTEGER REFERENCES orders (id),
    check_id        INTEGER,
    -- No index: people are hidden and never deleted.
    user_id         INTEGER REFERENCES users (id),
    reason          TEXT,
    at              INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX loyalty_entries_once ON loyalty_entries (check_id, program_id, part, number)
    WHERE check_id IS NOT NULL;
CREATE INDEX loyalty_entries_order ON loyalty_entries (order_id) WHERE order_id IS NOT NULL;
CREATE INDEX loyalty_entries_account ON loyalty_entries (account_id);

CREATE TABLE promo_codes (
    id              INTEGER PRIMARY KEY,
    -- In capitals.
    code            TEXT NOT NULL,
    -- Hundredths of a percent, or minor units: one of the two.
    percent         INTEGER,
    amount          INTEGER,
    -- On how many orders it can stand, and on how many it does.
    most            INTEGER,
    used            INTEGER NOT NULL DEFAULT 0,
    -- YYYYMMDD: the last day.
    until           INTEGER,
    is_active       INTEGER NOT NULL DEFAULT 1,
    created_at      INTEGER NOT NULL,
    updated_at      INTEGER NOT NULL,
    deleted_at      INTEGER
) STRICT;
CREATE UNIQUE INDEX promo_codes_code ON promo_codes (code) WHERE deleted_at IS NULL;

-- On which orders a code stands, or stood.
CREATE TABLE promo_uses (
    id              INTEGER PRIMARY KEY,
    promo_code_id   INTEGER NOT NULL REFERENCES promo_codes (id),
    order_id        INTEGER NOT NULL REFERENCES orders (id),
    check_id        INTEGER NOT NULL,
    at              INTEGER NOT NULL,
    given_back_at   INTEGER
) STRICT;
CREATE UNIQUE INDEX promo_uses_once ON promo_uses (promo_code_id, order_id);
CREATE INDEX promo_uses_order ON promo_uses (order_id);

-- Of what was agreed about a check: the account that it is taken from, or the code that was said.
ALTER TABLE adjustments ADD COLUMN account_id INTEGER REFERENCES loyalty_accounts (id);
ALTER TABLE adjustments ADD COLUMN promo_code_id INTEGER REFERENCES promo_codes (id);
CREATE INDEX adjustments_of_account ON adjustments (account_id) WHERE account_id IS NOT NULL;
CREATE INDEX adjustments_of_code ON adjustments (promo_code_id) WHERE promo_code_id IS NOT NULL;
