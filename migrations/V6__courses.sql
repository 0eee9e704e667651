-- Courses (docs/adr/0078). Which one a line belongs to stands in order_items.course since the first schema.

-- With which course a dish, or all dishes of a category, usually come; none: as they are ready.
ALTER TABLE dishes ADD COLUMN course INTEGER CHECK (course BETWEEN 1 AND 5);
ALTER TABLE categories ADD COLUMN course INTEGER CHECK (course BETWEEN 1 AND 5);

-- Whether a person took the line back from the kitchen: the house does not fire it by itself.
ALTER TABLE order_items ADD COLUMN held_by_hand INTEGER NOT NULL DEFAULT 0;

-- So many minutes after all of a course was served the next one is fired; none: waiters fire it.
ALTER TABLE site ADD COLUMN next_course_minutes INTEGER
    CHECK (next_course_minutes BETWEEN 0 AND 60);
