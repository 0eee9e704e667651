"""The box on the card, as people and its owner reach it: over HTTP, and with the key over SSH."""

import http.client
import json
import pathlib
import ssl
import subprocess
import threading
import time
import uuid

from emulator import Board

PASSWORD = "correct horse battery"
# The certificate is of the box's own authority; whose it is, is not asked here.
UNCHECKED = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
UNCHECKED.check_hostname = False
UNCHECKED.verify_mode = ssl.CERT_NONE


class Refused(Exception):
    """The box answered, but not what was expected."""


def wait_for(what: str, probe, patience: float, pause: float = 1.0):
    """Waits until the probe gives something; what it raises meanwhile counts as nothing yet."""
    end = time.monotonic() + patience
    while True:
        try:
            if found := probe():
                return found
        except (OSError, http.client.HTTPException, subprocess.SubprocessError):
            pass
        if time.monotonic() > end:
            raise TimeoutError(f"waited {patience:.0f} s in vain: {what}")
        time.sleep(pause)


class Client:
    """Somebody with a device; keeps one connection."""

    def __init__(self, board: Board, token: str | None = None, timeout: float = 60) -> None:
        self.board, self.token, self.timeout = board, token, timeout
        self.line: http.client.HTTPConnection | None = None

    def ask(self, method: str, path: str, body=None, plain: bool = False, **headers: str):
        if self.line is None:
            port = self.board.ports["http" if plain else "https"]
            self.line = (
                http.client.HTTPConnection("127.0.0.1", port, timeout=self.timeout) if plain
                else http.client.HTTPSConnection("127.0.0.1", port, timeout=self.timeout, context=UNCHECKED)
            )
        headers = {"Host": "qres.local", "Content-Type": "application/json", **headers}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        try:
            self.line.request(method, path, json.dumps(body) if body is not None else None, headers)
            reply = self.line.getresponse()
            return reply.status, json.loads(reply.read() or b"null")
        except (OSError, http.client.HTTPException):
            self.line.close()
            self.line = None
            raise

    def expect(self, status: int, method: str, path: str, body=None, **headers: str):
        found, reply = self.ask(method, path, body, **headers)
        if found != status:
            raise Refused(f"{method} {path}: {found} {reply}")
        return reply


def health(board: Board) -> dict | None:
    """The reply of a box that is well."""
    client = Client(board, timeout=10)
    status, reply = client.ask("GET", "/health/ready", plain=True)
    client.line.close()
    return reply if status == 200 else None


def set_up(board: Board, code: str) -> tuple[Client, dict]:
    """A restaurant with an admin, one dish and one table; returns the admin and an order's body."""
    client = Client(board)
    client.expect(201, "POST", "/setup", {
        "code": code,
        "restaurant": {"name": "Печь и пряности", "currency": "RUB", "timezone": "Europe/Moscow", "languages": ["ru"]},
        "admin": {"username": "admin", "full_name": "Нино", "password": PASSWORD},
    })
    reply = client.expect(200, "POST", "/auth/login", {"username": "admin", "password": PASSWORD})
    admin = Client(board, reply["access_token"])
    category = admin.expect(201, "POST", "/categories/", {"name": "Кухня"})["id"]
    dish = admin.expect(201, "POST", "/dishes/", {"name": "Борщ", "description": "Со сметаной", "category_id": category})
    admin.expect(201, "POST", f"/dishes/{dish['id']}/variations/", {"name": "Тарелка", "price": "350.00", "is_default": True})
    order = {"order_type": "TAKEAWAY", "customer_name": "Гость", "items": [{"dish_id": dish["id"], "quantity": 2}]}
    return admin, order


class Rush:
    """Several people who order as fast as the box answers, until it is gone."""

    def __init__(self, board: Board, token: str, order: dict, people: int = 4) -> None:
        self.acknowledged: list[str] = []
        self.unanswered: list[str] = []
        self.wrong: list[str] = []
        self.threads = [
            threading.Thread(target=self.order, args=(Client(board, token, timeout=30), order), daemon=True)
            for _ in range(people)
        ]
        for thread in self.threads:
            thread.start()

    def order(self, client: Client, order: dict) -> None:
        while True:
            mark = str(uuid.uuid4())
            try:
                status, reply = client.ask("POST", "/orders/", {**order, "notes": mark}, **{"Idempotency-Key": mark})
            except (OSError, http.client.HTTPException, ValueError):
                self.unanswered.append(mark)
                return
            if status != 201:
                self.wrong.append(f"{status} {reply}")
                return
            self.acknowledged.append(mark)

    def end(self) -> None:
        for thread in self.threads:
            thread.join()
        if self.wrong:
            raise Refused(self.wrong[0])


class Shell:
    """The owner's own door, where a key was given."""

    def __init__(self, board: Board, key: pathlib.Path) -> None:
        self.command = [
            "ssh", "-q", "-i", str(key), "-p", str(board.ports["ssh"]), "-o", "StrictHostKeyChecking=no",
            "-o", "UserKnownHostsFile=/dev/null", "-o", "BatchMode=yes", "-o", "ConnectTimeout=20",
            "-o", "IdentitiesOnly=yes", "root@127.0.0.1",
        ]

    def put(self, script: pathlib.Path) -> str:
        """Copies a script into the box's memory; where it is there."""
        place = f"/run/{script.name}"
        subprocess.run([*self.command, f"cat >{place}"], input=script.read_bytes(), check=True, timeout=120)
        return place

    def run(self, script: str, patience: float = 120) -> str:
        """What the script prints; an error where it fails."""
        done = subprocess.run([*self.command, "bash -es"], input=script, capture_output=True, text=True,
                              check=False, timeout=patience)
        if done.returncode:
            raise subprocess.SubprocessError(f"{script}\nended with {done.returncode}: {done.stdout}{done.stderr}")
        return done.stdout.strip()
