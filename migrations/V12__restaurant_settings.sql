-- Whether a guest's order waits for a waiter: as an admin chose it; none where nobody has.

ALTER TABLE site ADD COLUMN guest_orders TEXT
    CHECK (guest_orders IN ('confirm_first', 'confirm_always', 'direct'));
