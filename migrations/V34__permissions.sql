-- Roles are checked by the program's own type from here on, so that a new one needs no new table. The
-- table is built anew for that; what points to it points to the new one, since it gets the old name.
CREATE TABLE users_new (
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
    created_by_id   INTEGER REFERENCES users (id),
    last_login      INTEGER,
    created_at      INTEGER NOT NULL,
    updated_at      INTEGER NOT NULL,
    deleted_at      INTEGER
) STRICT;
INSERT INTO users_new
    SELECT id, username, full_name, role, phone, avatar_url, password_hash, pin_hash, is_active,
           shift_active, created_by_id, last_login, created_at, updated_at, deleted_at
    FROM users;
DROP TABLE users;
ALTER TABLE users_new RENAME TO users;
CREATE UNIQUE INDEX users_username ON users (username COLLATE NOCASE) WHERE deleted_at IS NULL;

-- What a role or a person may, where it differs from what the program begins with. `at_most` is money
-- in minor units or hundredths of a percent, as the permission has it.
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
