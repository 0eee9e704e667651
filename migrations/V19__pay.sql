-- Payments that come over the wire (docs/adr/0098).

-- Who takes them: a provider of online payments, or a card terminal that stands apart.
CREATE TABLE pay_providers (
    id              INTEGER PRIMARY KEY,
    name            TEXT NOT NULL,
    -- YOOKASSA, RAIFFEISEN, STRIPE, TERMINAL.
    kind            TEXT NOT NULL,
    -- The way to pay under which its payments are booked.
    -- No index: ways to pay are hidden and never deleted, and nobody asks by it.
    method_id       INTEGER NOT NULL REFERENCES payment_methods (id),
    -- Where its server is; none: where its documents say.
    address         TEXT,
    -- Whose account it is there: the shop, the merchant.
    account         TEXT,
    -- Its key, sealed with the box's own.
    secret          BLOB,
    -- Whether it prints the fiscal receipt, by which system of taxes, and where the copy goes when the guest
    -- names no address.
    receipts        INTEGER NOT NULL DEFAULT 0,
    taxation        TEXT,
    receipt_to      TEXT,
    -- For how many minutes a link can be paid.
    minutes         INTEGER NOT NULL DEFAULT 15,
    is_active       INTEGER NOT NULL DEFAULT 1,
    -- In whose name a guest's payment stands at a table that nobody serves.
    -- No index: people are hidden and never deleted, and nobody asks by it.
    created_by_id   INTEGER NOT NULL REFERENCES users (id),
    created_at      INTEGER NOT NULL,
    updated_at      INTEGER NOT NULL,
    deleted_at      INTEGER
) STRICT;
CREATE UNIQUE INDEX pay_providers_name ON pay_providers (name) WHERE deleted_at IS NULL;

-- The provider by whom a payment comes, or by whom a refund is to go back, and by what it knows it.
-- No index by the provider alone: providers are hidden and never deleted.
ALTER TABLE payments ADD COLUMN provider_id INTEGER REFERENCES pay_providers (id);
ALTER TABLE payments ADD COLUMN provider_ref TEXT;
CREATE UNIQUE INDEX payments_provider ON payments (provider_id, provider_ref)
    WHERE provider_ref IS NOT NULL;
-- Refunds that are to go back over the wire, until they went.
CREATE INDEX payments_to_send_back ON payments (id)
    WHERE kind = 'REFUND' AND provider_id IS NOT NULL AND provider_ref IS NULL;

-- Somebody wants to pay: what is sent is here before the first byte goes out, and stays as it was.
CREATE TABLE pay_attempts (
    id              INTEGER PRIMARY KEY,
    -- By what the provider knows a repeat.
    uuid            TEXT NOT NULL UNIQUE,
    -- No index: providers are hidden and never deleted.
    provider_id     INTEGER NOT NULL REFERENCES pay_providers (id),
    order_id        INTEGER NOT NULL REFERENCES orders (id),
    check_id        INTEGER NOT NULL,
    -- The payment of the check; none of money that the provider has and nobody asked for.
    payment_id      INTEGER REFERENCES payments (id),
    -- What of the check, and the tip beside.
    amount          INTEGER NOT NULL,
    tip             INTEGER NOT NULL DEFAULT 0,
    body            TEXT NOT NULL,
    -- CREATED, SENT, AWAITING, PAID, FAILED, EXPIRED, LATE, VOID.
    state           TEXT NOT NULL,
    -- Whether the provider is asked how it stands.
    is_open         INTEGER NOT NULL,
    -- By what the provider knows it; by what it knows the money, where that is something else; where the
    -- guest pays.
    reference       TEXT,
    charge          TEXT,
    link            TEXT,
    -- What came in, where it is another sum than was asked for, and what the provider keeps of it.
    came            INTEGER,
    fee             INTEGER,
    -- Why it stands as it stands.
    reason          TEXT,
    -- Of a terminal that stands apart: the number on its slip.
    slip            TEXT,
    tries           INTEGER NOT NULL DEFAULT 0,
    -- Who began it: somebody of the staff, or a phone.
    -- No index: people are hidden and never deleted, and nobody asks by it.
    user_id         INTEGER REFERENCES users (id),
    phone           TEXT,
    sent_at         INTEGER,
    expires_at      INTEGER,
    settled_at      INTEGER,
    -- Of money that came too late: when all of it had gone back.
    returned_at     INTEGER,
    created_at      INTEGER NOT NULL,
    updated_at      INTEGER NOT NULL
) STRICT;
CREATE INDEX pay_attempts_open ON pay_attempts (id) WHERE is_open = 1;
CREATE INDEX pay_attempts_late ON pay_attempts (id) WHERE state = 'LATE' AND returned_at IS NULL;
CREATE INDEX pay_attempts_order ON pay_attempts (order_id);
CREATE INDEX pay_attempts_check ON pay_attempts (check_id);
CREATE INDEX pay_attempts_payment ON pay_attempts (payment_id) WHERE payment_id IS NOT NULL;
CREATE UNIQUE INDEX pay_attempts_reference ON pay_attempts (provider_id, reference)
    WHERE reference IS NOT NULL;

-- Money that goes back over the wire.
CREATE TABLE pay_refunds (
    id              INTEGER PRIMARY KEY,
    uuid            TEXT NOT NULL UNIQUE,
    attempt_id      INTEGER NOT NULL REFERENCES pay_attempts (id),
    -- The refund of the check; none of what came too late.
    payment_id      INTEGER REFERENCES payments (id),
    amount          INTEGER NOT NULL,
    body            TEXT NOT NULL,
    -- CREATED, SENT, AWAITING, DONE, FAILED.
    state           TEXT NOT NULL,
    is_open         INTEGER NOT NULL DEFAULT 1,
    reference       TEXT,
    reason          TEXT,
    tries           INTEGER NOT NULL DEFAULT 0,
    -- No index: people are hidden and never deleted, and nobody asks by it.
    user_id         INTEGER REFERENCES users (id),
    sent_at         INTEGER,
    settled_at      INTEGER,
    created_at      INTEGER NOT NULL,
    updated_at      INTEGER NOT NULL
) STRICT;
CREATE INDEX pay_refunds_open ON pay_refunds (id) WHERE is_open = 1;
CREATE INDEX pay_refunds_failed ON pay_refunds (id) WHERE state = 'FAILED';
CREATE INDEX pay_refunds_attempt ON pay_refunds (attempt_id);
CREATE INDEX pay_refunds_payment ON pay_refunds (payment_id) WHERE payment_id IS NOT NULL;

-- Which days were held against a provider's list.
CREATE TABLE pay_days (
    provider_id     INTEGER NOT NULL REFERENCES pay_providers (id),
    day             INTEGER NOT NULL,
    -- How many paid ones its list names, what they come to, how many of them nobody here knew and are known
    -- now, and how many are of nobody here.
    listed          INTEGER NOT NULL,
    sum             INTEGER NOT NULL,
    found           INTEGER NOT NULL,
    strangers       INTEGER NOT NULL,
    checked_at      INTEGER NOT NULL,
    PRIMARY KEY (provider_id, day)
) STRICT, WITHOUT ROWID;
