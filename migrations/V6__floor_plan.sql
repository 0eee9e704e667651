-- Where a table stands on the plan of its room: its middle, in thousandths of the plan's width and
-- height. A table without a place is put where there is room.

ALTER TABLE tables ADD COLUMN x INTEGER CHECK (x BETWEEN 0 AND 1000);
ALTER TABLE tables ADD COLUMN y INTEGER CHECK (y BETWEEN 0 AND 1000);
ALTER TABLE tables ADD COLUMN shape TEXT NOT NULL DEFAULT 'square'
    CHECK (shape IN ('square', 'round', 'wide'));
