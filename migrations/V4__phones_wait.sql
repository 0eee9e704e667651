-- Phones that sat at a table before its bill was opened (docs/adr/0034-visits.md).

-- It reads the bill after a word from staff.
ALTER TABLE guest_sessions ADD COLUMN waits INTEGER NOT NULL DEFAULT 0;
-- The call by which it last asked a waiter to come; who answers that gives the word.
ALTER TABLE guest_sessions ADD COLUMN call_id INTEGER;
