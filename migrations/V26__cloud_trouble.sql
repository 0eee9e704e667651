-- What is wrong with the copy: also on a box that never came to belong to a cloud. A row while
-- something is.
CREATE TABLE cloud_trouble (
    id              INTEGER PRIMARY KEY CHECK (id = 1),
    code            TEXT NOT NULL,
    words           TEXT NOT NULL,
    since           INTEGER NOT NULL
) STRICT;
INSERT INTO cloud_trouble (id, code, words, since)
SELECT 1, trouble_code, coalesce(trouble, trouble_code), enrolled_at
FROM cloud_state WHERE trouble_code IS NOT NULL;
ALTER TABLE cloud_state DROP COLUMN trouble_code;
ALTER TABLE cloud_state DROP COLUMN trouble;

-- What the cloud is about to give this box. Where the box did not hear the answer, it knows by this
-- that the epoch which it finds there is its own. A row while that is not settled.
CREATE TABLE cloud_joining (
    id              INTEGER PRIMARY KEY CHECK (id = 1),
    site_id         TEXT NOT NULL,
    epoch           INTEGER NOT NULL
) STRICT;
