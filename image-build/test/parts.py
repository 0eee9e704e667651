"""What is proven of the card, one part after the other."""

import dataclasses
import json
import pathlib
import random
import re
import socket
import subprocess
import time

from box import Client, Refused, Rush, Shell, health, set_up, wait_for
from emulator import Board

# A start under emulation, on a machine that does other work too.
START = 900
PROJECT = pathlib.Path(__file__).resolve().parents[2]
SCRIPTS = pathlib.Path(__file__).resolve().parent


@dataclasses.dataclass
class Bench:
    """The board under test, and what is known of it so far."""

    board: Board
    folder: pathlib.Path
    out: pathlib.Path
    cuts: int
    chance: random.Random
    admin: Client | None = None
    order: dict | None = None
    shell: Shell | None = None
    first_start: float = 0
    starts: list[float] = dataclasses.field(default_factory=list)
    acknowledged: int = 0

    def start(self, clock: str = "utc") -> float:
        """Power on, and wait for the first answer. Seconds that it took."""
        if self.admin:
            # Its connection ended with the last start.
            self.admin.line = None
        self.board.power_on(clock)
        return self.wait()

    def wait(self) -> float:
        def answer():
            if not self.board.is_on():
                raise Refused("the emulator ended")
            return health(self.board)

        wait_for("the box answers", answer, START)
        return time.monotonic() - self.board.started

    def figures(self) -> str:
        text = f"First start, to the first answer: {self.first_start:.0f} s\n"
        if self.starts:
            ordered = sorted(self.starts)
            middle = ordered[len(ordered) // 2]
            text += f"Later starts: {ordered[0]:.0f} to {ordered[-1]:.0f} s, half within {middle:.0f} s ({len(ordered)})\n"
        if self.acknowledged:
            text += f"{self.acknowledged} acknowledged orders survived {self.cuts} power cuts\n"
        return text


def check(holds: bool, what: str) -> None:
    if not holds:
        raise AssertionError(what)


def is_open(board: Board, name: str) -> bool:
    """Whether something behind the port talks; the emulator itself accepts every connection."""
    with socket.create_connection(("127.0.0.1", board.ports[name]), timeout=20) as line:
        try:
            if name != "ssh":
                line.sendall(b"GET / HTTP/1.0\r\n\r\n")
            return bool(line.recv(8))
        except OSError:
            return False


def first_start(bench: Bench) -> None:
    """The card starts by itself and serves; /health tells the version"""
    bench.first_start = bench.start()
    version = re.search(r'^version = "(.*)"', (PROJECT / "Cargo.toml").read_text(), re.M)[1]
    status, reply = Client(bench.board).ask("GET", "/health", plain=True)
    check((status, reply["version"]) == (200, version), f"/health: {status} {reply}")
    print(f"  power to first answer: {bench.first_start:.0f} s, version {version}", flush=True)


def closed_without_a_key(bench: Bench) -> None:
    """SSH and the probes' port are closed"""
    check(not is_open(bench.board, "ssh"), "SSH answers although no key was given")
    check(not is_open(bench.board, "closed"), "port 8480 answers to the whole network")
    check(is_open(bench.board, "http"), "port 80 does not answer")


def console(bench: Bench) -> None:
    """The screen shows the set-up code, and the restaurant is set up with it"""
    picture = bench.out / "console-new.png"

    def scanned():
        bench.board.photograph(picture)
        found = subprocess.run(["zbarimg", "-q", "--raw", picture], capture_output=True, text=True, check=False).stdout
        return re.search(r"^http://10\.0\.2\.15/setup#(\S+)$", found, re.M)

    code = wait_for("a QR code on the screen", scanned, 180, 3)[1]
    bench.admin, bench.order = set_up(bench.board, code)
    print(f"  the code on the screen was scanned from {picture.name} and taken", flush=True)
    time.sleep(12)
    bench.board.photograph(bench.out / "console-serving.png")


def an_order_stays(bench: Bench) -> None:
    """An order is there after the button was pressed and the board started again"""
    placed = bench.admin.expect(201, "POST", "/orders/", bench.order, **{"Idempotency-Key": "before-the-restart"})
    bench.board.power_off()
    give_a_key(bench)
    took = bench.start()
    bench.starts.append(took)
    again = bench.admin.expect(200, "GET", f"/orders/{placed['id']}")
    check(again["number"] == placed["number"], f"another order: {again}")
    print(f"  order {placed['number']} is there; the start took {took:.0f} s", flush=True)


def give_a_key(bench: Bench) -> None:
    """As the owner does at a computer: qres.toml with a key, a Wi-Fi and its secrets."""
    key = bench.folder / "key"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key], check=True)
    lines = [
        'hostname = "pizza"', 'timezone = "Asia/Tbilisi"', 'setup_code = "Nonna-1987"',
        f'ssh_key = "{key.with_suffix(".pub").read_text().strip()}"',
        "[wifi]", 'ssid = "Street"', 'password = "wifi-secret-1"', 'country = "GE"',
    ]
    bench.board.card.write("qres.toml", "\n".join(lines).encode())
    bench.shell = Shell(bench.board, key)


def settings_taken(bench: Bench) -> None:
    """qres.toml was taken in, its secrets have left the boot partition, and the key opens SSH"""
    run = bench.shell.run
    wait_for("SSH with the key", lambda: run("echo in") == "in", 180, 3)
    check(run("hostname; readlink /etc/localtime") == "pizza\n/usr/share/zoneinfo/Asia/Tbilisi", run("hostname"))
    check("wifi-secret-1" in run("cat /run/NetworkManager/system-connections/qres-wifi.nmconnection"), "no profile")
    left = bench.board.card.read("qres.toml").decode()
    box = run("tr '\\0' '\\n' </proc/$(systemctl show -p MainPID --value qres)/environ")
    check("QRES_SETUP_CODE=Nonna-1987" in box.splitlines() and "Nonna" not in left, "the set-up code did not reach the box")
    check("wifi-secret-1" not in left and 'ssid = "Street"' in left, left)
    check(run("stat -c %a /data/system/settings.json") == "600", "settings.json can be read by others")
    check(run("cat /run/qres-card/problems") == "", run("cat /run/qres-card/problems"))
    # The rig orders faster than any restaurant.
    run("printf 'rate_limit_requests = 0\\n' >/etc/qres/qres.toml; systemctl restart qres")
    wait_for("the box answers", lambda: health(bench.board), 120)


def root_is_read_only(bench: Bench) -> None:
    """The root is read-only; what is written to it is in memory; the data are on a partition with short commits"""
    run = bench.shell.run
    lower = run("findmnt -no OPTIONS /media/root-ro").split(",")
    check("ro" in lower, f"the root is mounted {lower}")
    check(run("findmnt -no FSTYPE /") == "overlay", "no overlay")
    check(run("touch /media/root-ro/x 2>&1 || true").endswith("Read-only file system"), "the root can be written")
    check("ro" in run("findmnt -no OPTIONS /boot/firmware").split(","), "the boot partition can be written")
    data = run("findmnt -no FSTYPE,OPTIONS /data")
    # data=ordered is the kernel's default, which it does not list.
    check(data.startswith("ext4") and "commit=2" in data and "noatime" in data, data)
    check("data=" not in data.replace("data=ordered", ""), data)
    run("touch /root/in-memory")


def data_has_grown(bench: Bench) -> None:
    """The data partition has grown to fill the card"""
    parts = bench.board.card.partitions()
    check(len(parts) == 4, f"{len(parts)} partitions")
    end = max(part["start"] + part["size"] for part in parts)
    check((8 << 30) // 512 - end < 16384, "the card is not filled")
    bytes_ = int(bench.shell.run("findmnt -bno SIZE /data"))
    check(bytes_ > 0.9 * parts[2]["size"] * 512, f"the file system has {bytes_} bytes")
    print(f"  {bytes_ / 2**30:.1f} GiB of 8; a second root of {parts[3]['size'] // 2048} MiB beside it", flush=True)


ALLOWED = {("tcp", 22, "sshd"), ("tcp", 80, "systemd"), ("tcp", 443, "systemd"), ("tcp", 80, "qres"), ("tcp", 443, "qres"),
           ("udp", 5353, "qres"), ("tcp", 8480, "portal.py")}


def nothing_else_listens(bench: Bench) -> None:
    """Nothing listens that should not, and the firewall lets in only what is served"""
    rows = bench.shell.run("ss -Hltunp").splitlines()
    for row in rows:
        kind, _, _, _, local = row.split()[:5]
        address, port = local.rsplit(":", 1)
        names = set(re.findall(r'\("([^"]+)"', row)) or {"?"}
        mine = address.startswith("127.") or address == "[::1]" or "%eth0" in address
        allowed = any((kind, int(port), name) in ALLOWED for name in names)
        # NetworkManager asks a DHCP server from the ports of such clients.
        client = names == {"NetworkManager"} and port in ("68", "546")
        # Answers to what the box's announcement itself asked, from a port of the moment.
        check(mine or allowed or client, f"somebody listens: {row}")
    rules = bench.shell.run("nft list chain inet qres input")
    check("policy drop" in rules, rules)
    check(not is_open(bench.board, "closed"), "port 8480 answers to the whole network")
    print("  listening: " + ", ".join(sorted({f"{r.split()[0]} {r.split()[4].rsplit(':', 1)[1]}" for r in rows})), flush=True)


def care_for_the_card(bench: Bench) -> None:
    """The journal has a cap and stays over starts; memory is packed; the clock is saved; all units are well"""
    run = bench.shell.run
    check("/var/log/journal" in run("journalctl --header | grep 'File path'"), "the journal is in memory")
    check("SystemMaxUse=48M" in run("systemd-analyze cat-config systemd/journald.conf"), "the journal has no cap")
    check(int(run("journalctl --list-boots --output=json").count("boot_id")) >= 2, "the journal forgets starts")
    check("zram0" in run("cat /proc/swaps"), run("cat /proc/swaps"))
    check(run("test -e /data/system/timesync/clock && echo saved") == "saved", "no saved clock")
    failed = run("systemctl --failed --plain --no-legend | cut -d' ' -f1")
    check(failed == "", f"failed units: {failed}")
    memory = run("systemctl show -p MemoryCurrent -p MemoryMax --value qres | xargs")
    now, most = (int(value) for value in memory.split())
    check(most <= 384 << 20, f"MemoryMax is {most}")
    print(f"  the box uses {now >> 20} MiB of at most {most >> 20}", flush=True)


def the_clock_goes_on(bench: Bench) -> None:
    """A board whose clock forgot everything, without a network's time, goes on from the saved clock"""
    run = bench.shell.run
    before = int(run("date +%s"))
    bench.board.power_off()
    bench.starts.append(bench.start("2001-01-01T00:00:00"))
    wait_for("SSH with the key", lambda: run("echo in") == "in", 180, 3)
    now = int(run("date +%s"))
    # It is saved every ten minutes and at the end.
    check(before - 600 <= now <= before + 900, f"it was {before}, and now it is {now}")
    check(run("timedatectl show -p NTPSynchronized --value") == "no", "there was a network's time")
    print(f"  {now - before:+} s beside the time before it was switched off", flush=True)


def a_hung_service_starts_anew(bench: Bench) -> None:
    """A hung box is started anew by its watchdog"""
    run = bench.shell.run
    before = run("systemctl show -p NRestarts --value qres")
    began = time.monotonic()
    run("kill -STOP $(systemctl show -p MainPID --value qres)")
    wait_for("the watchdog", lambda: run("systemctl show -p NRestarts --value qres") != before, 180, 2)
    wait_for("the box answers", lambda: health(bench.board), 120)
    check("watchdog" in run("journalctl -u qres -b -o cat | grep -i watchdog").lower(), "it was not the watchdog")
    print(f"  it answered again after {time.monotonic() - began:.0f} s", flush=True)


def a_hung_system_starts_anew(bench: Bench) -> None:
    """A hung system is started anew by the board's watchdog (the emulator's is an i6300esb)"""
    run = bench.shell.run
    check("14s" in run("systemctl show -p RuntimeWatchdogUSec"), run("systemctl show -p RuntimeWatchdogUSec"))
    boot = run("cat /proc/sys/kernel/random/boot_id")
    began = time.monotonic()
    # systemd itself crashes, and nobody feeds the watchdog any more.
    run("(sleep 1; kill -ABRT 1) >/dev/null 2>&1 &")
    wait_for("another start", lambda: run("cat /proc/sys/kernel/random/boot_id", 30) != boot, START, 5)
    wait_for("the box answers", lambda: health(bench.board), START)
    check(run("ls /root/in-memory 2>&1 || true").startswith("ls: cannot access"), "the root kept what was written")
    print(f"  it answered again after {time.monotonic() - began:.0f} s", flush=True)


def its_own_network(bench: Bench) -> None:
    """Without a network it becomes QRes-XXXX, answers the phones' probes, and goes back when the network returns"""
    run = bench.shell.run
    run(f"systemd-run --unit card-test-ap bash {bench.shell.put(SCRIPTS / 'access-point.sh')}")
    wait_for("the access point's test", lambda: run("cat /run/access-point.result", 60), 900, 5)
    said = run("cat /run/access-point.log")
    check(run("cat /run/access-point.result") == "well", said)
    print("  " + said.replace("\n", "\n  "), flush=True)


def updates_on_the_other_root(bench: Bench) -> None:
    """An update of the system is made on the other root, and that is what starts next"""
    run = bench.shell.run
    run(f"bash {bench.shell.put(SCRIPTS / 'newer-package.sh')}", 300)
    before = run("/usr/lib/qres-card/boot-slot")
    began = time.monotonic()
    said = run("systemd-run --quiet --wait --pipe /usr/lib/qres-card/system-update 2>&1", 3600)
    check("next start is from the updated root" in said, said)
    print(f"  the update took {time.monotonic() - began:.0f} s", flush=True)
    bench.board.power_off()
    bench.starts.append(bench.start())
    wait_for("SSH with the key", lambda: run("echo in") == "in", 180, 3)
    check(run("/usr/lib/qres-card/boot-slot") != before, "the same root started")
    check(run("dpkg-query -W -f '${Version}' tzdata").endswith("+newer"), "the package is not the newer one")
    wait_for("the trial's end", lambda: run("test -e /data/system/trial || echo over") == "over", 180, 5)
    failed = run("systemctl --failed --plain --no-legend | cut -d' ' -f1")
    check(failed == "", f"failed units: {failed}")


COUNT = """
import json, sqlite3, sys
db = sqlite3.connect("file:/var/lib/qres/qres.db?mode=ro", uri=True)
marks = json.load(open("/run/marks.json"))
found = [db.execute("SELECT count(*) FROM orders WHERE notes = ?", [mark]).fetchone()[0] for mark in marks]
sound = db.execute("PRAGMA integrity_check").fetchone()[0]
astray = len(db.execute("PRAGMA foreign_key_check").fetchall())
print(json.dumps({"found": found, "sound": sound, "astray": astray}))
"""


def power_cuts(bench: Bench) -> None:
    """The plug is pulled while orders are placed; every acknowledged one is there, and the database is clean"""
    for number in range(1, bench.cuts + 1):
        rush = Rush(bench.board, bench.admin.token, bench.order)
        wait_for("the first order", lambda: rush.acknowledged or rush.wrong, 120, 0.05)
        time.sleep(bench.chance.uniform(0, 6))
        bench.board.cut_power()
        rush.end()
        took = bench.start()
        bench.starts.append(took)
        marks = rush.acknowledged + rush.unanswered
        wait_for("SSH with the key", lambda: bench.shell.run("echo in") == "in", 240, 2)
        script = f"cat >/run/marks.json <<'END'\n{json.dumps(marks)}\nEND\npython3 - <<'END'\n{COUNT}\nEND"
        seen = json.loads(bench.shell.run(script))
        known = len(rush.acknowledged)
        check(seen["sound"] == "ok" and seen["astray"] == 0, f"the database is damaged: {seen['sound']}")
        check(all(count == 1 for count in seen["found"][:known]), f"an acknowledged order is lost or doubled: {seen}")
        check(all(count <= 1 for count in seen["found"][known:]), f"an order is there twice: {seen}")
        bench.acknowledged += known
        print(f"  cut {number}: {known} acknowledged, all there once; integrity_check ok; {took:.0f} s to the first answer",
              flush=True)


PARTS = [
    first_start, closed_without_a_key, console, an_order_stays, settings_taken, root_is_read_only, data_has_grown,
    nothing_else_listens, care_for_the_card, the_clock_goes_on, a_hung_service_starts_anew, its_own_network, a_hung_system_starts_anew,
    updates_on_the_other_root, power_cuts,
]
NEEDED = [first_start, console, an_order_stays, settings_taken]
