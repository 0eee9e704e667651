"""A Raspberry Pi that is none: QEMU starts the card as the board's firmware would.

What the firmware does is done here: the boot partition's config.txt says which kernel starts. The
card is a file; pulling the plug is the end of the emulator by its process id.
"""

import contextlib
import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import time

BOOT_AT = "@@4M"
CARD_BYTES = 8 << 30
GUEST_PORTS = {"http": 80, "https": 443, "ssh": 22, "closed": 8480}


class Card:
    """A card as it came from the card writer, larger than the image."""

    def __init__(self, image: pathlib.Path, folder: pathlib.Path) -> None:
        self.path = folder / "card.img"
        subprocess.run(["cp", "--sparse=always", image, self.path], check=True)
        os.truncate(self.path, CARD_BYTES)

    def read(self, name: str) -> bytes:
        return self._mtools("mtype", f"::/{name}")

    def write(self, name: str, content: bytes) -> None:
        """As somebody with a card reader and a text editor."""
        self._mtools("mcopy", "-o", "-", f"::/{name}", content=content)

    def _mtools(self, tool: str, *words: str, content: bytes = b"") -> bytes:
        command = [tool, "-i", f"{self.path}{BOOT_AT}", *words]
        return subprocess.run(command, input=content, capture_output=True, check=True).stdout

    def extract(self, name: str, target: pathlib.Path) -> None:
        target.write_bytes(self.read(name))

    def partitions(self) -> list[dict]:
        table = subprocess.run(["sfdisk", "--json", self.path], capture_output=True, check=True).stdout
        return json.loads(table)["partitiontable"]["partitions"]


def free_ports(count: int) -> list[int]:
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for taken in sockets:
            taken.bind(("127.0.0.1", 0))
        return [taken.getsockname()[1] for taken in sockets]


class Board:
    """One board with a card in it."""

    def __init__(self, card: Card, folder: pathlib.Path, memory: int) -> None:
        self.card, self.folder, self.memory = card, folder, memory
        self.ports = dict(zip(GUEST_PORTS, free_ports(len(GUEST_PORTS))))
        self.process: subprocess.Popen | None = None
        self.started = 0.0
        self.starts = 0

    def power_on(self, clock: str = "utc") -> None:
        """Starts the card. `clock` is what the board's clock shows, as QEMU takes it: a Raspberry Pi has none."""
        assert self.process is None, "the board is on"
        config = self.card.read("config.txt").decode()
        values = dict(line.split("=", 1) for line in config.splitlines() if "=" in line and line[0] != "#")
        slot = values["os_prefix"]
        ramdisk = next(line.split()[1] for line in config.splitlines() if line.startswith("initramfs "))
        self.card.extract(slot + values["kernel"], self.folder / "kernel")
        self.card.extract(slot + ramdisk, self.folder / "initrd")
        words = self.card.read(slot + "cmdline.txt").decode().split()
        # The serial port of this board has another name; the rest is the card's own.
        words = ["console=ttyAMA0" if word.startswith("console=ttyS1") else word for word in words if word != "quiet"]
        forwards = "".join(
            f",hostfwd=tcp:127.0.0.1:{port}-:{GUEST_PORTS[name]}" for name, port in self.ports.items()
        )
        self.starts += 1
        (self.folder / "monitor").unlink(missing_ok=True)
        command = [
            "qemu-system-aarch64", "-M", "virt", "-cpu", "cortex-a72", "-smp", "2", "-m", str(self.memory),
            "-accel", "tcg,thread=multi,tb-size=256", "-nodefaults", "-display", "none",
            "-kernel", self.folder / "kernel", "-initrd", self.folder / "initrd", "-append", " ".join(words),
            # A write is told as done when the file has it, as a card does.
            "-drive", f"if=virtio,format=raw,file={self.card.path},cache=writethrough",
            "-netdev", f"user,id=net,restrict=on{forwards}", "-device", "virtio-net-pci,netdev=net,romfile=",
            "-device", "virtio-rng-pci", "-device", "virtio-gpu-pci,xres=1280,yres=720",
            "-device", "i6300esb", "-action", "watchdog=reset", "-rtc", f"base={clock}",
            "-serial", f"file:{self.folder}/serial-{self.starts:02}.log",
            "-qmp", f"unix:{self.folder}/monitor,server=on,wait=off",
        ]
        self.started = time.monotonic()
        self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL)

    def cut_power(self) -> None:
        """The plug is pulled: nothing is told to anybody."""
        assert self.process, "the board is off"
        os.kill(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.process = None

    def power_off(self, patience: float = 180) -> None:
        """The button: the system shuts down by itself."""
        assert self.process, "the board is off"
        self.monitor("system_powerdown")
        self.process.wait(timeout=patience)
        self.process = None

    def monitor(self, command: str, **arguments) -> None:
        with socket.socket(socket.AF_UNIX) as line:
            line.connect(str(self.folder / "monitor"))
            talk = line.makefile("rw")
            talk.readline()
            for order in ({"execute": "qmp_capabilities"}, {"execute": command, "arguments": arguments}):
                talk.write(json.dumps(order) + "\n")
                talk.flush()
                while True:
                    reply = json.loads(talk.readline())
                    if "error" in reply:
                        raise RuntimeError(f"{command}: {reply['error']}")
                    if "return" in reply:
                        break

    def photograph(self, path: pathlib.Path) -> None:
        """What the screen shows."""
        self.monitor("screendump", filename=str(path), format="png")

    def is_on(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def last_words(self) -> str:
        log = self.folder / f"serial-{self.starts:02}.log"
        return log.read_text(errors="replace")[-3000:] if log.exists() else ""


def needs(*programs: str) -> None:
    missing = [program for program in programs if not shutil.which(program)]
    if missing:
        raise SystemExit(f"Please install first: {', '.join(missing)} (make test-image does it).")
