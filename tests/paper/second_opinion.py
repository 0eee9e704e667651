#!/usr/bin/env python3
"""What python-escpos 3.1 sends to a printer, one deed a line: its name and its bytes.

    pip install python-escpos==3.1
    tests/paper/second_opinion.py > tests/paper/second_opinion.txt

tests/paper/opinion.rs reads the file. It is made anew only when a deed is added.
"""

import contextlib
import sys

from escpos.printer import Dummy
from PIL import Image


def picture():
    """A slope: the dot (x, y) is black where x * 3 + y * 5 leaves less than 4 of 7."""
    image = Image.new("1", (64, 40), 1)
    for y in range(40):
        for x in range(64):
            if (x * 3 + y * 5) % 7 < 4:
                image.putpixel((x, y), 0)
    return image


DEEDS = {
    "initialise": lambda p: p.hw("INIT"),
    "cyrillic": lambda p: (p.charcode("CP866"), p.text("Борщ 450,00\n")),
    "western": lambda p: (p.charcode("CP1252"), p.text("Käse 3,50 €\n")),
    "marks": lambda p: (
        p.set(align="center", bold=True, underline=1, custom_size=True, width=2, height=3),
        p.text("Table 5\n"),
        p.set_with_default(),
        p.text("x\n"),
    ),
    "raster": lambda p: p.image(picture(), impl="bitImageRaster", center=False),
    "bands": lambda p: p.image(picture(), impl="bitImageRaster", center=False, fragment_height=16),
    "graphics": lambda p: p.image(picture(), impl="graphics", center=False),
    "columns": lambda p: p.image(picture(), impl="bitImageColumn", center=False),
    "qr": lambda p: p.qr("https://qres.example/m/7", native=True, size=6, ec=1),
    "barcode": lambda p: p.barcode("4607001771050", "EAN13", height=64, align_ct=False),
    "full cut": lambda p: (p.textln("a"), p.cut(mode="FULL")),
    "partial cut": lambda p: (p.textln("b"), p.cut(mode="PART")),
    "drawer on pin 2": lambda p: p.cashdraw(2),
    "drawer on pin 5": lambda p: p.cashdraw(5),
    "buzzer": lambda p: p.buzzer(times=2, duration=4),
    "feed": lambda p: p.print_and_feed(3),
}

for name, deed in DEEDS.items():
    printer = Dummy(profile="TM-T20II")
    # It speaks of bar codes where its bytes should stand.
    with contextlib.redirect_stdout(sys.stderr):
        deed(printer)
    print(f"{name}: {printer.output.hex()}")
