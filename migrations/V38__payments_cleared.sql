-- A payment that was under way, or of which nobody knew: who found out, when, and how they know.
ALTER TABLE payments ADD COLUMN cleared_at INTEGER;
ALTER TABLE payments ADD COLUMN cleared_by_id INTEGER REFERENCES users (id);
ALTER TABLE payments ADD COLUMN cleared_reason TEXT;
-- Why money went back by another way than the one it came by.
ALTER TABLE payments ADD COLUMN way_reason TEXT;

-- A payment that was called off and what gave it back are one pair, and say so alike.
UPDATE payments SET state = 'VOIDED'
WHERE kind = 'REFUND' AND state = 'TAKEN'
  AND refund_of IN (SELECT id FROM payments WHERE state = 'VOIDED');

-- The check whose money went back and in whose place this one is.
ALTER TABLE checks ADD COLUMN replaces INTEGER;
