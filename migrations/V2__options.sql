-- What guests choose with a dish: groups of options, shared between dishes
-- (docs/adr/0075-modifiers.md).

CREATE TABLE modifier_groups (
    id              INTEGER PRIMARY KEY,
    name            TEXT NOT NULL,
    -- How many are chosen, where the dish does not say otherwise; so many of them cost nothing.
    min_choices     INTEGER NOT NULL DEFAULT 0,
    max_choices     INTEGER NOT NULL DEFAULT 1,
    free_choices    INTEGER NOT NULL DEFAULT 0,
    -- How two halves are priced; none: there are no halves.
    halves          TEXT,
    -- What may be said before an option, as JSON: NO, EXTRA, ON_THE_SIDE.
    prefixes        TEXT NOT NULL DEFAULT '[]',
    sort_order      INTEGER NOT NULL DEFAULT 0,
    translations    TEXT NOT NULL DEFAULT '{}',
    created_at      INTEGER NOT NULL,
    updated_at      INTEGER NOT NULL,
    deleted_at      INTEGER
) STRICT;

CREATE TABLE modifier_options (
    id              INTEGER PRIMARY KEY,
    group_id        INTEGER NOT NULL REFERENCES modifier_groups (id),
    name            TEXT NOT NULL,
    -- What the kitchen calls it; none: by its name.
    kitchen_name    TEXT,
    -- What one adds to the price of a dish; below 0 where it takes off.
    price           INTEGER NOT NULL DEFAULT 0,
    -- It comes with the dish, whose price includes one.
    is_default      INTEGER NOT NULL DEFAULT 0,
    max_quantity    INTEGER NOT NULL DEFAULT 1,
    is_available    INTEGER NOT NULL DEFAULT 1,
    weight          REAL,
    calories        INTEGER,
    -- What is asked once it is chosen.
    nested_group_id INTEGER REFERENCES modifier_groups (id),
    sort_order      INTEGER NOT NULL DEFAULT 0,
    translations    TEXT NOT NULL DEFAULT '{}',
    created_at      INTEGER NOT NULL,
    updated_at      INTEGER NOT NULL,
    deleted_at      INTEGER
) STRICT;
CREATE INDEX modifier_options_group ON modifier_options (group_id, sort_order);
CREATE INDEX modifier_options_nested ON modifier_options (nested_group_id)
    WHERE nested_group_id IS NOT NULL;

CREATE TABLE option_ingredients (
    id              INTEGER PRIMARY KEY,
    option_id       INTEGER NOT NULL REFERENCES modifier_options (id),
    ingredient_id   INTEGER NOT NULL REFERENCES ingredients (id),
    UNIQUE (option_id, ingredient_id)
) STRICT;
CREATE INDEX option_ingredients_ingredient ON option_ingredients (ingredient_id);

-- Which groups a dish asks for, in their order.
CREATE TABLE dish_modifier_groups (
    id              INTEGER PRIMARY KEY,
    dish_id         INTEGER NOT NULL REFERENCES dishes (id),
    group_id        INTEGER NOT NULL REFERENCES modifier_groups (id),
    -- Other than the group says.
    min_choices     INTEGER,
    max_choices     INTEGER,
    sort_order      INTEGER NOT NULL DEFAULT 0,
    UNIQUE (dish_id, group_id)
) STRICT;
CREATE INDEX dish_modifier_groups_group ON dish_modifier_groups (group_id);

-- A dish that is a combo: its price is for one of each part (docs/adr/0076-combos.md).
CREATE TABLE combo_parts (
    id              INTEGER PRIMARY KEY,
    dish_id         INTEGER NOT NULL REFERENCES dishes (id),
    name            TEXT NOT NULL,
    sort_order      INTEGER NOT NULL DEFAULT 0,
    translations    TEXT NOT NULL DEFAULT '{}',
    created_at      INTEGER NOT NULL,
    updated_at      INTEGER NOT NULL,
    deleted_at      INTEGER
) STRICT;
CREATE INDEX combo_parts_dish ON combo_parts (dish_id, sort_order);

CREATE TABLE combo_choices (
    id                  INTEGER PRIMARY KEY,
    part_id             INTEGER NOT NULL REFERENCES combo_parts (id),
    dish_variation_id   INTEGER NOT NULL REFERENCES dish_variations (id),
    -- What it adds to the price of the combo.
    surcharge           INTEGER NOT NULL DEFAULT 0,
    is_default          INTEGER NOT NULL DEFAULT 0,
    sort_order          INTEGER NOT NULL DEFAULT 0,
    created_at          INTEGER NOT NULL,
    updated_at          INTEGER NOT NULL,
    deleted_at          INTEGER
) STRICT;
CREATE INDEX combo_choices_part ON combo_choices (part_id, sort_order);
CREATE INDEX combo_choices_variation ON combo_choices (dish_variation_id);

-- Lines of one combo name the first of them, and what it is called.
ALTER TABLE order_items ADD COLUMN combo_id INTEGER;
ALTER TABLE order_items ADD COLUMN combo_dish_id INTEGER;
ALTER TABLE order_items ADD COLUMN combo_name TEXT;

-- What was chosen with a line, as JSON: as it was called and cost then. What it adds to the price of
-- one stands in `modifiers`.
ALTER TABLE order_items ADD COLUMN chosen TEXT;

-- What of it was sold, and its share of the revenue: in proportion to what it adds to the price of one, to
-- the nearest minor unit of each entry. A line that was sold brings its options once for each piece; what
-- was left out brings nothing.
CREATE VIEW option_figures AS
SELECT e.id, e.order_id, e.business_day, c.value ->> 'option_id' AS option_id,
       e.quantity * (c.value ->> 'quantity') AS quantity,
       iif(i.price + i.modifiers = 0, 0,
           CAST(round(1.0 * e.amount * (c.value ->> 'amount') / (i.price + i.modifiers)) AS INTEGER))
           AS revenue
FROM entries e
JOIN order_items i ON i.id = e.item_id AND i.chosen IS NOT NULL
JOIN json_each(i.chosen) c
WHERE e.kind = 'SOLD' AND c.value ->> 'prefix' IS NOT 'NO';

-- By option. The day comes second: a sum over days then needs no sorting.
CREATE TABLE daily_options (
    option_id           INTEGER NOT NULL,
    business_day        INTEGER NOT NULL,
    quantity            INTEGER NOT NULL,
    revenue             INTEGER NOT NULL,
    PRIMARY KEY (option_id, business_day)
) STRICT, WITHOUT ROWID;
