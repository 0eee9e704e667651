-- The restaurant's logo as it is printed on bills and receipts: black dots, rows of whole bytes.
CREATE TABLE paper_logo (
    id              INTEGER PRIMARY KEY CHECK (id = 1),
    width           INTEGER NOT NULL,
    dots            BLOB NOT NULL,
    updated_at      INTEGER NOT NULL
) STRICT;
