#!/usr/bin/python3
"""Answers what phones ask to find out whether a Wi-Fi has internet.

On the box's own network every name leads to 192.168.4.2, whose port 80 the firewall passes to this
program (the box itself has 192.168.4.1). A phone that hears the answer it expects stays connected;
a person who types any address is led to the box.
"""

import http.server

PORT = 8480
BOX = "http://192.168.4.1/"
APPLE = "<HTML><HEAD><TITLE>Success</TITLE></HEAD><BODY>Success</BODY></HTML>"
PROBES = {
    # Android, ChromeOS
    "/generate_204": (204, ""),
    "/gen_204": (204, ""),
    # iPhone, iPad, Mac
    "/hotspot-detect.html": (200, APPLE),
    "/library/test/success.html": (200, APPLE),
    # Windows
    "/connecttest.txt": (200, "Microsoft Connect Test"),
    "/ncsi.txt": (200, "Microsoft NCSI"),
    # Firefox
    "/success.txt": (200, "success\n"),
    "/canonical.html": (
        200,
        '<meta http-equiv="refresh" content="0;url=https://support.mozilla.org/kb/captive-portal"/>',
    ),
    # Linux desktops
    "/nm-check.txt": (200, "NetworkManager is online\n"),
    "/check_network_status.txt": (200, "NetworkManager is online\n"),
}


class Probe(http.server.BaseHTTPRequestHandler):
    """One question."""

    timeout = 5
    server_version, sys_version = "QRes", ""

    def do_GET(self) -> None:
        status, text = PROBES.get(self.path.split("?")[0], (302, ""))
        body = text.encode()
        self.send_response(status)
        if status == 302:
            self.send_header("Location", BOX)
        self.send_header("Cache-Control", "no-store")
        if status != 204:
            self.send_header("Content-Type", "text/html" if text.startswith("<") else "text/plain")
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(body)

    do_HEAD = do_GET

    def log_message(self, *_) -> None:
        """Every phone asks every few minutes: that is no news."""


def main() -> None:
    http.server.ThreadingHTTPServer(("0.0.0.0", PORT), Probe).serve_forever()


if __name__ == "__main__":
    main()
