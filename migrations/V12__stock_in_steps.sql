-- A good's ledger is counted anew in steps (docs/adr/0093-a-ledger-is-counted-in-steps.md): each move says
-- how much is at its place after it, so a step begins where the one before ended and reads nothing else.

ALTER TABLE stock_moves ADD COLUMN place_after INTEGER NOT NULL DEFAULT 0;
UPDATE stock_moves SET place_after = counted.level FROM (
    SELECT id, sum(quantity) OVER (PARTITION BY good_id, place_id ORDER BY at, id) AS level
    FROM stock_moves) AS counted
WHERE counted.id = stock_moves.id;
CREATE INDEX stock_moves_place ON stock_moves (good_id, place_id, at);
CREATE INDEX stock_moves_counted ON stock_moves (good_id, place_id, at) WHERE counted IS NOT NULL;

-- Goods whose ledger is to be counted anew, in the order in which that was found out.
CREATE TABLE stock_recounts (
    id      INTEGER PRIMARY KEY,
    good_id INTEGER NOT NULL UNIQUE REFERENCES stock_goods (id),
    -- The first move that may not be right: its moment, and its number among those of the moment.
    from_at INTEGER NOT NULL,
    from_id INTEGER NOT NULL
) STRICT;
