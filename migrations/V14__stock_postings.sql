-- A long document is posted in steps (docs/adr/0099-long-documents-are-posted-in-steps.md): what it still
-- moves waits here, behind orders. A document that has rows here is being posted; there is nothing else
-- that says so.
CREATE TABLE stock_postings (
    id              INTEGER PRIMARY KEY,
    document_id     INTEGER NOT NULL REFERENCES stock_documents (id),
    document_line   INTEGER NOT NULL,
    good_id         INTEGER NOT NULL REFERENCES stock_goods (id),
    -- No index: places are hidden and never deleted.
    place_id        INTEGER NOT NULL REFERENCES stock_places (id),
    at              INTEGER NOT NULL,
    kind            TEXT NOT NULL,
    quantity        INTEGER NOT NULL,
    cost            INTEGER,
    counted         INTEGER,
    -- No index: moves are never deleted.
    undoes_id       INTEGER REFERENCES stock_moves (id),
    -- No index: people are hidden and never deleted, and nobody asks by it.
    user_id         INTEGER REFERENCES users (id)
) STRICT;
CREATE INDEX stock_postings_document ON stock_postings (document_id);
CREATE INDEX stock_postings_good ON stock_postings (good_id);

-- Goods of which not everything that is written down is counted yet.
CREATE VIEW stock_counting AS
    SELECT good_id FROM stock_recounts UNION ALL SELECT good_id FROM stock_postings;
