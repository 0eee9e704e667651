-- An approval is of one way to pay and one account (docs/adr/0069).
ALTER TABLE approvals ADD COLUMN method_id INTEGER;
ALTER TABLE approvals ADD COLUMN method_name TEXT;
ALTER TABLE approvals ADD COLUMN account_id INTEGER;

-- What is done with a house account is of no order (order_id 0): a limit counts it by account and day.
CREATE INDEX deeds_account ON deeds (subject_id, done_at) WHERE order_id = 0;
