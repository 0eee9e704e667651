-- The whole model of one restaurant. Moments are milliseconds since 1970 (UTC), money is minor units,
-- rates are hundredths of a percent, `deleted_at` hides a row that history still points to. Words that
-- may grow (roles, kinds, states) are checked by the program's own types.

CREATE TABLE site (
    id              INTEGER PRIMARY KEY CHECK (id = 1),
    uuid            TEXT NOT NULL,
    name            TEXT NOT NULL,
    currency        TEXT NOT NULL,
    timezone        TEXT NOT NULL,
    languages       TEXT NOT NULL,
    is_demo         INTEGER NOT NULL DEFAULT 0,
    -- Whether a guest's order waits for a waiter; none where nobody has chosen.
    guest_orders    TEXT,
    -- How dishes are taxed that say nothing else; and service charges, where not like what they are on.
    -- No index on both: there is one row.
    tax_class_id    INTEGER NOT NULL DEFAULT 1 REFERENCES tax_classes (id),
    service_tax_class_id INTEGER REFERENCES tax_classes (id),
    -- The hour of the clock at which the restaurant's day begins: a bar's night belongs to the evening.
    day_begins_hour INTEGER NOT NULL DEFAULT 0 CHECK (day_begins_hour BETWEEN 0 AND 12),
    -- Whether a tip may be given to the house, where it is paid.
    house_tips      INTEGER NOT NULL DEFAULT 0,
    created_at      INTEGER NOT NULL
) STRICT;

-- Taxes --------------------------------------------------------------------------------------------

-- How things are taxed (docs/adr/0068): whether the tax is in the price (INCLUDED) or paid beside it
-- (ADDED). A line copies what its class says on the day on which it is ordered.
CREATE TABLE tax_classes (
    id              INTEGER PRIMARY KEY,
    name            TEXT NOT NULL,
    translations    TEXT NOT NULL DEFAULT '{}',
    kind            TEXT NOT NULL,
    is_active       INTEGER NOT NULL DEFAULT 1,
    created_at      INTEGER NOT NULL,
    updated_at      INTEGER NOT NULL,
    deleted_at      INTEGER
) STRICT;
CREATE UNIQUE INDEX tax_classes_name ON tax_classes (name) WHERE deleted_at IS NULL;

-- The rates of a class, in hundredths of a percent, each from a day (YYYYMMDD) on until the next; 0 for
-- always. What is taken away or delivered may have its own.
CREATE TABLE tax_rates (
    id              INTEGER PRIMARY KEY,
    class_id        INTEGER NOT NULL REFERENCES tax_classes (id),
    valid_from      INTEGER NOT NULL,
    rate            INTEGER NOT NULL CHECK (rate BETWEEN 0 AND 10000),
    takeaway_rate   INTEGER CHECK (takeaway_rate BETWEEN 0 AND 10000),
    delivery_rate   INTEGER CHECK (delivery_rate BETWEEN 0 AND 10000),
    UNIQUE (class_id, valid_from)
) STRICT;
INSERT INTO tax_classes (id, name, translations, kind, created_at, updated_at)
VALUES (1, 'НДС', '{"en":{"name":"VAT"}}', 'INCLUDED', unixepoch() * 1000, unixepoch() * 1000);
INSERT INTO tax_rates (class_id, valid_from, rate) VALUES (1, 0, 0);

-- Staff ---------------------------------------------------------------------------------------------

CREATE TABLE users (
    id              INTEGER PRIMARY KEY,
    username        TEXT NOT NULL,
    full_name       TEXT NOT NULL,
    role            TEXT NOT NULL,
    phone           TEXT,
    avatar_url      TEXT,
    password_hash   TEXT NOT NULL,
    pin_hash        TEXT,
    is_active       INTEGER NOT NULL DEFAULT 1,
    shift_active    INTEGER NOT NULL DEFAULT 0,
    -- No index: people are hidden and never deleted, and nobody asks by it.
    created_by_id   INTEGER REFERENCES users (id),
    last_login      INTEGER,
    created_at      INTEGER NOT NULL,
    updated_at      INTEGER NOT NULL,
    deleted_at      INTEGER
) STRICT;
CREATE UNIQUE INDEX users_username ON users (username COLLATE NOCASE) WHERE deleted_at IS NULL;

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

-- A token is good while its row is here: signing out deletes it.
CREATE TABLE sessions (
    id              BLOB PRIMARY KEY,
    user_id         INTEGER NOT NULL REFERENCES users (id),
    -- On which device it began; none where it was not a paired one.
    device_id       INTEGER REFERENCES devices (id),
    -- From where it began, for the list of a person's sign-ins.
    address         TEXT,
    agent           TEXT,
    created_at      INTEGER NOT NULL,
    expires_at      INTEGER NOT NULL
) STRICT;
CREATE INDEX sessions_user ON sessions (user_id, created_at);
CREATE INDEX sessions_expiry ON sessions (expires_at);
CREATE INDEX sessions_device ON sessions (device_id) WHERE device_id IS NOT NULL;

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

-- Rights --------------------------------------------------------------------------------------------

-- What a role or a person may, where it differs from what the program begins with. `at_most` is money
-- or a rate, as the permission has it.
CREATE TABLE role_permissions (
    id              INTEGER PRIMARY KEY,
    role            TEXT NOT NULL,
    permission      TEXT NOT NULL,
    decision        TEXT NOT NULL,
    at_most         INTEGER,
    UNIQUE (role, permission)
) STRICT;
CREATE TABLE user_permissions (
    id              INTEGER PRIMARY KEY,
    user_id         INTEGER NOT NULL REFERENCES users (id),
    permission      TEXT NOT NULL,
    decision        TEXT NOT NULL,
    at_most         INTEGER,
    UNIQUE (user_id, permission)
) STRICT;

-- One person's word for one deed of another. Good for a minute of the monotonic clock, which begins
-- anew with each start of the program: `run` says with which.
CREATE TABLE approvals (
    id              INTEGER PRIMARY KEY,
    permission      TEXT NOT NULL,
    subject         TEXT NOT NULL,
    subject_id      INTEGER NOT NULL,
    amount          INTEGER NOT NULL,
    -- Of a percentage: the money that it comes to.
    worth           INTEGER,
    -- The order it is about, and what of it: a dish, a check; or a house account.
    order_id        INTEGER,
    dish_name       TEXT,
    check_number    INTEGER,
    -- It is of one way to pay and of one house account.
    account_id      INTEGER,
    account_name    TEXT,
    method_id       INTEGER,
    method_name     TEXT,
    -- What is said of a payment; to which table something goes.
    payment_state   TEXT,
    to_table_id     INTEGER,
    to_table_name   TEXT,
    reason          TEXT,
    asker_id        INTEGER NOT NULL REFERENCES users (id),
    session         BLOB NOT NULL,
    state           TEXT NOT NULL,
    approver_id     INTEGER REFERENCES users (id),
    asked_at        INTEGER NOT NULL,
    answered_at     INTEGER,
    used_at         INTEGER,
    run             INTEGER NOT NULL,
    until           INTEGER NOT NULL
) STRICT;
CREATE INDEX approvals_open ON approvals (state) WHERE state = 'OPEN';
CREATE INDEX approvals_asker ON approvals (asker_id, state);
CREATE INDEX approvals_approver ON approvals (approver_id) WHERE approver_id IS NOT NULL;
CREATE INDEX approvals_asked ON approvals (asked_at);

-- What was done that needed a permission with a limit in money, by whose right: a limit is of all that
-- was done on one order.
CREATE TABLE deeds (
    id              INTEGER PRIMARY KEY,
    order_id        INTEGER NOT NULL,
    permission      TEXT NOT NULL,
    subject         TEXT NOT NULL,
    subject_id      INTEGER NOT NULL,
    amount          INTEGER NOT NULL,
    user_id         INTEGER NOT NULL,
    approver_id     INTEGER,
    done_at         INTEGER NOT NULL
) STRICT;
CREATE INDEX deeds_order ON deeds (order_id);
-- What is done with a house account is of no order (order_id 0): a limit counts it by account and day.
CREATE INDEX deeds_account ON deeds (subject_id, done_at) WHERE order_id = 0;

-- Why something was taken off, given back or given away: what a screen offers. History keeps the text
-- that was said, so nothing points here.
CREATE TABLE reasons (
    id              INTEGER PRIMARY KEY,
    kind            TEXT NOT NULL,
    name            TEXT NOT NULL,
    translations    TEXT NOT NULL DEFAULT '{}',
    is_waste        INTEGER NOT NULL DEFAULT 0,
    sort_order      INTEGER NOT NULL DEFAULT 0,
    created_at      INTEGER NOT NULL,
    updated_at      INTEGER NOT NULL,
    deleted_at      INTEGER
) STRICT;
CREATE INDEX reasons_kind ON reasons (kind, sort_order);
CREATE UNIQUE INDEX reasons_name ON reasons (kind, name) WHERE deleted_at IS NULL;
INSERT INTO reasons (kind, sort_order, is_waste, name, translations, created_at, updated_at)
SELECT *, unixepoch() * 1000, unixepoch() * 1000 FROM (VALUES
    ('VOID', 1, 0, 'Гость передумал', '{"en":{"name":"Guest changed their mind"}}'),
    ('VOID', 2, 0, 'Ошибка в заказе', '{"en":{"name":"Mistake in the order"}}'),
    ('VOID', 3, 0, 'Долго ждали', '{"en":{"name":"Waited too long"}}'),
    ('VOID', 4, 0, 'Блюдо закончилось', '{"en":{"name":"Sold out"}}'),
    ('VOID', 5, 1, 'Испорчено', '{"en":{"name":"Spoilt"}}'),
    ('CANCEL', 1, 0, 'Гости ушли', '{"en":{"name":"Guests left"}}'),
    ('CANCEL', 2, 0, 'Гости передумали', '{"en":{"name":"Guests changed their minds"}}'),
    ('CANCEL', 3, 0, 'Ошибка в заказе', '{"en":{"name":"Mistake in the order"}}'),
    ('CANCEL', 4, 0, 'Долго ждали', '{"en":{"name":"Waited too long"}}'),
    ('REFUND', 1, 0, 'Оплатили дважды', '{"en":{"name":"Paid twice"}}'),
    ('REFUND', 2, 0, 'Гость недоволен', '{"en":{"name":"Guest was not happy"}}'),
    ('REFUND', 3, 0, 'Ошибка в счёте', '{"en":{"name":"Mistake in the bill"}}'),
    ('COMP', 1, 0, 'Долго ждали', '{"en":{"name":"Waited too long"}}'),
    ('COMP', 2, 0, 'Наша ошибка', '{"en":{"name":"Our mistake"}}'),
    ('COMP', 3, 0, 'Праздник у гостя', '{"en":{"name":"Guest celebrates"}}'),
    ('DISCOUNT', 1, 0, 'Постоянный гость', '{"en":{"name":"Regular guest"}}'),
    ('DISCOUNT', 2, 0, 'Свои', '{"en":{"name":"Staff and friends"}}'),
    ('DISCOUNT', 3, 0, 'Наша ошибка', '{"en":{"name":"Our mistake"}}'),
    ('REOPEN', 1, 0, 'Гость заказал ещё', '{"en":{"name":"Guest ordered more"}}'),
    ('REOPEN', 2, 0, 'Ошибка в счёте', '{"en":{"name":"Mistake on the check"}}'),
    ('REOPEN', 3, 0, 'Нужно разделить', '{"en":{"name":"Guest wants it split"}}'));

-- Rooms ---------------------------------------------------------------------------------------------

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
    -- Without a name it is called by its number. `name_key` tells names apart as eyes do
    -- (core/kernel/names.rs); `label` is what people call it.
    name            TEXT,
    name_key        TEXT,
    label           TEXT AS (coalesce(name, CAST(number AS TEXT))) VIRTUAL,
    seats           INTEGER NOT NULL,
    location_id     INTEGER REFERENCES locations (id),
    -- Its middle on the plan of its room, in thousandths of the plan's width and height. One without a
    -- place is put where there is room.
    x               INTEGER CHECK (x BETWEEN 0 AND 1000),
    y               INTEGER CHECK (y BETWEEN 0 AND 1000),
    shape           TEXT NOT NULL DEFAULT 'square',
    description     TEXT,
    qr_code         TEXT NOT NULL UNIQUE,
    is_active       INTEGER NOT NULL DEFAULT 1,
    is_seated       INTEGER NOT NULL DEFAULT 0,
    -- Who was seated and has not ordered yet; the table's next order takes them over.
    guests          INTEGER CHECK (guests BETWEEN 1 AND 99),
    created_at      INTEGER NOT NULL,
    updated_at      INTEGER NOT NULL,
    deleted_at      INTEGER
) STRICT;
CREATE UNIQUE INDEX tables_number ON tables (number) WHERE deleted_at IS NULL;
CREATE UNIQUE INDEX tables_name ON tables (coalesce(name_key, CAST(number AS TEXT)))
    WHERE deleted_at IS NULL;
CREATE INDEX tables_location ON tables (location_id);

-- To which address each table's code led when it was last printed: an admin is warned when the box has
-- got another one since.
CREATE TABLE printed_codes (
    table_id        INTEGER PRIMARY KEY REFERENCES tables (id),
    menu_base       TEXT NOT NULL,
    printed_at      INTEGER NOT NULL
) STRICT;

-- Menu ----------------------------------------------------------------------------------------------

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
    -- How its dishes are taxed that say nothing else.
    tax_class_id    INTEGER REFERENCES tax_classes (id),
    created_at      INTEGER NOT NULL,
    updated_at      INTEGER NOT NULL,
    deleted_at      INTEGER
) STRICT;
CREATE UNIQUE INDEX categories_name ON categories (name) WHERE deleted_at IS NULL;
CREATE INDEX categories_tax ON categories (tax_class_id) WHERE tax_class_id IS NOT NULL;

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
    department      TEXT NOT NULL,
    translations    TEXT NOT NULL DEFAULT '{}',
    -- How it is taxed; none like its category.
    tax_class_id    INTEGER REFERENCES tax_classes (id),
    created_at      INTEGER NOT NULL,
    updated_at      INTEGER NOT NULL,
    deleted_at      INTEGER
) STRICT;
-- An import finds each dish by its name: without this it reads the whole category for each.
CREATE INDEX dishes_category ON dishes (category_id, name);
CREATE INDEX dishes_tax ON dishes (tax_class_id) WHERE tax_class_id IS NOT NULL;
CREATE UNIQUE INDEX dishes_code ON dishes (code) WHERE deleted_at IS NULL;

CREATE TABLE dish_variations (
    id              INTEGER PRIMARY KEY,
    dish_id         INTEGER NOT NULL REFERENCES dishes (id),
    name            TEXT NOT NULL,
    description     TEXT,
    -- For one of its unit: a piece, 100 g, a kilogram, 100 ml or a litre.
    price           INTEGER NOT NULL CHECK (price > 0),
    unit            TEXT NOT NULL DEFAULT 'piece',
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

-- Orders --------------------------------------------------------------------------------------------

CREATE TABLE payment_methods (
    id              INTEGER PRIMARY KEY,
    name            TEXT NOT NULL,
    -- What it is (cash, card, …); none where its name says it.
    kind            TEXT,
    is_active       INTEGER NOT NULL DEFAULT 1,
    created_at      INTEGER NOT NULL,
    updated_at      INTEGER NOT NULL,
    deleted_at      INTEGER
) STRICT;
CREATE UNIQUE INDEX payment_methods_name ON payment_methods (name) WHERE deleted_at IS NULL;

-- House accounts: a company, a regular guest, a banquet. What is paid in before is theirs until a check is
-- paid by it; what they owe is paid in after. One whose name was erased is hidden, its moves stay.
CREATE TABLE house_accounts (
    id              INTEGER PRIMARY KEY,
    name            TEXT NOT NULL,
    phone           TEXT,
    note            TEXT,
    -- How far the balance may fall below nothing.
    credit_limit    INTEGER NOT NULL DEFAULT 0 CHECK (credit_limit >= 0),
    -- The sum of its moves.
    balance         INTEGER NOT NULL DEFAULT 0,
    is_active       INTEGER NOT NULL DEFAULT 1,
    created_at      INTEGER NOT NULL,
    updated_at      INTEGER NOT NULL,
    deleted_at      INTEGER
) STRICT;
CREATE INDEX house_accounts_name ON house_accounts (name) WHERE deleted_at IS NULL;

-- `number` counts up within `business_day` (YYYYMMDD in the restaurant's zone). `closed_at` is set with
-- COMPLETED and CANCELLED.
CREATE TABLE orders (
    id                  INTEGER PRIMARY KEY,
    business_day        INTEGER NOT NULL,
    number              INTEGER NOT NULL,
    order_type          TEXT NOT NULL,
    table_id            INTEGER REFERENCES tables (id),
    waiter_id           INTEGER REFERENCES users (id),
    is_guest_order      INTEGER NOT NULL DEFAULT 0,
    status              TEXT NOT NULL,
    payment_status      TEXT NOT NULL,
    -- No index: ways to pay are hidden and never deleted.
    payment_method_id   INTEGER REFERENCES payment_methods (id),
    -- What its checks come to.
    total               INTEGER NOT NULL,
    -- What was given back of a paid order, without tips.
    given_back          INTEGER NOT NULL DEFAULT 0,
    -- The tax in what its checks come to, and the restaurant's usual rate on the day it was placed.
    tax                 INTEGER NOT NULL DEFAULT 0,
    tax_rate            INTEGER NOT NULL DEFAULT 0,
    -- How many sit at it, where somebody said so.
    guests              INTEGER CHECK (guests BETWEEN 1 AND 999),
    notes               TEXT,
    kitchen_notes       TEXT,
    customer_name       TEXT,
    customer_phone      TEXT,
    delivery_address    TEXT,
    delivery_notes      TEXT,
    close_when_served   INTEGER NOT NULL DEFAULT 0,
    -- It was joined to another table's bill: closed without a line.
    -- No index: orders are never deleted; read from the other side.
    joined_into_id      INTEGER REFERENCES orders (id),
    -- How often it was told to have changed. A screen that knows the last one knows all.
    version             INTEGER NOT NULL DEFAULT 1,
    confirmed_at        INTEGER,
    served_at           INTEGER,
    completed_at        INTEGER,
    cancelled_at        INTEGER,
    closed_at           INTEGER,
    created_at          INTEGER NOT NULL,
    updated_at          INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX orders_number ON orders (business_day, number);
-- An order is placed in a hurry and closed at leisure (docs/adr/0055): while it is open it stands in the
-- small indexes of what is open; those by which closed ones are looked for it enters once, when it is
-- closed. One open bill a table: two waiters can't make two of them.
CREATE UNIQUE INDEX orders_bill ON orders (table_id)
    WHERE order_type = 'DINE_IN' AND payment_status = 'UNPAID' AND closed_at IS NULL;
CREATE INDEX orders_open ON orders (table_id) WHERE closed_at IS NULL;
-- All that a list of some days can ask for.
CREATE INDEX orders_list ON orders (business_day, number, status, payment_status, order_type,
    waiter_id, table_id, payment_method_id, total, closed_at) WHERE closed_at IS NOT NULL;
CREATE INDEX orders_table ON orders (table_id) WHERE closed_at IS NOT NULL AND table_id IS NOT NULL;
CREATE INDEX orders_waiter ON orders (waiter_id)
    WHERE closed_at IS NOT NULL AND waiter_id IS NOT NULL;
-- Those few that did not end as orders do: paid and completed.
CREATE INDEX orders_odd ON orders (business_day, status, payment_status, total)
    WHERE closed_at IS NOT NULL AND (status = 'CANCELLED' OR payment_status <> 'PAID');
-- Those with somebody's name or telephone; most orders have neither.
CREATE INDEX orders_customer ON orders (business_day, number, customer_name, customer_phone)
    WHERE closed_at IS NOT NULL AND (customer_name IS NOT NULL OR customer_phone IS NOT NULL);

-- Names, prices and the department are copied: an old order stays as it was sold.
CREATE TABLE order_items (
    id                          INTEGER PRIMARY KEY,
    order_id                    INTEGER NOT NULL REFERENCES orders (id),
    -- No index on both: dishes and sizes are hidden and never deleted; figures ask the sums by day.
    dish_id                     INTEGER NOT NULL REFERENCES dishes (id),
    dish_variation_id           INTEGER NOT NULL REFERENCES dish_variations (id),
    dish_name                   TEXT NOT NULL,
    variation_name              TEXT NOT NULL,
    dish_image_url              TEXT,
    department                  TEXT NOT NULL,
    -- Thousandths of a piece, or of what `unit` says: kilograms (kg), litres (l).
    quantity                    INTEGER NOT NULL CHECK (quantity BETWEEN 1 AND 50000),
    unit                        TEXT,
    -- Of one: a piece, a kilogram, a litre; and what its modifiers add to that.
    price                       INTEGER NOT NULL,
    modifiers                   INTEGER NOT NULL DEFAULT 0,
    -- Quantity times price with modifiers, to the nearest minor unit: said once, when it is ordered
    -- or changed.
    gross                       INTEGER NOT NULL,
    -- How it is taxed: its class, and what that said when it was ordered. A rate of 0 is no tax.
    tax_class_id                INTEGER,
    tax_rate                    INTEGER NOT NULL DEFAULT 0,
    tax_is_added                INTEGER NOT NULL DEFAULT 0,
    -- What was paid for it in the end, where that is not `gross`.
    paid                        INTEGER,
    -- From which list its price is; none: the menu's own.
    price_list_id               INTEGER,
    -- With which course it is served; none: as it is ready.
    course                      INTEGER,
    -- Whose it is.
    seat                        INTEGER,
    comment                     TEXT,
    status                      TEXT NOT NULL,
    estimated_preparation_time  INTEGER,
    -- No index: people are hidden and never deleted, and nobody asks by it.
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
-- What the kitchen works on, in the order in which it came: an order's lines stand side by side. Not
-- `status IN (…)`, for which SQLite makes a table of its own, anew in each statement.
CREATE INDEX order_items_kitchen ON order_items (order_id, department)
    WHERE status <> 'NEW' AND status <> 'SERVED' AND status <> 'CANCELLED';

-- Who changed what an order costs, and why.
CREATE TABLE money_changes (
    id              INTEGER PRIMARY KEY,
    order_id        INTEGER NOT NULL REFERENCES orders (id),
    -- No index: lines are never deleted; read with their order.
    item_id         INTEGER REFERENCES order_items (id),
    what            TEXT NOT NULL,
    old_total       INTEGER NOT NULL,
    new_total       INTEGER NOT NULL,
    reason          TEXT,
    -- No index: people are hidden and never deleted, and nobody asks by it.
    user_id         INTEGER REFERENCES users (id),
    created_at      INTEGER NOT NULL
) STRICT;
CREATE INDEX money_changes_order ON money_changes (order_id);

-- Checks and money ----------------------------------------------------------------------------------

-- Checks, as they are stored: what is presented or paid, split or adjusted. An order to which none of
-- this happens has no row here (docs/adr/0062). Ids follow from the order's: order_id * 100 + number.
CREATE TABLE checks (
    id              INTEGER PRIMARY KEY,
    order_id        INTEGER NOT NULL REFERENCES orders (id),
    number          INTEGER NOT NULL,
    state           TEXT NOT NULL,
    -- Grows with each change; what changes the order's lines counts on top.
    version         INTEGER NOT NULL,
    guests          INTEGER NOT NULL DEFAULT 0,
    note            TEXT,
    -- The check whose money went back and in whose place this one is.
    replaces        INTEGER,
    -- What is taken off and put on, as it holds for this check now; JSON.
    rules           TEXT NOT NULL,
    -- From when it was presented or paid: never computed again. JSON, and its sums.
    computed        TEXT,
    subtotal        INTEGER,
    discount        INTEGER,
    service         INTEGER,
    tax             INTEGER,
    total           INTEGER,
    presented_at    INTEGER,
    paid_at         INTEGER,
    closed_at       INTEGER,
    created_at      INTEGER NOT NULL,
    updated_at      INTEGER NOT NULL
) STRICT;
CREATE INDEX checks_order ON checks (order_id);

-- Which check holds how much of a line (thousandths), and what a split left of it (JSON). A line that
-- none holds belongs to the first open check.
CREATE TABLE check_lines (
    id              INTEGER PRIMARY KEY,
    check_id        INTEGER NOT NULL REFERENCES checks (id),
    item_id         INTEGER NOT NULL REFERENCES order_items (id),
    quantity        INTEGER NOT NULL,
    kept            TEXT
) STRICT;
CREATE INDEX check_lines_check ON check_lines (check_id, item_id);
CREATE INDEX check_lines_item ON check_lines (item_id);

-- What the house puts on checks and takes off by itself: a percentage or a sum, and when, as JSON.
CREATE TABLE adjustment_rules (
    id              INTEGER PRIMARY KEY,
    kind            TEXT NOT NULL,
    name            TEXT NOT NULL,
    translations    TEXT NOT NULL DEFAULT '{}',
    percent         INTEGER,
    amount          INTEGER,
    per_guest       INTEGER NOT NULL DEFAULT 0,
    conditions      TEXT NOT NULL DEFAULT '{}',
    is_active       INTEGER NOT NULL DEFAULT 1,
    created_at      INTEGER NOT NULL,
    updated_at      INTEGER NOT NULL,
    deleted_at      INTEGER
) STRICT;
CREATE UNIQUE INDEX adjustment_rules_name ON adjustment_rules (name) WHERE deleted_at IS NULL;

-- Who took what off or put what on, and why; the house itself where nobody is named. Rows are only
-- ever added; one with `undoes` takes the one that it names back, on its check.
CREATE TABLE adjustments (
    id              INTEGER PRIMARY KEY,
    order_id        INTEGER NOT NULL REFERENCES orders (id),
    check_id        INTEGER NOT NULL,
    -- No index: lines are never deleted; read with their order.
    item_id         INTEGER REFERENCES order_items (id),
    kind            TEXT NOT NULL,
    value           INTEGER NOT NULL,
    reason          TEXT,
    -- The rule of the house by which it is there, and what bills call it: as it was called then.
    rule_id         INTEGER REFERENCES adjustment_rules (id),
    name            TEXT,
    translations    TEXT,
    -- No index: only added to; read with their order.
    undoes          INTEGER REFERENCES adjustments (id),
    -- No index on both: people are hidden and never deleted, and nobody asks by it.
    user_id         INTEGER REFERENCES users (id),
    approved_by_id  INTEGER REFERENCES users (id),
    created_at      INTEGER NOT NULL
) STRICT;
CREATE INDEX adjustments_order ON adjustments (order_id);
CREATE INDEX adjustments_rule ON adjustments (rule_id) WHERE rule_id IS NOT NULL;

-- What changes hands is amount + rounding + tip. An order that was paid whole and at once names no
-- check: it is the first.
CREATE TABLE payments (
    id              INTEGER PRIMARY KEY,
    order_id        INTEGER NOT NULL REFERENCES orders (id),
    check_id        INTEGER,
    kind            TEXT NOT NULL,
    state           TEXT NOT NULL DEFAULT 'TAKEN',
    amount          INTEGER NOT NULL,
    method_id       INTEGER REFERENCES payment_methods (id),
    method_name     TEXT,
    method_kind     TEXT,
    -- Whose account pays, or gets it back.
    account_id      INTEGER REFERENCES house_accounts (id),
    tendered        INTEGER,
    change          INTEGER NOT NULL DEFAULT 0,
    tip             INTEGER NOT NULL DEFAULT 0,
    -- To whom the tip was given: HOUSE; else the staff has it.
    tip_to          TEXT,
    rounding        INTEGER NOT NULL DEFAULT 0,
    -- No index: only added to; read with their order.
    refund_of       INTEGER REFERENCES payments (id),
    -- Of a refund: the part of the sale that went back, JSON; why; and why by another way than the one
    -- it came by.
    parts           TEXT,
    reason          TEXT,
    way_reason      TEXT,
    -- One that was under way, or of which nobody knew: who found out, when, and how they know.
    cleared_at      INTEGER,
    -- No index: people are hidden and never deleted, and nobody asks by it.
    cleared_by_id   INTEGER REFERENCES users (id),
    cleared_reason  TEXT,
    -- No index: people are hidden and never deleted, and nobody asks by it.
    user_id         INTEGER NOT NULL REFERENCES users (id),
    device_id       INTEGER,
    created_at      INTEGER NOT NULL
) STRICT;
CREATE INDEX payments_order ON payments (order_id);
-- Of which somebody has to find out: few, and none for long.
CREATE INDEX payments_unclear ON payments (id) WHERE state IN ('PENDING', 'UNKNOWN');
-- Money by method and the moment it moved.
CREATE INDEX payments_method ON payments (method_id, created_at, kind, state, amount, tip, rounding);
CREATE INDEX payments_account ON payments (account_id) WHERE account_id IS NOT NULL;

-- Of each move of an account: rows are only ever added, and their sum is the balance.
CREATE TABLE account_moves (
    id              INTEGER PRIMARY KEY,
    account_id      INTEGER NOT NULL REFERENCES house_accounts (id),
    -- DEPOSIT, SETTLEMENT: money came in. GIVEN_BACK: it went out. CHARGE: a check was paid by it.
    -- RETURNED: what was paid so went back.
    kind            TEXT NOT NULL,
    -- What it adds to the balance, and the balance after it.
    amount          INTEGER NOT NULL,
    balance         INTEGER NOT NULL,
    -- How money came or went; none where a check was paid.
    method_id       INTEGER REFERENCES payment_methods (id),
    method_name     TEXT,
    -- The payment or refund of a check: each moves an account once.
    payment_id      INTEGER REFERENCES payments (id),
    reason          TEXT,
    way_reason      TEXT,
    -- No index on both: people are hidden and never deleted, and nobody asks by it.
    user_id         INTEGER NOT NULL REFERENCES users (id),
    approved_by_id  INTEGER REFERENCES users (id),
    device_id       INTEGER,
    created_at      INTEGER NOT NULL
) STRICT;
CREATE INDEX account_moves_account ON account_moves (account_id);
CREATE UNIQUE INDEX account_moves_payment ON account_moves (payment_id) WHERE payment_id IS NOT NULL;
-- By which ways money of an account came.
CREATE INDEX account_moves_money ON account_moves (account_id, method_id, amount)
    WHERE method_id IS NOT NULL;
CREATE INDEX account_moves_method ON account_moves (method_id, created_at, amount)
    WHERE method_id IS NOT NULL;
CREATE INDEX account_moves_when ON account_moves (created_at, account_id, kind, amount);

-- How tips are shared out from a day (YYYYMMDD) on: shares in percent by role, JSON; none where each
-- keeps their own.
CREATE TABLE tip_rules (
    id              INTEGER PRIMARY KEY,
    from_day        INTEGER NOT NULL UNIQUE,
    shares          TEXT NOT NULL,
    created_at      INTEGER NOT NULL
) STRICT;

-- Who worked on which day, in which role then: pooled tips are shared among them.
CREATE TABLE work_days (
    id              INTEGER PRIMARY KEY,
    business_day    INTEGER NOT NULL,
    user_id         INTEGER NOT NULL REFERENCES users (id),
    role            TEXT NOT NULL,
    UNIQUE (business_day, user_id)
) STRICT;
CREATE INDEX work_days_user ON work_days (user_id);

-- Visits --------------------------------------------------------------------------------------------

-- A visit: those who sit at a table, from the first phone to the bill. Phones belong to a visit and not
-- to a table, so nobody reads the next party's bill; who was seated may still read how it ended.
CREATE TABLE visits (
    id              INTEGER PRIMARY KEY,
    table_id        INTEGER NOT NULL REFERENCES tables (id),
    began_at        INTEGER NOT NULL,
    -- The newest event when it came to its table: what happened there before is not its business.
    since_seq       INTEGER NOT NULL,
    ended_at        INTEGER,
    -- The last order that ended in it; one that was paid goes before others.
    order_id        INTEGER REFERENCES orders (id)
) STRICT;
CREATE INDEX visits_open ON visits (table_id) WHERE ended_at IS NULL;
CREATE INDEX visits_table ON visits (table_id);
CREATE INDEX visits_order ON visits (order_id);
CREATE INDEX visits_ended ON visits (ended_at);

CREATE TABLE guest_sessions (
    token_hash      BLOB PRIMARY KEY,
    visit_id        INTEGER NOT NULL REFERENCES visits (id),
    created_at      INTEGER NOT NULL,
    expires_at      INTEGER NOT NULL,
    -- When the phone last asked for something: it sat down, ordered or called.
    seen_at         INTEGER NOT NULL,
    -- Where it comes from: with too many phones at a table, those of the busiest address go.
    net             TEXT NOT NULL,
    -- When a member of staff took on what it ordered: from then on its orders need no word.
    known_at        INTEGER,
    -- Whether it sat there before the bill was opened: it reads that after a word from staff.
    waits           INTEGER NOT NULL DEFAULT 0,
    -- The call by which it last asked a waiter to come; who answers that gives the word.
    call_id         INTEGER
) STRICT;
CREATE INDEX guest_sessions_visit ON guest_sessions (visit_id, created_at);
CREATE INDEX guest_sessions_expiry ON guest_sessions (expires_at);

-- Which phone ordered a line that waits for a waiter's word.
CREATE TABLE guest_lines (
    item_id         INTEGER PRIMARY KEY REFERENCES order_items (id),
    token_hash      BLOB NOT NULL REFERENCES guest_sessions (token_hash) ON DELETE CASCADE
) STRICT;
CREATE INDEX guest_lines_session ON guest_lines (token_hash);

-- A table that is switched off or removed, by whichever way, has no guests.
CREATE TRIGGER tables_off AFTER UPDATE OF is_active, deleted_at ON tables
WHEN new.is_active = 0 OR new.deleted_at IS NOT NULL
BEGIN
    UPDATE visits SET ended_at = new.updated_at WHERE table_id = new.id AND ended_at IS NULL;
END;

-- A table's guests call a waiter, or ask for the bill. At most one open call of each kind.
CREATE TABLE calls (
    id                  INTEGER PRIMARY KEY,
    table_id            INTEGER NOT NULL REFERENCES tables (id),
    kind                TEXT NOT NULL,
    -- No index: ways to pay are hidden and never deleted.
    payment_method_id   INTEGER REFERENCES payment_methods (id),
    -- Whose bill was asked for, where a guest asked to pay their own part; and which parts, by phone. JSON.
    order_id            INTEGER,
    parts               TEXT,
    created_at          INTEGER NOT NULL,
    answered_at         INTEGER,
    -- No index: people are hidden and never deleted, and nobody asks by it.
    answered_by_id      INTEGER REFERENCES users (id)
) STRICT;
CREATE UNIQUE INDEX calls_open ON calls (table_id, kind) WHERE answered_at IS NULL;
CREATE INDEX calls_answered ON calls (answered_at) WHERE answered_at IS NOT NULL;
CREATE INDEX calls_parts ON calls (order_id) WHERE order_id IS NOT NULL;

-- Figures -------------------------------------------------------------------------------------------

-- What orders brought, written down when it happens and only ever added to (docs/adr/0066). A sale
-- that changes (a refund, another waiter) is a row that takes back and a row that adds; what an order
-- brings now is the sum of its rows. The sums by day follow from these rows alone.
CREATE TABLE entries (
    id                  INTEGER PRIMARY KEY,
    at                  INTEGER NOT NULL,
    order_id            INTEGER NOT NULL REFERENCES orders (id),
    -- The order's own day, quarter of an hour, kind, and waiter (0: nobody).
    business_day        INTEGER NOT NULL,
    quarter             INTEGER NOT NULL,
    order_type          TEXT NOT NULL,
    waiter_id           INTEGER NOT NULL,
    -- ORDER: an order is sold. SOLD: a line of it, on a check, with what is left of it after refunds.
    -- REFUNDED, CANCELLED: of an order. REMOVED: a line that was taken off. TIP: of an order, for the
    -- staff; TIP_HOUSE: for the house; TIP_HELD: of one that was called off and not given back yet.
    kind                TEXT NOT NULL,
    check_id            INTEGER,
    item_id             INTEGER,
    dish_variation_id   INTEGER,
    -- Orders, and their guests, with what the orders brought whose guests were counted.
    orders              INTEGER NOT NULL DEFAULT 0,
    covers              INTEGER NOT NULL DEFAULT 0,
    covers_revenue      INTEGER NOT NULL DEFAULT 0,
    -- Pieces; a line that was weighed or poured out is one. Of such a line also how much it was, in
    -- thousandths of a kilogram or litre.
    quantity            INTEGER NOT NULL DEFAULT 0,
    measured            INTEGER NOT NULL DEFAULT 0,
    gross               INTEGER NOT NULL DEFAULT 0,
    discount            INTEGER NOT NULL DEFAULT 0,
    comp                INTEGER NOT NULL DEFAULT 0,
    service             INTEGER NOT NULL DEFAULT 0,
    fee                 INTEGER NOT NULL DEFAULT 0,
    -- SOLD: at which rate it is taxed: INCLUDED, ADDED, NONE, or EXEMPT where the check was freed of it;
    -- the tax; and the tax that was taken out of the price of one that was.
    tax_kind            TEXT,
    tax_rate            INTEGER,
    tax                 INTEGER NOT NULL DEFAULT 0,
    exempt              INTEGER NOT NULL DEFAULT 0,
    -- SOLD: the revenue, `gross - discount - comp - exempt + service + fee + added tax`. Else what it is
    -- about.
    amount              INTEGER NOT NULL DEFAULT 0,
    actor_id            INTEGER
) STRICT;
CREATE INDEX entries_order ON entries (order_id);

-- What an entry brings to its day: the sums by day are sums of this, and of nothing else
-- (src/core/store/sums.rs).
CREATE VIEW entry_figures AS
SELECT id, order_id, business_day, quarter, order_type, waiter_id, dish_variation_id, kind,
       iif(kind = 'ORDER', orders, 0) AS orders,
       iif(kind = 'SOLD', amount, 0) AS revenue,
       iif(kind = 'SOLD', quantity, 0) AS quantity,
       iif(kind = 'SOLD', measured, 0) AS measured,
       discount, comp, service, fee, tax_kind, tax_rate, tax, exempt, covers, covers_revenue,
       iif(kind = 'CANCELLED', orders, 0) AS cancelled_orders,
       iif(kind = 'CANCELLED', amount, 0) AS cancelled,
       iif(kind = 'REFUNDED', orders, 0) AS refunded_orders,
       iif(kind = 'REFUNDED', amount, 0) AS refunded,
       iif(kind = 'REMOVED', quantity, 0) AS removed_quantity,
       iif(kind = 'REMOVED', amount, 0) AS removed,
       iif(kind IN ('TIP', 'TIP_HOUSE', 'TIP_HELD'), amount, 0) AS tips,
       iif(kind = 'TIP_HOUSE', amount, 0) AS house_tips,
       iif(kind = 'TIP_HELD', amount, 0) AS held_tips
FROM entries;

-- A year is read as days and not as its orders; what is counted: docs/REPORTS.md. By waiter (0: nobody)
-- and kind of order.
CREATE TABLE daily_waiters (
    business_day        INTEGER NOT NULL,
    waiter_id           INTEGER NOT NULL,
    order_type          TEXT NOT NULL,
    orders              INTEGER NOT NULL,
    revenue             INTEGER NOT NULL,
    cancelled_orders    INTEGER NOT NULL,
    cancelled           INTEGER NOT NULL,
    refunded_orders     INTEGER NOT NULL,
    refunded            INTEGER NOT NULL,
    covers              INTEGER NOT NULL,
    covers_revenue      INTEGER NOT NULL,
    discount            INTEGER NOT NULL,
    comp                INTEGER NOT NULL,
    service             INTEGER NOT NULL,
    fee                 INTEGER NOT NULL,
    tax                 INTEGER NOT NULL,
    removed             INTEGER NOT NULL,
    -- All of them, and what of them is not the staff's: given to the house, or waiting to go back.
    tips                INTEGER NOT NULL,
    house_tips          INTEGER NOT NULL,
    held_tips           INTEGER NOT NULL,
    PRIMARY KEY (business_day, waiter_id, order_type)
) STRICT, WITHOUT ROWID;

-- By the quarter of an hour (since 1970, UTC) in which a sold order was placed: every zone's
-- hours are made of whole ones.
CREATE TABLE daily_quarters (
    business_day        INTEGER NOT NULL,
    quarter             INTEGER NOT NULL,
    orders              INTEGER NOT NULL,
    revenue             INTEGER NOT NULL,
    PRIMARY KEY (business_day, quarter)
) STRICT, WITHOUT ROWID;

-- By dish and size. The day comes second: a sum over days then needs no sorting.
CREATE TABLE daily_dishes (
    dish_variation_id   INTEGER NOT NULL,
    business_day        INTEGER NOT NULL,
    quantity            INTEGER NOT NULL,
    measured            INTEGER NOT NULL,
    revenue             INTEGER NOT NULL,
    removed_quantity    INTEGER NOT NULL,
    removed             INTEGER NOT NULL,
    PRIMARY KEY (dish_variation_id, business_day)
) STRICT, WITHOUT ROWID;

-- By rate: what was sold with it, the tax of that, and what was not asked for.
CREATE TABLE daily_taxes (
    business_day        INTEGER NOT NULL,
    tax_kind            TEXT NOT NULL,
    tax_rate            INTEGER NOT NULL,
    revenue             INTEGER NOT NULL,
    tax                 INTEGER NOT NULL,
    exempt              INTEGER NOT NULL,
    PRIMARY KEY (business_day, tax_kind, tax_rate)
) STRICT, WITHOUT ROWID;

-- Lines by the whole minutes from the kitchen's ear to ready (240: or more). `waiting` and
-- `making` are the milliseconds before and after it was begun.
CREATE TABLE daily_kitchen (
    department          TEXT NOT NULL,
    business_day        INTEGER NOT NULL,
    minutes             INTEGER NOT NULL,
    lines               INTEGER NOT NULL,
    late                INTEGER NOT NULL,
    waiting             INTEGER NOT NULL,
    making              INTEGER NOT NULL,
    PRIMARY KEY (department, business_day, minutes)
) STRICT, WITHOUT ROWID;

-- A line that was ready once, and has not been called back since.
CREATE VIEW kitchen_figures AS
SELECT i.id, i.department, o.business_day,
       min(max(i.ready_at - i.sent_to_kitchen_at, 0) / 60000, 240) AS minutes,
       1 AS lines,
       coalesce(i.ready_at > i.sent_to_kitchen_at + i.estimated_preparation_time * 60000, 0)
           AS late,
       max(coalesce(i.preparation_started_at, i.ready_at) - i.sent_to_kitchen_at, 0) AS waiting,
       max(i.ready_at - coalesce(i.preparation_started_at, i.ready_at), 0) AS making
FROM order_items i JOIN orders o ON o.id = i.order_id
WHERE i.ready_at IS NOT NULL AND i.sent_to_kitchen_at IS NOT NULL;

-- The kitchen's times are kept as lines change: what a line brought goes before the change, what it
-- brings comes after. A trigger on INSERT, whether it does anything or not, makes SQLite keep a journal
-- of each single statement; whoever inserts lines that were ready counts anew (src/core/store/sums.rs).
CREATE TRIGGER times_before_line BEFORE UPDATE OF order_id, department, sent_to_kitchen_at,
    preparation_started_at, ready_at, estimated_preparation_time ON order_items
WHEN old.ready_at IS NOT NULL
 AND (old.ready_at IS NOT new.ready_at
      OR old.order_id <> new.order_id OR old.department <> new.department
      OR old.sent_to_kitchen_at IS NOT new.sent_to_kitchen_at
      OR old.preparation_started_at IS NOT new.preparation_started_at
      OR old.estimated_preparation_time IS NOT new.estimated_preparation_time)
BEGIN
    INSERT INTO daily_kitchen (department, business_day, minutes, lines, late, waiting, making)
    SELECT department, business_day, minutes, -lines, -late, -waiting, -making FROM
            kitchen_figures
    WHERE id = old.id
    ON CONFLICT DO UPDATE SET
        lines = lines + excluded.lines, late = late + excluded.late,
        waiting = waiting + excluded.waiting, making = making + excluded.making;
END;

CREATE TRIGGER times_after_line AFTER UPDATE OF order_id, department, sent_to_kitchen_at,
    preparation_started_at, ready_at, estimated_preparation_time ON order_items
WHEN new.ready_at IS NOT NULL
 AND (old.ready_at IS NOT new.ready_at
      OR old.order_id <> new.order_id OR old.department <> new.department
      OR old.sent_to_kitchen_at IS NOT new.sent_to_kitchen_at
      OR old.preparation_started_at IS NOT new.preparation_started_at
      OR old.estimated_preparation_time IS NOT new.estimated_preparation_time)
BEGIN
    INSERT INTO daily_kitchen (department, business_day, minutes, lines, late, waiting, making)
    SELECT department, business_day, minutes, lines, late, waiting, making FROM kitchen_figures
    WHERE id = new.id
    ON CONFLICT DO UPDATE SET
        lines = lines + excluded.lines, late = late + excluded.late,
        waiting = waiting + excluded.waiting, making = making + excluded.making;
END;

-- Events, keys and jobs -----------------------------------------------------------------------------

-- What happened, for who listens (docs/FEED.md). Which table's guests and whose waiter it concerns
-- decides who hears of it. The whole order that it tells stands with it only where somebody may ask for
-- the reply again: as it is (order_json) while it is short, else compressed.
CREATE TABLE events (
    seq             INTEGER PRIMARY KEY,
    at              INTEGER NOT NULL,
    kind            TEXT NOT NULL,
    audience        INTEGER NOT NULL,
    subject         TEXT NOT NULL DEFAULT 'restaurant',
    subject_id      INTEGER,
    table_id        INTEGER,
    waiter_id       INTEGER,
    actor_id        INTEGER,
    status          TEXT,
    data            TEXT NOT NULL,
    order_json      TEXT,
    order_packed    BLOB
) STRICT;
-- What happened to an order. Other subjects are not looked for, and cost nothing.
CREATE INDEX events_order ON events (subject_id) WHERE subject = 'order';

-- How far each durable reader of the events has come: what it has not read is not trimmed.
CREATE TABLE event_subscriptions (
    name            TEXT PRIMARY KEY,
    -- The newest event that it has read.
    position        INTEGER NOT NULL,
    -- Since when events are gone that it has not read: it stayed away for too long.
    cut_off_at      INTEGER
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

-- What is to be done after the deed (docs/adr/0056): a row is written in the deed's own transaction, and
-- its outcome when it is known.
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
    -- When the box goes on with it by itself; none while it is under way, when it has ended, and when it
    -- waits for a person.
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

-- The door ------------------------------------------------------------------------------------------

-- Who is kept out, and until when. One row for each net; it is gone some time after it expired.
CREATE TABLE blocks (
    id              INTEGER PRIMARY KEY,
    net             TEXT NOT NULL UNIQUE,
    reason          TEXT NOT NULL,
    note            TEXT,
    created_at      INTEGER NOT NULL,
    expires_at      INTEGER NOT NULL,
    -- No index: people are hidden and never deleted, and nobody asks by it.
    created_by_id   INTEGER REFERENCES users (id)
) STRICT;
CREATE INDEX blocks_expire ON blocks (expires_at);

-- Addresses and nets that are never limited and never blocked, beside those of the settings.
CREATE TABLE trusted_nets (
    id              INTEGER PRIMARY KEY,
    net             TEXT NOT NULL UNIQUE,
    note            TEXT,
    created_at      INTEGER NOT NULL,
    -- No index: people are hidden and never deleted, and nobody asks by it.
    created_by_id   INTEGER NOT NULL REFERENCES users (id)
) STRICT;

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

-- The cloud -----------------------------------------------------------------------------------------

-- Which rows each commit touched and the cloud has not taken yet: one row a commit, its keys packed as
-- src/core/store/changes.rs says. Written only by a box that belongs to a cloud. `tag` is a random
-- number: two copies of one card write the same seq, but not the same tag.
CREATE TABLE changes (
    seq             INTEGER PRIMARY KEY,
    keys            BLOB NOT NULL,
    tag             INTEGER NOT NULL
) STRICT;

-- The box's end of the wire to the cloud; a row is here once the box belongs to one. `batch` counts what
-- the cloud has taken, and `epoch` tells this box from the one it replaced.
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

-- What is wrong with the copy: also on a box that never came to belong to a cloud. A row while something
-- is.
CREATE TABLE cloud_trouble (
    id              INTEGER PRIMARY KEY CHECK (id = 1),
    code            TEXT NOT NULL,
    words           TEXT NOT NULL,
    since           INTEGER NOT NULL
) STRICT;

-- What the cloud is about to give this box. Where the box did not hear the answer, it knows by this that
-- the epoch which it finds there is its own. A row while that is not settled.
CREATE TABLE cloud_joining (
    id              INTEGER PRIMARY KEY CHECK (id = 1),
    site_id         TEXT NOT NULL,
    epoch           INTEGER NOT NULL
) STRICT;
