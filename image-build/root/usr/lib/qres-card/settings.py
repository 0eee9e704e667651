#!/usr/bin/python3
"""Takes in qres.toml from the card's boot partition at every start, before the network is up.

What stands in the file is checked and kept on the data partition; secrets are then taken out of the
file, which anybody with a card reader can read. Later starts use what was kept.
"""

import dataclasses
import datetime
import difflib
import json
import os
import pathlib
import re
import subprocess
import sys
import tomllib

TABLES = {
    "": {"hostname", "timezone", "setup_code", "ssh_key", "updates"},
    "wifi": {"ssid", "password", "country"},
    "access_point": {"password"},
}
SECRETS = {"setup_code", "wifi.password", "access_point.password"}
HOST_NAME = re.compile(r"[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?")
SSH_KEY = re.compile(r"(ssh-ed25519|ssh-rsa|ecdsa-sha2-nistp\d+|sk-\S+@openssh\.com) [A-Za-z0-9+/=]+( .*)?")


class Wrong(Exception):
    """A setting that cannot be taken; says which and what to write."""


@dataclasses.dataclass
class Settings:
    """What the card's owner may set; see qres.toml."""

    hostname: str = "qres"
    timezone: str = ""
    setup_code: str = ""
    ssh_key: str = ""
    updates: bool = True
    wifi_ssid: str = ""
    wifi_password: str = ""
    wifi_country: str = ""
    access_point_password: str = ""

    @staticmethod
    def kept(folder: pathlib.Path) -> "Settings":
        """What earlier starts took in."""
        try:
            kept = json.loads((folder / "settings.json").read_text())
        except (OSError, ValueError):
            return Settings()
        known = {field.name for field in dataclasses.fields(Settings)}
        return Settings(**{name: value for name, value in kept.items() if name in known})

    def keep(self, folder: pathlib.Path) -> None:
        """Written beside and renamed, so that a pulled plug leaves the old or the new."""
        new = folder / "settings.json.new"
        with open(new, "w", opener=private) as file:
            json.dump(dataclasses.asdict(self), file, indent=1)
            file.flush()
            os.fsync(file.fileno())
        new.rename(folder / "settings.json")
        sync_folder(folder)


def private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def sync_folder(folder: pathlib.Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    os.fsync(handle)
    os.close(handle)


def read(text: str, kept: Settings, zones: pathlib.Path) -> tuple[Settings, list[str]]:
    """The kept settings with those of the file laid over them, and what is wrong in the file.

    A wrong line costs only itself: the box must come up all the same.
    """
    try:
        file = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        return kept, [f"qres.toml cannot be read: {error}. Nothing in it was taken."]
    settings, problems = dataclasses.replace(kept), []
    tops = {name: value for name, value in file.items() if name not in TABLES}
    tables = {name: value for name, value in file.items() if name in TABLES}
    for table, entries in [("", tops), *tables.items()]:
        if not isinstance(entries, dict):
            problems.append(f"qres.toml: {table} is a table: write [{table}] above its lines.")
            continue
        for key, value in entries.items():
            try:
                take(settings, table, key, value, zones)
            except Wrong as error:
                problems.append(f"qres.toml: {error}")
    return settings, problems


def take(settings: Settings, table: str, key: str, value, zones: pathlib.Path) -> None:
    """Lays one entry of the file over the settings."""
    name = f"{table}.{key}" if table else key
    if key not in TABLES[table]:
        known = [f"{t}.{k}" if t else k for t, keys in TABLES.items() for k in sorted(keys)]
        near = difflib.get_close_matches(name, known, 1)
        raise Wrong(f"there is no {name}." + (f" Did you mean {near[0]}?" if near else ""))
    wanted = bool if name == "updates" else str
    if not isinstance(value, wanted):
        raise Wrong(f"{name} is " + ("true or false." if wanted is bool else 'a text: write it between "…".'))
    check(name, value, zones)
    setattr(settings, name.replace(".", "_"), value)


def check(name: str, value, zones: pathlib.Path) -> None:
    """Whether the value of one entry can be used."""
    if name == "hostname" and not HOST_NAME.fullmatch(value):
        raise Wrong("hostname is 1 to 63 letters, digits and dashes.")
    if name == "timezone" and value and (".." in value or not (zones / value).is_file()):
        raise Wrong(f'there is no time zone {value}. One is written as "Europe/Moscow".')
    if name == "setup_code" and value and not re.fullmatch(r"(-*[A-Za-z0-9]){8,32}", value):
        raise Wrong("setup_code is 8 to 32 letters, digits and dashes.")
    if name == "ssh_key" and value and not SSH_KEY.fullmatch(value):
        raise Wrong("ssh_key is one line as in a file id_ed25519.pub.")
    if name == "wifi.ssid" and len(value.encode()) > 32:
        raise Wrong("wifi.ssid, the network's name, has 32 bytes at most.")
    if name.endswith(".password") and value and not 8 <= len(value) <= 63:
        raise Wrong(f"{name} has 8 to 63 characters.")
    if name.endswith(".password") and not value.isprintable():
        raise Wrong(f"{name} holds a character that cannot be typed.")
    if name == "wifi.country" and value and not re.fullmatch(r"[A-Z]{2}", value):
        raise Wrong('wifi.country is two capital letters, such as "RU".')


def without_secrets(text: str, settings: Settings, today: datetime.date) -> str:
    """The file with a remark in the place of each secret that was taken; a refused one is left for
    its owner to mend."""
    table, lines = "", []
    for line in text.splitlines():
        if heading := re.match(r"\s*\[\s*([\w.-]+)\s*\]", line):
            table = heading[1]
        if entry := re.match(r"\s*([\w.-]+)\s*=", line):
            name = f"{table}.{entry[1]}".lstrip(".")
            value = alone(line, entry[1])
            if name in SECRETS and value and value == getattr(settings, name.replace(".", "_")):
                line = f"# {entry[1]}: taken in on {today}, and kept where no card reader shows it"
        lines.append(line)
    return "\n".join(lines) + "\n"


def alone(line: str, key: str):
    """The value of an entry that stands on one line."""
    try:
        return inside(tomllib.loads(line), key)
    except tomllib.TOMLDecodeError:
        return None


def inside(file: dict, name: str):
    """The entry with this name, whose tables are before its dots."""
    for part in name.split("."):
        file = file.get(part) if isinstance(file, dict) else None
    return file


def left_secrets(text: str) -> list[str]:
    """Names of the secrets that still stand in the file."""
    try:
        file = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return []
    return [name for name in sorted(SECRETS) if inside(file, name)]


def escape(value: str) -> str:
    """A text as NetworkManager's files have it."""
    value = value.replace("\\", "\\\\")
    return value.replace(" ", "\\s", 1) if value.startswith(" ") else value


def wifi_profile(settings: Settings) -> str:
    """The known network, for NetworkManager."""
    ssid = ";".join(str(byte) for byte in settings.wifi_ssid.encode()) + ";"
    lines = ["[connection]", "id=qres-wifi", "type=wifi", "autoconnect-retries=0", "",
             "[wifi]", "mode=infrastructure", f"ssid={ssid}", ""]
    if settings.wifi_password:
        lines += ["[wifi-security]", "key-mgmt=wpa-psk", f"psk={escape(settings.wifi_password)}", ""]
    return "\n".join(lines + ["[ipv4]", "method=auto", "", "[ipv6]", "method=auto", ""])


def access_point_profile(settings: Settings, mark: str) -> str:
    """The network that the box makes where it finds none."""
    lines = ["[connection]", "id=qres-ap", "type=wifi", "autoconnect=false", "",
             "[wifi]", "mode=ap", f"ssid=QRes-{mark}", "band=bg", "channel=6", ""]
    if settings.access_point_password:
        lines += ["[wifi-security]", "key-mgmt=wpa-psk", "proto=rsn", "pairwise=ccmp",
                  f"psk={escape(settings.access_point_password)}", ""]
    return "\n".join(lines + ["[ipv4]", "method=shared", "address1=192.168.4.1/24", "",
                              "[ipv6]", "method=disabled", ""])


def mark_of(addresses: list[str]) -> str:
    """Four digits that tell this box's access point from another's."""
    return "".join(sorted(addresses)[0].split(":")[-2:]).upper() if addresses else "0000"


def write(path: pathlib.Path, text: str, mode: int = 0o644) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "w", opener=lambda name, flags: os.open(name, flags, mode)) as file:
        file.write(text)


def apply(settings: Settings, root: pathlib.Path, mark: str) -> None:
    """Writes what the services of this start read; all of it in memory."""
    networks = root / "run/NetworkManager/system-connections"
    write(networks / "qres-ap.nmconnection", access_point_profile(settings, mark), 0o600)
    if settings.wifi_ssid:
        write(networks / "qres-wifi.nmconnection", wifi_profile(settings), 0o600)
    write(root / "etc/hostname", settings.hostname + "\n")
    write(root / "etc/hosts", f"127.0.0.1 localhost\n127.0.1.1 {settings.hostname}\n::1 localhost\n")
    zone = root / "etc/localtime"
    if settings.timezone:
        zone.unlink(missing_ok=True)
        zone.symlink_to(f"/usr/share/zoneinfo/{settings.timezone}")
    # Read by the service before it gives up what root may.
    code = f"QRES_SETUP_CODE={settings.setup_code}\n" if settings.setup_code else ""
    write(root / "run/qres-card/environment", code, 0o600)
    # Only who gave a key finds the door of SSH: it is started, and opened in the firewall.
    if settings.ssh_key:
        write(root / "run/qres-card/authorized_keys", settings.ssh_key + "\n", 0o600)
        write(root / "run/qres-card/ssh.nft", "tcp dport 22 accept\n")
    else:
        write(root / "run/qres-card/ssh.nft", "")
    write(root / "run/qres-card/access-point", f"QRes-{mark}\n")
    if not settings.updates:
        write(root / "run/qres-card/no-updates", "")


def keep_machine_id(boot: pathlib.Path, root: pathlib.Path) -> None:
    """Gives the kernel's command line this box's id, so that the journal of all starts is one.

    The zeros of the image are written over in place: one sector, whole or not at all.
    """
    identity = (root / "etc/machine-id").read_text().strip()
    if len(identity) != 32:
        return
    for line in boot.glob("[ab]/cmdline.txt"):
        text = line.read_bytes()
        place = text.find(b"systemd.machine_id=" + b"0" * 32)
        if place >= 0:
            with open(line, "r+b") as file:
                file.seek(place + len("systemd.machine_id="))
                file.write(identity.encode())
                file.flush()
                os.fsync(file.fileno())


def take_in(boot: pathlib.Path, data: pathlib.Path, zones: pathlib.Path) -> tuple[Settings, list[str]]:
    """Reads the file, keeps what is in it, and only then takes the secrets out."""
    kept = Settings.kept(data)
    try:
        text = (boot / "qres.toml").read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return kept, []
    except (OSError, UnicodeDecodeError):
        return kept, ["qres.toml cannot be read: save it as plain text (UTF-8). Nothing in it was taken."]
    settings, problems = read(text, kept, zones)
    if settings != kept:
        settings.keep(data)
    clean = without_secrets(text, settings, datetime.date.today())
    if clean.splitlines() != text.splitlines():
        with open(boot / "qres.toml", "r+", encoding="utf-8", newline="") as file:
            file.write(clean)
            file.truncate()
            file.flush()
            os.fsync(file.fileno())
    refused = " ".join(problems)
    for name in left_secrets(clean):
        if name not in refused:
            problems.append(f"qres.toml: {name} is still in it: write it on a line of its own.")
    return settings, problems


def main() -> None:
    root, boot, data = pathlib.Path("/"), pathlib.Path("/boot/firmware"), pathlib.Path("/data/system")
    run = root / "run/qres-card"
    run.mkdir(mode=0o700, parents=True, exist_ok=True)
    run.chmod(0o755)
    subprocess.run(["mount", "-o", "remount,rw", boot], check=False)
    try:
        settings, problems = take_in(boot, data, pathlib.Path("/usr/share/zoneinfo"))
        keep_machine_id(boot, root)
    except OSError as error:
        settings, problems = Settings.kept(data), [f"qres.toml could not be taken in: {error}."]
    finally:
        subprocess.run(["mount", "-o", "remount,ro", boot], check=False)
    cards = pathlib.Path("/sys/class/net").glob("*/address")
    addresses = [card.read_text().strip() for card in cards if card.parent.name != "lo"]
    apply(settings, root, mark_of(addresses))
    pathlib.Path("/proc/sys/kernel/hostname").write_text(settings.hostname)
    if settings.wifi_country:
        subprocess.run(["iw", "reg", "set", settings.wifi_country], check=False)
    (run / "problems").write_text("".join(problem + "\n" for problem in problems))
    for problem in problems:
        print(problem, file=sys.stderr)


if __name__ == "__main__":
    main()
