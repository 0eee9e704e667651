-- To which address each table's code led when it was last printed: an admin is warned when the box
-- has got another one since.
CREATE TABLE printed_codes (
    table_id        INTEGER PRIMARY KEY REFERENCES tables (id),
    menu_base       TEXT NOT NULL,
    printed_at      INTEGER NOT NULL
) STRICT;
