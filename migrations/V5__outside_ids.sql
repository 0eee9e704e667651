-- What other programs know the menu by, and what a scanner reads off a package
-- (docs/adr/0079-outside-ids.md).

ALTER TABLE dishes ADD COLUMN external_id TEXT;
CREATE UNIQUE INDEX dishes_external ON dishes (external_id)
    WHERE external_id IS NOT NULL AND deleted_at IS NULL;

ALTER TABLE dish_variations ADD COLUMN external_id TEXT;
CREATE UNIQUE INDEX dish_variations_external ON dish_variations (external_id)
    WHERE external_id IS NOT NULL AND deleted_at IS NULL;

ALTER TABLE modifier_groups ADD COLUMN external_id TEXT;
CREATE UNIQUE INDEX modifier_groups_external ON modifier_groups (external_id)
    WHERE external_id IS NOT NULL AND deleted_at IS NULL;

ALTER TABLE modifier_options ADD COLUMN external_id TEXT;
CREATE UNIQUE INDEX modifier_options_external ON modifier_options (external_id)
    WHERE external_id IS NOT NULL AND deleted_at IS NULL;

-- Several for a size; a size that is removed gives its codes up when another wants them.
CREATE TABLE variation_barcodes (
    id                  INTEGER PRIMARY KEY,
    dish_variation_id   INTEGER NOT NULL REFERENCES dish_variations (id),
    code                TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX variation_barcodes_code ON variation_barcodes (code);
CREATE INDEX variation_barcodes_variation ON variation_barcodes (dish_variation_id);
