-- Guests who come back (docs/adr/0096-customers.md). One row holds the person; everything else has its id
-- alone, so that one row is emptied when somebody wants to be forgotten.

CREATE TABLE customers (
    id              INTEGER PRIMARY KEY,
    name            TEXT NOT NULL,
    -- As it was typed, and what tells it from others: its last digits, the last one first.
    phone           TEXT,
    phone_digits    TEXT,
    email           TEXT,
    -- YYYYMMDD.
    birthday        INTEGER,
    notes           TEXT,
    -- The waiter sees them at the bill.
    allergies       TEXT,
    created_at      INTEGER NOT NULL,
    updated_at      INTEGER NOT NULL,
    -- From here on nobody sees the row; it is emptied when all else is (customer_erasures).
    erased_at       INTEGER,
    -- It was the same person: all that was theirs is that one's. Never a chain.
    merged_into_id  INTEGER REFERENCES customers (id)
) STRICT;
CREATE INDEX customers_phone ON customers (phone_digits) WHERE phone_digits IS NOT NULL;
CREATE INDEX customers_merged ON customers (merged_into_id) WHERE merged_into_id IS NOT NULL;

-- The words of a name in small letters: each of them finds the person.
CREATE TABLE customer_words (
    id              INTEGER PRIMARY KEY,
    customer_id     INTEGER NOT NULL REFERENCES customers (id),
    word            TEXT NOT NULL
) STRICT;
CREATE INDEX customer_words_word ON customer_words (word, customer_id);
CREATE INDEX customer_words_customer ON customer_words (customer_id);

-- What somebody agreed to or took back: to which text, when, who wrote it down. Only ever added to.
CREATE TABLE customer_consents (
    id              INTEGER PRIMARY KEY,
    customer_id     INTEGER NOT NULL REFERENCES customers (id),
    kind            TEXT NOT NULL,
    is_given        INTEGER NOT NULL,
    text_version    TEXT NOT NULL,
    -- No index: people are hidden and never deleted.
    user_id         INTEGER NOT NULL REFERENCES users (id),
    at              INTEGER NOT NULL
) STRICT;
CREATE INDEX customer_consents_customer ON customer_consents (customer_id);

-- Who was forgotten: a restore reads it in the data that it replaces, and forgets them again.
CREATE TABLE customer_erasures (
    id              INTEGER PRIMARY KEY,
    customer_id     INTEGER NOT NULL UNIQUE REFERENCES customers (id),
    at              INTEGER NOT NULL,
    -- No index: people are hidden and never deleted.
    user_id         INTEGER REFERENCES users (id),
    -- In how many orders something of theirs stood.
    orders          INTEGER NOT NULL DEFAULT 0,
    finished_at     INTEGER,
    -- Since when the unused space of the file has no older copy of it.
    overwritten_at    INTEGER
) STRICT;
CREATE INDEX customer_erasures_open ON customer_erasures (id) WHERE overwritten_at IS NULL;

-- Whose order it is. Most are nobody's, and cost nothing.
ALTER TABLE orders ADD COLUMN customer_id INTEGER REFERENCES customers (id);
CREATE INDEX orders_of_customer ON orders (customer_id) WHERE customer_id IS NOT NULL;
