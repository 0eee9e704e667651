-- The tax that is in every price, in hundredths of a percent; 0 where prices hold none. An order keeps
-- the rate of its day, as its lines keep their prices.
ALTER TABLE site ADD COLUMN tax_rate INTEGER NOT NULL DEFAULT 0 CHECK (tax_rate BETWEEN 0 AND 10000);
ALTER TABLE orders ADD COLUMN tax_rate INTEGER NOT NULL DEFAULT 0 CHECK (tax_rate BETWEEN 0 AND 10000);
