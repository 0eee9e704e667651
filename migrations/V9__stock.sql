-- What is on the shelf and what it costs (docs/adr/0086-stock.md). Amounts are thousandths of a good's
-- unit: milligrams, microlitres, thousandths of a piece.

CREATE TABLE stock_goods (
    id              INTEGER PRIMARY KEY,
    name            TEXT NOT NULL,
    -- g, ml or pc.
    base_unit       TEXT NOT NULL,
    -- RAW, PREP or RESALE.
    kind            TEXT NOT NULL,
    -- A PREP good that is made by a document before it is needed; else a dish takes what it is made of.
    made_in_advance INTEGER NOT NULL DEFAULT 0,
    -- What is done when it runs out: OFF or STOP.
    watch           TEXT NOT NULL DEFAULT 'OFF',
    -- To be bought again from here down; none: nobody says.
    low_at          INTEGER,
    ingredient_id   INTEGER REFERENCES ingredients (id),
    created_at      INTEGER NOT NULL,
    updated_at      INTEGER NOT NULL,
    deleted_at      INTEGER
) STRICT;
CREATE UNIQUE INDEX stock_goods_name ON stock_goods (name) WHERE deleted_at IS NULL;
CREATE INDEX stock_goods_ingredient ON stock_goods (ingredient_id) WHERE ingredient_id IS NOT NULL;

-- In what it is bought: a bottle, a box.
CREATE TABLE stock_packs (
    id              INTEGER PRIMARY KEY,
    good_id         INTEGER NOT NULL REFERENCES stock_goods (id),
    name            TEXT NOT NULL,
    barcode         TEXT,
    -- How much is in it.
    quantity        INTEGER NOT NULL CHECK (quantity > 0),
    created_at      INTEGER NOT NULL,
    updated_at      INTEGER NOT NULL,
    deleted_at      INTEGER
) STRICT;
CREATE INDEX stock_packs_good ON stock_packs (good_id);
CREATE UNIQUE INDEX stock_packs_barcode ON stock_packs (barcode)
    WHERE barcode IS NOT NULL AND deleted_at IS NULL;

CREATE TABLE stock_places (
    id              INTEGER PRIMARY KEY,
    name            TEXT NOT NULL,
    -- Whose dishes take from here, as JSON; what none names is taken from the first place.
    departments     TEXT NOT NULL DEFAULT '[]',
    sort_order      INTEGER NOT NULL DEFAULT 0,
    created_at      INTEGER NOT NULL,
    updated_at      INTEGER NOT NULL,
    deleted_at      INTEGER
) STRICT;
CREATE UNIQUE INDEX stock_places_name ON stock_places (name) WHERE deleted_at IS NULL;
INSERT INTO stock_places (id, name, created_at, updated_at)
VALUES (1, 'Склад', unixepoch() * 1000, unixepoch() * 1000);

-- In which order goods lie there: how they are counted.
CREATE TABLE stock_shelves (
    id              INTEGER PRIMARY KEY,
    place_id        INTEGER NOT NULL REFERENCES stock_places (id),
    good_id         INTEGER NOT NULL REFERENCES stock_goods (id),
    sort_order      INTEGER NOT NULL,
    UNIQUE (place_id, good_id)
) STRICT;
CREATE INDEX stock_shelves_good ON stock_shelves (good_id);

CREATE TABLE suppliers (
    id              INTEGER PRIMARY KEY,
    name            TEXT NOT NULL,
    phone           TEXT,
    note            TEXT,
    created_at      INTEGER NOT NULL,
    updated_at      INTEGER NOT NULL,
    deleted_at      INTEGER
) STRICT;
CREATE UNIQUE INDEX suppliers_name ON suppliers (name) WHERE deleted_at IS NULL;

-- What was agreed: so much of a good for so much money.
CREATE TABLE supplier_prices (
    id              INTEGER PRIMARY KEY,
    supplier_id     INTEGER NOT NULL REFERENCES suppliers (id),
    good_id         INTEGER NOT NULL REFERENCES stock_goods (id),
    quantity        INTEGER NOT NULL CHECK (quantity > 0),
    price           INTEGER NOT NULL,
    UNIQUE (supplier_id, good_id)
) STRICT;
CREATE INDEX supplier_prices_good ON supplier_prices (good_id);

-- Of a size of a dish, an option or a good; from a moment on, until a newer one holds.
CREATE TABLE recipes (
    id              INTEGER PRIMARY KEY,
    variation_id    INTEGER REFERENCES dish_variations (id),
    option_id       INTEGER REFERENCES modifier_options (id),
    good_id         INTEGER REFERENCES stock_goods (id),
    valid_from      INTEGER NOT NULL,
    batch_out       INTEGER NOT NULL CHECK (batch_out > 0),
    note            TEXT,
    -- No index: people are hidden and never deleted, and nobody asks by it.
    created_by_id   INTEGER REFERENCES users (id),
    created_at      INTEGER NOT NULL,
    updated_at      INTEGER NOT NULL,
    deleted_at      INTEGER,
    CHECK ((variation_id IS NULL) + (option_id IS NULL) + (good_id IS NULL) = 2)
) STRICT;
CREATE INDEX recipes_variation ON recipes (variation_id) WHERE variation_id IS NOT NULL;
CREATE INDEX recipes_option ON recipes (option_id) WHERE option_id IS NOT NULL;
CREATE INDEX recipes_good ON recipes (good_id) WHERE good_id IS NOT NULL;

CREATE TABLE recipe_lines (
    id              INTEGER PRIMARY KEY,
    recipe_id       INTEGER NOT NULL REFERENCES recipes (id),
    sort_order      INTEGER NOT NULL,
    good_id         INTEGER NOT NULL REFERENCES stock_goods (id),
    gross           INTEGER NOT NULL CHECK (gross > 0),
    -- What is lost when it is cleaned, and then when it is cooked: hundredths of a percent.
    cold            INTEGER NOT NULL DEFAULT 0,
    hot             INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX recipe_lines_recipe ON recipe_lines (recipe_id, sort_order);
CREATE INDEX recipe_lines_good ON recipe_lines (good_id);

CREATE TABLE stock_documents (
    id              INTEGER PRIMARY KEY,
    kind            TEXT NOT NULL,
    -- DRAFT, POSTED or REVERSED.
    state           TEXT NOT NULL,
    -- When it happened.
    at              INTEGER NOT NULL,
    -- No index on both: places are hidden and never deleted; documents are few and read by their age.
    place_id        INTEGER NOT NULL REFERENCES stock_places (id),
    to_place_id     INTEGER REFERENCES stock_places (id),
    -- No index: suppliers are hidden and never deleted; documents are read by their age.
    supplier_id     INTEGER REFERENCES suppliers (id),
    -- The supplier's number.
    number          TEXT,
    -- Why, or what for.
    reason          TEXT,
    -- Which one it takes back.
    reverses_id     INTEGER REFERENCES stock_documents (id),
    -- What its lines come to.
    total           INTEGER NOT NULL DEFAULT 0,
    -- Grows with each change of a draft.
    version         INTEGER NOT NULL DEFAULT 1,
    -- No index on both: people are hidden and never deleted, and nobody asks by it.
    created_by_id   INTEGER REFERENCES users (id),
    posted_by_id    INTEGER REFERENCES users (id),
    posted_at       INTEGER,
    created_at      INTEGER NOT NULL,
    updated_at      INTEGER NOT NULL,
    deleted_at      INTEGER
) STRICT;
CREATE UNIQUE INDEX stock_documents_reverses ON stock_documents (reverses_id)
    WHERE reverses_id IS NOT NULL;

CREATE TABLE stock_document_lines (
    id              INTEGER PRIMARY KEY,
    document_id     INTEGER NOT NULL REFERENCES stock_documents (id),
    sort_order      INTEGER NOT NULL,
    -- No index: goods are hidden and never deleted; a line is read with its document.
    good_id         INTEGER NOT NULL REFERENCES stock_goods (id),
    -- In its unit; of a count what was found.
    quantity        INTEGER NOT NULL,
    -- What all of it costs; none where nobody says.
    sum             INTEGER,
    -- No index: packs are hidden and never deleted.
    pack_id         INTEGER REFERENCES stock_packs (id),
    -- Of a count: when it was counted.
    at              INTEGER
) STRICT;
CREATE INDEX stock_document_lines_document ON stock_document_lines (document_id, sort_order);

-- What came and went. A row is only ever added; what it is worth is counted anew when something is
-- written down late (src/features/stock/ledger).
CREATE TABLE stock_moves (
    id              INTEGER PRIMARY KEY,
    good_id         INTEGER NOT NULL REFERENCES stock_goods (id),
    -- No index: places are hidden and never deleted; what is in one stands in stock_levels.
    place_id        INTEGER NOT NULL REFERENCES stock_places (id),
    at              INTEGER NOT NULL,
    kind            TEXT NOT NULL,
    quantity        INTEGER NOT NULL,
    -- What it adds to the value of what is there, and what it makes right of what went before it came.
    value           INTEGER NOT NULL,
    correction      INTEGER NOT NULL DEFAULT 0,
    -- What was paid; none where it goes at the average.
    cost            INTEGER,
    -- What was found when it was counted.
    counted         INTEGER,
    document_id     INTEGER REFERENCES stock_documents (id),
    document_line   INTEGER,
    order_item_id   INTEGER REFERENCES order_items (id),
    -- No index: only added to; read from the other side.
    undoes_id       INTEGER REFERENCES stock_moves (id),
    -- No index: people are hidden and never deleted, and nobody asks by it.
    user_id         INTEGER REFERENCES users (id),
    -- How the good stands after it, in all places.
    after_quantity  INTEGER NOT NULL,
    average_money   INTEGER NOT NULL,
    average_quantity INTEGER NOT NULL,
    created_at      INTEGER NOT NULL
) STRICT;
CREATE INDEX stock_moves_good ON stock_moves (good_id, at);
CREATE INDEX stock_moves_document ON stock_moves (document_id, document_line)
    WHERE document_id IS NOT NULL;
CREATE INDEX stock_moves_item ON stock_moves (order_item_id) WHERE order_item_id IS NOT NULL;

-- What the moves come to.
CREATE TABLE stock_levels (
    id              INTEGER PRIMARY KEY,
    good_id         INTEGER NOT NULL REFERENCES stock_goods (id),
    -- No index: places are hidden and never deleted; read with their good.
    place_id        INTEGER NOT NULL REFERENCES stock_places (id),
    quantity        INTEGER NOT NULL,
    UNIQUE (good_id, place_id)
) STRICT;

CREATE TABLE stock_costs (
    -- The good's.
    id              INTEGER PRIMARY KEY REFERENCES stock_goods (id),
    quantity        INTEGER NOT NULL,
    value           INTEGER NOT NULL,
    average_money   INTEGER NOT NULL,
    average_quantity INTEGER NOT NULL
) STRICT;

-- How many portions of a size are left, beside what people take off the menu by hand: counted down by
-- orders (COUNTDOWN), or as many as the goods on the shelf make (GOODS). One does not lift the other.
CREATE TABLE portions_left (
    id              INTEGER PRIMARY KEY,
    variation_id    INTEGER NOT NULL REFERENCES dish_variations (id),
    source          TEXT NOT NULL,
    -- Thousandths of a piece, a kilogram, a litre.
    quantity        INTEGER NOT NULL,
    updated_at      INTEGER NOT NULL,
    UNIQUE (variation_id, source)
) STRICT;
