#!/usr/bin/python3
"""Makes the box a network of its own where it finds none, and gives it up when one returns.

NetworkManager does the work; this decides. The profiles qres-ap and qres-wifi are written by
settings.py.
"""

import dataclasses
import subprocess
import time

ACCESS_POINT = "qres-ap"
KNOWN = "qres-wifi"
# Where the phones' probes are answered: portal.py. A shared network of NetworkManager's has one
# address only, so this one is laid beside it.
PROBES = "192.168.4.2/24"
# A cable's or a Wi-Fi's address may take a while after the power came on.
PATIENCE = 40
# How often it looks for the known network while it is one itself, and while phones are on it.
LOOK_ALONE = 120
LOOK_IN_COMPANY = 1800


@dataclasses.dataclass
class Seen:
    """What the network looks like in this moment."""

    has_network: bool
    is_access_point: bool
    has_radio: bool
    knows_wifi: bool
    guests: int
    seconds_without: float
    seconds_since_look: float


def decide(seen: Seen) -> str:
    """`start` or `stop` the access point, `look` for the known network, or `wait`."""
    if seen.has_network:
        return "stop" if seen.is_access_point else "wait"
    if not seen.is_access_point:
        return "start" if seen.has_radio and seen.seconds_without >= PATIENCE else "wait"
    pause = LOOK_IN_COMPANY if seen.guests else LOOK_ALONE
    return "look" if seen.knows_wifi and seen.seconds_since_look >= pause else "wait"


def devices(table: str) -> list[dict[str, str]]:
    """Rows of `nmcli -t -f DEVICE,TYPE,STATE,CONNECTION device`."""
    rows = [line.split(":", 3) for line in table.splitlines() if line.count(":") >= 3]
    return [dict(zip(("device", "type", "state", "connection"), row)) for row in rows]


def ask(*words: str) -> str:
    done = subprocess.run(words, capture_output=True, text=True, check=False, timeout=90)
    return done.stdout


def become(radio: str) -> None:
    """Makes the radio the access point."""
    ask("nmcli", "connection", "up", ACCESS_POINT, "ifname", radio)
    ask("ip", "address", "replace", PROBES, "dev", radio)


def guests_of(device: str) -> int:
    return ask("iw", "dev", device, "station", "dump").count("Station ")


def is_in_sight(ssid: str, device: str) -> bool:
    """Whether the network is heard. Not every radio hears others while it sends itself."""
    ask("nmcli", "device", "wifi", "rescan", "ifname", device)
    time.sleep(6)
    heard = ask("nmcli", "-t", "-f", "SSID,IN-USE", "device", "wifi", "list", "ifname", device)
    return any(line.rsplit(":", 1)[0].replace("\\:", ":") == ssid for line in heard.splitlines())


class Network:
    """The box's network, watched."""

    def __init__(self) -> None:
        self.lost = self.looked = time.monotonic()
        self.ssid = ask("nmcli", "-g", "802-11-wireless.ssid", "connection", "show", KNOWN).strip()

    def look_around(self) -> tuple[Seen, str]:
        rows = devices(ask("nmcli", "-t", "-f", "DEVICE,TYPE,STATE,CONNECTION", "device"))
        radios = [row["device"] for row in rows if row["type"] == "wifi" and row["state"] != "unavailable"]
        mine = [row["device"] for row in rows if row["connection"] == ACCESS_POINT]
        others = [row for row in rows if row["state"] == "connected" and row["type"] in ("ethernet", "wifi")
                  and row["connection"] != ACCESS_POINT]
        now = time.monotonic()
        if others or mine:
            self.lost = now
        radio = (mine or radios or [""])[0]
        seen = Seen(
            has_network=bool(others),
            is_access_point=bool(mine),
            has_radio=bool(radios),
            knows_wifi=bool(self.ssid),
            guests=guests_of(mine[0]) if mine else 0,
            seconds_without=now - self.lost,
            seconds_since_look=now - self.looked,
        )
        return seen, radio

    def act(self, action: str, radio: str) -> None:
        if action == "start":
            print(f"No network is in reach: {radio} becomes one", flush=True)
            become(radio)
            self.looked = time.monotonic()
        elif action == "stop":
            print("The network is back", flush=True)
            ask("nmcli", "connection", "down", ACCESS_POINT)
        elif action == "look":
            self.look(radio)
            self.looked = time.monotonic()

    def look(self, radio: str) -> None:
        """Goes to the known network if it is there; else stays, or comes back as one."""
        if not is_in_sight(self.ssid, radio):
            if guests_of(radio):
                return
            ask("nmcli", "connection", "down", ACCESS_POINT)
            if not is_in_sight(self.ssid, radio):
                become(radio)
                return
        print(f"{self.ssid} is back", flush=True)
        ask("nmcli", "connection", "down", ACCESS_POINT)
        ask("nmcli", "connection", "up", KNOWN)


def main() -> None:
    network = Network()
    while True:
        seen, radio = network.look_around()
        network.act(decide(seen), radio)
        time.sleep(5)


if __name__ == "__main__":
    main()
