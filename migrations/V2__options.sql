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

-- What was chosen with a line, as JSON: as it was called and cost then. What it adds to the price of
-- one stands in `modifiers`.
ALTER TABLE order_items ADD COLUMN chosen TEXT;
