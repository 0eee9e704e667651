-- Text in a printer's own letters (docs/adr/0105): which code page, and the number by which this
-- printer knows it; JSON. None: everything is drawn.
ALTER TABLE printers ADD COLUMN fast_text TEXT;
