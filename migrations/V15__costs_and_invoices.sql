-- What the goods of sold dishes cost, by day and size: kept by the ledger of stock beside each move, and
-- made anew from the moves where a database is made (src/core/store/sums.rs). Goods that went with what
-- was taken off after it was begun are waste, and no cost of what was sold.
CREATE VIEW cost_figures AS
SELECT m.id, i.order_id, o.business_day, i.dish_variation_id, -m.value AS cost
FROM stock_moves m
JOIN order_items i ON i.id = m.order_item_id
JOIN orders o ON o.id = i.order_id
WHERE m.kind = 'SALE';

CREATE TABLE daily_costs (
    business_day        INTEGER NOT NULL,
    dish_variation_id   INTEGER NOT NULL,
    cost                INTEGER NOT NULL,
    PRIMARY KEY (business_day, dish_variation_id)
) STRICT, WITHOUT ROWID;
INSERT INTO daily_costs (business_day, dish_variation_id, cost)
SELECT business_day, dish_variation_id, sum(cost) FROM cost_figures
GROUP BY business_day, dish_variation_id;

-- A photo of the invoice; none: there is none.
ALTER TABLE stock_documents ADD COLUMN photo_url TEXT;
CREATE INDEX stock_documents_photo ON stock_documents (photo_url) WHERE photo_url IS NOT NULL;
