-- A photo of an option (docs/adr/0012-photos.md); none: it has none.
ALTER TABLE modifier_options ADD COLUMN image_url TEXT;

-- Nobody asks for options that are gone. Counting those that are there reads this index alone, so a menu
-- of 50,000 is counted quickly when one more is added.
DROP INDEX modifier_options_group;
CREATE INDEX modifier_options_group ON modifier_options (group_id, sort_order, deleted_at)
    WHERE deleted_at IS NULL;
