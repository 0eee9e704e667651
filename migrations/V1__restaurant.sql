-- The whole model of one restaurant. Moments are milliseconds since 1970 (UTC), money is minor
-- units, `deleted_at` hides a row that history still points to.

CREATE TABLE site (
    id              INTEGER PRIMARY KEY CHECK (id = 1),
    uuid            TEXT NOT NULL,
    name            TEXT NOT NULL,
    currency        TEXT NOT NULL,
    timezone        TEXT NOT NULL,
    languages       TEXT NOT NULL,
    is_demo         INTEGER NOT NULL DEFAULT 0,
    created_at      INTEGER NOT NULL
) STRICT;

-- Staff ------------------------------------------------------------------------------------

CREATE TABLE users (
    id              INTEGER PRIMARY KEY,
    username        TEXT NOT NULL,
    full_name       TEXT NOT NULL,
    role            TEXT NOT NULL CHECK (role IN ('admin', 'manager', 'waiter', 'kitchen')),
    phone           TEXT,
    avatar_url      TEXT,
    password_hash   TEXT NOT NULL,
    pin_hash        TEXT,
    is_active       INTEGER NOT NULL DEFAULT 1,
    shift_active    INTEGER NOT NULL DEFAULT 0,
    created_by_id   INTEGER REFERENCES users (id),
    last_login      INTEGER,
    created_at      INTEGER NOT NULL,
    updated_at      INTEGER NOT NULL,
    deleted_at      INTEGER
) STRICT;
CREATE UNIQUE INDEX users_username ON users (username COLLATE NOCASE) WHERE deleted_at IS NULL;

-- A token is good while its row is here: signing out deletes it.
CREATE TABLE sessions (
    id              BLOB PRIMARY KEY,
    user_id         INTEGER NOT NULL REFERENCES users (id),
    created_at      INTEGER NOT NULL,
    expires_at      INTEGER NOT NULL
) STRICT;
CREATE INDEX sessions_user ON sessions (user_id, created_at);
CREATE INDEX sessions_expiry ON sessions (expires_at);

-- Rooms ------------------------------------------------------------------------------------

CREATE TABLE locations (
    id              INTEGER PRIMARY KEY,
    name            TEXT NOT NULL,
    description     TEXT,
    color           TEXT,
    is_active       INTEGER NOT NULL DEFAULT 1,
    created_at      INTEGER NOT NULL,
    updated_at      INTEGER NOT NULL,
    deleted_at      INTEGER
) STRICT;
CREATE UNIQUE INDEX locations_name ON locations (name) WHERE deleted_at IS NULL;

-- `is_seated` is what a waiter says; a table with an open order is occupied in any case.
CREATE TABLE tables (
    id              INTEGER PRIMARY KEY,
    number          INTEGER NOT NULL,
    seats           INTEGER NOT NULL,
    location_id     INTEGER REFERENCES locations (id),
    description     TEXT,
    qr_code         TEXT NOT NULL UNIQUE,
    is_active       INTEGER NOT NULL DEFAULT 1,
    is_seated       INTEGER NOT NULL DEFAULT 0,
    created_at      INTEGER NOT NULL,
    updated_at      INTEGER NOT NULL,
    deleted_at      INTEGER
) STRICT;
CREATE UNIQUE INDEX tables_number ON tables (number) WHERE deleted_at IS NULL;
CREATE INDEX tables_location ON tables (location_id);

CREATE TABLE guest_sessions (
    token_hash      BLOB PRIMARY KEY,
    table_id        INTEGER NOT NULL REFERENCES tables (id),
    created_at      INTEGER NOT NULL,
    expires_at      INTEGER NOT NULL
) STRICT;
CREATE INDEX guest_sessions_table ON guest_sessions (table_id, created_at);
CREATE INDEX guest_sessions_expiry ON guest_sessions (expires_at);

-- Menu -------------------------------------------------------------------------------------

CREATE TABLE categories (
    id              INTEGER PRIMARY KEY,
    name            TEXT NOT NULL,
    description     TEXT,
    image_url       TEXT,
    sort_order      INTEGER NOT NULL DEFAULT 0,
    is_active       INTEGER NOT NULL DEFAULT 1,
    color           TEXT,
    featured        INTEGER NOT NULL DEFAULT 0,
    translations    TEXT NOT NULL DEFAULT '{}',
    created_at      INTEGER NOT NULL,
    updated_at      INTEGER NOT NULL,
    deleted_at      INTEGER
) STRICT;
CREATE UNIQUE INDEX categories_name ON categories (name) WHERE deleted_at IS NULL;

CREATE TABLE dishes (
    id              INTEGER PRIMARY KEY,
    category_id     INTEGER NOT NULL REFERENCES categories (id),
    name            TEXT NOT NULL,
    description     TEXT NOT NULL,
    code            TEXT,
    main_image_url  TEXT,
    cooking_time    INTEGER,
    weight          REAL,
    calories        INTEGER,
    ingredients     TEXT,
    sort_order      INTEGER NOT NULL DEFAULT 0,
    is_popular      INTEGER NOT NULL DEFAULT 0,
    is_available    INTEGER NOT NULL DEFAULT 1,
    department      TEXT NOT NULL
                    CHECK (department IN ('bar', 'cold', 'hot', 'dessert', 'grill', 'bakery')),
    translations    TEXT NOT NULL DEFAULT '{}',
    created_at      INTEGER NOT NULL,
    updated_at      INTEGER NOT NULL,
    deleted_at      INTEGER
) STRICT;
CREATE INDEX dishes_category ON dishes (category_id);
CREATE UNIQUE INDEX dishes_code ON dishes (code) WHERE deleted_at IS NULL;

CREATE TABLE dish_variations (
    id              INTEGER PRIMARY KEY,
    dish_id         INTEGER NOT NULL REFERENCES dishes (id),
    name            TEXT NOT NULL,
    description     TEXT,
    price           INTEGER NOT NULL CHECK (price > 0),
    image_url       TEXT,
    weight          REAL,
    calories        INTEGER,
    is_default      INTEGER NOT NULL DEFAULT 0,
    is_available    INTEGER NOT NULL DEFAULT 1,
    sort_order      INTEGER NOT NULL DEFAULT 0,
    sku             TEXT,
    translations    TEXT NOT NULL DEFAULT '{}',
    created_at      INTEGER NOT NULL,
    updated_at      INTEGER NOT NULL,
    deleted_at      INTEGER
) STRICT;
CREATE INDEX dish_variations_dish ON dish_variations (dish_id, sort_order);
CREATE UNIQUE INDEX dish_variations_sku ON dish_variations (sku) WHERE deleted_at IS NULL;
CREATE UNIQUE INDEX dish_variations_default ON dish_variations (dish_id)
    WHERE is_default = 1 AND deleted_at IS NULL;

CREATE TABLE ingredients (
    id              INTEGER PRIMARY KEY,
    name            TEXT NOT NULL,
    description     TEXT,
    is_allergen     INTEGER NOT NULL DEFAULT 0,
    translations    TEXT NOT NULL DEFAULT '{}',
    created_at      INTEGER NOT NULL,
    updated_at      INTEGER NOT NULL,
    deleted_at      INTEGER
) STRICT;
CREATE UNIQUE INDEX ingredients_name ON ingredients (name) WHERE deleted_at IS NULL;

CREATE TABLE dish_ingredients (
    id              INTEGER PRIMARY KEY,
    dish_id         INTEGER NOT NULL REFERENCES dishes (id),
    ingredient_id   INTEGER NOT NULL REFERENCES ingredients (id),
    UNIQUE (dish_id, ingredient_id)
) STRICT;
CREATE INDEX dish_ingredients_ingredient ON dish_ingredients (ingredient_id);

-- Orders -----------------------------------------------------------------------------------

CREATE TABLE payment_methods (
    id              INTEGER PRIMARY KEY,
    name            TEXT NOT NULL,
    is_active       INTEGER NOT NULL DEFAULT 1,
    created_at      INTEGER NOT NULL,
    updated_at      INTEGER NOT NULL,
    deleted_at      INTEGER
) STRICT;
CREATE UNIQUE INDEX payment_methods_name ON payment_methods (name) WHERE deleted_at IS NULL;

-- `number` counts up within `business_day` (YYYYMMDD in the restaurant's zone). `closed_at` is
-- set with COMPLETED and CANCELLED, so that the open orders have small indexes of their own.
CREATE TABLE orders (
    id                  INTEGER PRIMARY KEY,
    business_day        INTEGER NOT NULL,
    number              INTEGER NOT NULL,
    order_type          TEXT NOT NULL CHECK (order_type IN ('DINE_IN', 'TAKEAWAY', 'DELIVERY')),
    table_id            INTEGER REFERENCES tables (id),
    waiter_id           INTEGER REFERENCES users (id),
    is_guest_order      INTEGER NOT NULL DEFAULT 0,
    status              TEXT NOT NULL CHECK (status IN ('PENDING', 'IN_PROGRESS', 'READY',
                            'SERVED', 'DINING', 'COMPLETED', 'CANCELLED')),
    payment_status      TEXT NOT NULL CHECK (payment_status IN ('UNPAID', 'PAID', 'REFUNDED')),
    payment_method_id   INTEGER REFERENCES payment_methods (id),
    total               INTEGER NOT NULL,
    notes               TEXT,
    kitchen_notes       TEXT,
    customer_name       TEXT,
    customer_phone      TEXT,
    delivery_address    TEXT,
    delivery_notes      TEXT,
    close_when_served   INTEGER NOT NULL DEFAULT 0,
    confirmed_at        INTEGER,
    served_at           INTEGER,
    completed_at        INTEGER,
    cancelled_at        INTEGER,
    closed_at           INTEGER,
    created_at          INTEGER NOT NULL,
    updated_at          INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX orders_number ON orders (business_day, number);
-- One open bill a table: two waiters can't make two of them.
CREATE UNIQUE INDEX orders_bill ON orders (table_id)
    WHERE order_type = 'DINE_IN' AND payment_status = 'UNPAID' AND closed_at IS NULL;
CREATE INDEX orders_open ON orders (table_id) WHERE closed_at IS NULL;
CREATE INDEX orders_status ON orders (status);
CREATE INDEX orders_payment_status ON orders (payment_status);
CREATE INDEX orders_table ON orders (table_id);
CREATE INDEX orders_waiter ON orders (waiter_id);

-- Names, prices and the department are copied: an old order stays as it was sold.
CREATE TABLE order_items (
    id                          INTEGER PRIMARY KEY,
    order_id                    INTEGER NOT NULL REFERENCES orders (id),
    dish_id                     INTEGER NOT NULL REFERENCES dishes (id),
    dish_variation_id           INTEGER NOT NULL REFERENCES dish_variations (id),
    dish_name                   TEXT NOT NULL,
    variation_name              TEXT NOT NULL,
    dish_image_url              TEXT,
    department                  TEXT NOT NULL,
    quantity                    INTEGER NOT NULL CHECK (quantity BETWEEN 1 AND 50),
    price                       INTEGER NOT NULL,
    comment                     TEXT,
    status                      TEXT NOT NULL CHECK (status IN ('NEW', 'SENT_TO_KITCHEN',
                                    'IN_PREPARATION', 'READY', 'SERVED', 'CANCELLED')),
    estimated_preparation_time  INTEGER,
    added_by_id                 INTEGER REFERENCES users (id),
    sent_to_kitchen_at          INTEGER,
    preparation_started_at      INTEGER,
    ready_at                    INTEGER,
    served_at                   INTEGER,
    delayed_at                  INTEGER,
    created_at                  INTEGER NOT NULL,
    updated_at                  INTEGER NOT NULL
) STRICT;
CREATE INDEX order_items_order ON order_items (order_id);
CREATE INDEX order_items_variation ON order_items (dish_variation_id);
CREATE INDEX order_items_kitchen ON order_items (department, id)
    WHERE status IN ('SENT_TO_KITCHEN', 'IN_PREPARATION', 'READY');

CREATE TABLE payments (
    id              INTEGER PRIMARY KEY,
    order_id        INTEGER NOT NULL REFERENCES orders (id),
    kind            TEXT NOT NULL CHECK (kind IN ('PAYMENT', 'REFUND')),
    amount          INTEGER NOT NULL,
    method_id       INTEGER REFERENCES payment_methods (id),
    method_name     TEXT,
    user_id         INTEGER NOT NULL REFERENCES users (id),
    created_at      INTEGER NOT NULL
) STRICT;
CREATE INDEX payments_order ON payments (order_id);
CREATE INDEX payments_created ON payments (created_at);

-- Who changed what an order costs, and why.
CREATE TABLE money_changes (
    id              INTEGER PRIMARY KEY,
    order_id        INTEGER NOT NULL REFERENCES orders (id),
    item_id         INTEGER REFERENCES order_items (id),
    what            TEXT NOT NULL,
    old_total       INTEGER NOT NULL,
    new_total       INTEGER NOT NULL,
    reason          TEXT,
    user_id         INTEGER REFERENCES users (id),
    created_at      INTEGER NOT NULL
) STRICT;
CREATE INDEX money_changes_order ON money_changes (order_id);

-- The two small logs -----------------------------------------------------------------------

CREATE TABLE events (
    seq             INTEGER PRIMARY KEY,
    at              INTEGER NOT NULL,
    kind            TEXT NOT NULL,
    audience        INTEGER NOT NULL,
    order_id        INTEGER,
    table_id        INTEGER,
    waiter_id       INTEGER,
    actor_id        INTEGER,
    status          TEXT,
    data            TEXT NOT NULL,
    order_json      TEXT
) STRICT;

-- The reply of a request that carried an Idempotency-Key: the order of an event, or a text.
CREATE TABLE idempotency_keys (
    key             BLOB NOT NULL,
    actor           INTEGER NOT NULL,
    request         BLOB NOT NULL,
    event_seq       INTEGER,
    reply           TEXT,
    created_at      INTEGER NOT NULL,
    PRIMARY KEY (key, actor)
) STRICT, WITHOUT ROWID;
