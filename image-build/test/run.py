#!/usr/bin/env python3
"""Boots the card's image in an emulator and proves what docs/BOARD.md says of it.

    image-build/test/run.py FOLDER [--cuts 20] [--memory 1024] [--only PART...]

FOLDER holds the image of `make image`. Parts run in order; each says what it saw. The first that
fails ends the run, and what the board said last is shown.
"""

import argparse
import pathlib
import random
import subprocess
import sys
import tempfile
import time

sys.dont_write_bytecode = True

import parts  # noqa: E402
from emulator import Board, Card, needs  # noqa: E402


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("folder", type=pathlib.Path)
    options.add_argument("--cuts", type=int, default=20, help="how often the plug is pulled")
    options.add_argument("--memory", type=int, default=512, help="MiB of the board; a Zero 2 W and a 3A+ have 512")
    options.add_argument("--seed", type=int, default=20, help="when the plug is pulled")
    options.add_argument("--only", nargs="+", help="these parts, and the set-up that they stand on")
    options.add_argument("--keep", action="store_true", help="leave the card and the logs")
    chosen = options.parse_args()
    needs("qemu-system-aarch64", "mcopy", "sfdisk", "zbarimg", "ssh", "ssh-keygen")
    images = sorted(chosen.folder.glob("qres-*-arm64.img"))
    if not images:
        raise SystemExit(f"There is no image in {chosen.folder}: make image makes one.")
    folder = pathlib.Path(tempfile.mkdtemp(prefix="qres-board-", dir=chosen.folder))
    board = Board(Card(images[-1], folder), folder, chosen.memory)
    bench = parts.Bench(board, folder, chosen.folder, chosen.cuts, random.Random(chosen.seed))
    print(f"{images[-1].name}, {chosen.memory} MiB of memory, a card of 8 GiB", flush=True)
    began, well = time.monotonic(), False
    passed = 0
    try:
        for part in parts.PARTS:
            if chosen.only and part.__name__ not in chosen.only and part not in parts.NEEDED:
                continue
            print(f"- {part.__doc__.splitlines()[0]}", flush=True)
            part(bench)
            passed += 1
        well = True
    except Exception as error:
        print(f"FAILED: {error}\n\nThe board's last words:\n{board.last_words()}", flush=True)
        raise
    finally:
        if board.is_on():
            board.cut_power()
        if well and not chosen.keep:
            subprocess.run(["rm", "-rf", folder], check=False)
        else:
            print(f"The card and the logs are in {folder}")
    minutes, seconds = divmod(round(time.monotonic() - began), 60)
    print(f"\n{bench.figures()}in {minutes} min {seconds} s\n{passed} passed, 0 failed")


if __name__ == "__main__":
    main()
