#!/usr/bin/python3
"""The screen of the box (HDMI): its name, addresses, state, and while it is new the set-up code.

It draws anew only when something changed, for years on end.
"""

import json
import pathlib
import re
import subprocess
import time
import urllib.error
import urllib.request

RUN = pathlib.Path("/run/qres-card")


def get(path: str) -> dict:
    """A reply of the box; empty while it does not answer."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1{path}", timeout=5) as reply:
            return json.load(reply)
    except urllib.error.HTTPError as error:
        try:
            return json.load(error)
        except ValueError:
            return {}
    except (OSError, ValueError):
        return {}


def ask(*words: str) -> str:
    return subprocess.run(words, capture_output=True, text=True, check=False, timeout=60).stdout


def text_of(name: str) -> str:
    try:
        return (RUN / name).read_text().strip()
    except OSError:
        return ""


def addresses() -> list[str]:
    """IPv4 addresses, the access point's own second one left out."""
    found = []
    for link in json.loads(ask("ip", "-j", "-4", "address", "show", "up") or "[]"):
        for entry in link.get("addr_info", []):
            if entry.get("scope") == "global" and entry["local"] != "192.168.4.2":
                found.append(entry["local"])
    return found


def set_up_code() -> str:
    """The newest code of this start; the box prints it while it has no admin."""
    lines = ask("journalctl", "--boot", "--unit", "qres.service", "--output", "cat", "--lines", "200")
    codes = re.findall(r"Set-up code: (\S+)", lines)
    return codes[-1] if codes else ""


def state_of(health: dict) -> str:
    if not health:
        return "запускается / starting"
    if health.get("status") == "healthy":
        return "работает / serving"
    return f"нужна помощь / needs help: {health.get('detail') or health.get('status')}"


def screen(name: str, health: dict, reached_at: list[str], network: str, code: str | None, problems: list[str]) -> str:
    """The whole screen, as text. The code is None once the box is set up, and empty when its owner chose one."""
    lines = [f" {name}   QRes {health.get('version', '')}".rstrip(), ""]
    places = [f"http://{address}" for address in reached_at]
    if places:
        places.append("http://qres.local")
    for number, place in enumerate(places or ["нет сети / no network"]):
        lines.append(f" {'Адрес / Address' if number == 0 else '':<22}{place}")
    if network:
        lines.append(f" {'Сеть / Network':<22}{network}")
    lines.append(f" {'Состояние / State':<22}{state_of(health)}")
    lines += [f" ! {problem}" for problem in problems]
    if places:
        target, purpose = places[0], "Меню и приложения / Menu and apps"
        if code is not None:
            target, purpose = f"{places[0]}/setup", "Настройка: код задан в qres.toml / Set-up: the code is in qres.toml"
        if code:
            target, purpose = f"{target}#{code}", f"Код настройки / Set-up code: {code}"
        lines += ["", f" {purpose}"]
        lines += [" " + line for line in qr_code(target).splitlines()] + [f" {target}"]
    return "\n".join(lines) + "\n"


def qr_code(text: str) -> str:
    # Coloured spaces: no font with Cyrillic letters has half blocks too.
    return ask("qrencode", "--type=ANSI", "--level=L", "--margin=1", text)


def draw_now() -> str:
    health = get("/health/ready")
    needed = get("/setup/state").get("needed", False)
    name = get("/restaurant").get("name") or pathlib.Path("/proc/sys/kernel/hostname").read_text().strip()
    reached_at = addresses()
    network = text_of("access-point") if "192.168.4.1" in reached_at else ""
    problems = text_of("problems").splitlines()
    return screen(name, health, reached_at, network, set_up_code() if needed else None, problems)


def main() -> None:
    drawn = ""
    while True:
        now = draw_now()
        if now != drawn:
            # Clear, home, no cursor.
            print("\x1b[2J\x1b[H\x1b[?25l" + now, end="", flush=True)
            drawn = now
        time.sleep(5)


if __name__ == "__main__":
    main()
