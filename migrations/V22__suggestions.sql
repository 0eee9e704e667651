-- What is taken with what (docs/adr/0114-suggestions.md). Counts fade: `n` is as many orders as there were
-- on `day` (days since 1970), older ones counting for less. They stay on the box, and are learnt anew from
-- past orders where they are missing.

CREATE TABLE suggestion_times (
    slot        INTEGER PRIMARY KEY,
    n           REAL NOT NULL,
    day         INTEGER NOT NULL
) STRICT;

CREATE TABLE suggestion_dishes (
    dish_id     INTEGER NOT NULL,
    slot        INTEGER NOT NULL,
    n           REAL NOT NULL,
    day         INTEGER NOT NULL,
    PRIMARY KEY (dish_id, slot)
) STRICT, WITHOUT ROWID;

CREATE TABLE suggestion_pairs (
    dish_id     INTEGER NOT NULL,
    other_id    INTEGER NOT NULL CHECK (other_id > dish_id),
    n           REAL NOT NULL,
    day         INTEGER NOT NULL,
    PRIMARY KEY (dish_id, other_id)
) STRICT, WITHOUT ROWID;

-- How far it has come with orders that were closed before it began: those with smaller ids than `below`
-- wait, `left` of them at most.
CREATE TABLE suggestion_past (
    id          INTEGER PRIMARY KEY CHECK (id = 1),
    began_at    INTEGER NOT NULL,
    below       INTEGER NOT NULL,
    left        INTEGER NOT NULL
) STRICT;

-- Each order counts once, though it be closed twice; and what came of suggestions.
CREATE TABLE suggestion_orders (
    -- No index but this: orders are never deleted.
    order_id        INTEGER PRIMARY KEY REFERENCES orders (id),
    business_day    INTEGER NOT NULL,
    -- No index: read by day.
    table_id        INTEGER REFERENCES tables (id),
    -- Whether its table was shown nothing; none where that was not decided: at no table, or all off.
    is_control      INTEGER,
    total           INTEGER NOT NULL,
    was_offered     INTEGER NOT NULL,
    was_taken       INTEGER NOT NULL
) STRICT;
CREATE INDEX suggestion_orders_day ON suggestion_orders (business_day);

-- How they are made, and what the house says of dishes.
CREATE TABLE suggestion_settings (
    id          INTEGER PRIMARY KEY CHECK (id = 1),
    is_on       INTEGER NOT NULL,
    surprise    INTEGER NOT NULL CHECK (surprise BETWEEN 0 AND 100)
) STRICT;

CREATE TABLE suggestion_marks (
    dish_id     INTEGER PRIMARY KEY REFERENCES dishes (id),
    -- PIN, BAN; none.
    mark        TEXT,
    -- The day on which the kitchen has too much of it.
    surplus_day INTEGER
) STRICT;
