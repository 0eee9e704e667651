-- Fiscal registers (docs/adr/0092): who makes fiscal documents, each document, and what became of it.
-- What is to be made waits in `jobs`.

CREATE TABLE fiscal_devices (
    id              INTEGER PRIMARY KEY,
    name            TEXT NOT NULL,
    -- ATOL: behind ATOL's web server. WEBHOOK: what others connect. BY_HAND: a till that stands apart, on which people ring up by hand.
    kind            TEXT NOT NULL,
    -- Of ATOL and WEBHOOK: where its server is, who signs in there, and which of its registers is meant.
    address         TEXT NOT NULL DEFAULT '',
    login           TEXT,
    password        TEXT,
    register_key    TEXT,
    -- BEFORE_PAYMENT or WITH_PAYMENT.
    moment          TEXT NOT NULL,
    taxation        TEXT NOT NULL,
    -- The format of its documents: V105 or V12.
    ffd             TEXT NOT NULL,
    -- Rates that the program does not know, with the register's word for each; JSON.
    taxes           TEXT NOT NULL DEFAULT '[]',
    -- Whether the cash desk's moves are rung up too.
    rings_cash      INTEGER NOT NULL DEFAULT 0,
    is_active       INTEGER NOT NULL DEFAULT 1,
    created_at      INTEGER NOT NULL,
    updated_at      INTEGER NOT NULL,
    deleted_at      INTEGER
) STRICT;
CREATE UNIQUE INDEX fiscal_devices_name ON fiscal_devices (name) WHERE deleted_at IS NULL;

-- The tax numbers of cashiers, which stand on receipts beside their names.
CREATE TABLE fiscal_cashiers (
    user_id         INTEGER PRIMARY KEY REFERENCES users (id),
    vatin           TEXT NOT NULL
) STRICT;

CREATE TABLE fiscal_documents (
    id              INTEGER PRIMARY KEY,
    -- No index: registers are marked as removed, never deleted.
    device_id       INTEGER NOT NULL REFERENCES fiscal_devices (id),
    -- SELL, SELL_RETURN, SELL_CORRECTION, CASH_IN, CASH_OUT, OPEN_SHIFT, CLOSE_SHIFT, X_REPORT.
    kind            TEXT NOT NULL,
    -- QUEUED, SENT, UNKNOWN, DONE, REFUSED, CANCELLED.
    state           TEXT NOT NULL,
    -- By what the register knows it again; a new one only when it surely did not make the document.
    uuid            TEXT NOT NULL UNIQUE,
    -- The check of which it is; and of a return the money that went back, or the receipt that it takes
    -- back whole.
    check_id        INTEGER,
    payment_id      INTEGER,
    -- No index: only added to; read with their check.
    returns_id      INTEGER REFERENCES fiscal_documents (id),
    -- Who answers for it, and what stands on it; JSON.
    body            TEXT NOT NULL,
    total           INTEGER NOT NULL,
    -- The number of the register's last document before this one was sent, and when it was looked at
    -- last.
    number_before   INTEGER,
    number_seen     INTEGER,
    -- What the register says of it.
    number          INTEGER,
    sign            TEXT,
    storage         TEXT,
    registration    TEXT,
    shift_number    INTEGER,
    receipt_number  INTEGER,
    made_at         TEXT,
    is_printed      INTEGER NOT NULL DEFAULT 1,
    -- How often it was sent, and why it is not made.
    tries           INTEGER NOT NULL DEFAULT 0,
    problem         TEXT,
    -- The person who said what became of it, and how they know.
    -- No index: people are marked as removed, never deleted.
    resolved_by_id  INTEGER REFERENCES users (id),
    resolved_reason TEXT,
    created_at      INTEGER NOT NULL,
    updated_at      INTEGER NOT NULL
) STRICT;
CREATE INDEX fiscal_documents_check ON fiscal_documents (check_id) WHERE check_id IS NOT NULL;
CREATE UNIQUE INDEX fiscal_documents_number ON fiscal_documents (storage, number)
    WHERE number IS NOT NULL;
-- What is not made yet, or needs somebody: few, and none for long.
CREATE INDEX fiscal_documents_open ON fiscal_documents (device_id, id)
    WHERE state IN ('QUEUED', 'SENT', 'UNKNOWN', 'REFUSED');

-- To whom the operator of fiscal data sends a check's receipt: a phone or an e-mail address, as the guest
-- asked.
ALTER TABLE checks ADD COLUMN receipt_to TEXT;
