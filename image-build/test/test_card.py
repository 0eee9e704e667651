"""What the card's scripts decide, without a card: python3 -m unittest discover image-build/test"""

import importlib.util
import os
import pathlib
import subprocess
import sys
import tempfile
import threading
import unittest
import urllib.error
import urllib.request

sys.dont_write_bytecode = True
HERE = pathlib.Path(__file__).resolve().parent.parent
SCRIPTS = HERE / "root/usr/lib/qres-card"


def script(name: str):
    spec = importlib.util.spec_from_file_location(f"card_{name}", SCRIPTS / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


settings, network, console, portal = map(script, ("settings", "network", "console", "portal"))

KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBN0 owner"
FULL = f"""
hostname = "pizza"
timezone = "Europe/Moscow"
setup_code = "Nonna-1987"
ssh_key = "{KEY}"
updates = false

[wifi]
ssid = "Кафе у моря"
password = "очень секретно"   # on the wall
country = "RU"

[access_point]
password = 'guest-guest'
"""


class Folder(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = pathlib.Path(folder.name)
        self.boot, self.data, self.zones = self.root / "boot", self.root / "data", self.root / "zones"
        for made in (self.boot, self.data, self.zones / "Europe"):
            made.mkdir(parents=True)
        (self.zones / "Europe/Moscow").touch()

    def take_in(self, text):
        (self.boot / "qres.toml").write_text(text, encoding="utf-8")
        return settings.take_in(self.boot, self.data, self.zones)

    def left(self):
        return (self.boot / "qres.toml").read_text(encoding="utf-8")


class TakingIn(Folder):
    def test_the_file_that_is_on_the_card_changes_nothing(self):
        text = (HERE / "boot/qres.toml").read_text(encoding="utf-8")
        taken, problems = self.take_in(text)
        self.assertEqual((taken, problems), (settings.Settings(), []))
        self.assertEqual(self.left(), text)

    def test_every_line_of_it_can_be_used(self):
        text = (HERE / "boot/qres.toml").read_text(encoding="utf-8")
        lines = [line[1:] if line[:1] == "#" and line[1:2].isalpha() else line for line in text.splitlines()]
        text = "\n".join(lines).replace("AAAA...", "AAAA").replace('"..."', '"long-enough"')
        taken, problems = self.take_in(text)
        self.assertEqual(problems, [])
        self.assertEqual(taken.wifi_ssid, "Restaurant")

    def test_everything_is_kept_and_secrets_leave_the_card(self):
        taken, problems = self.take_in(FULL)
        self.assertEqual(problems, [])
        self.assertEqual(taken.wifi_password, "очень секретно")
        self.assertEqual(settings.Settings.kept(self.data), taken)
        self.assertEqual((self.data / "settings.json").stat().st_mode & 0o777, 0o600)
        self.assertNotIn("секретно", self.left())
        self.assertNotIn("guest-guest", self.left())
        self.assertNotIn("Nonna", self.left())
        self.assertIn('ssid = "Кафе у моря"', self.left())
        # The next start reads what is left, and still knows the password.
        again, problems = settings.take_in(self.boot, self.data, self.zones)
        self.assertEqual((again, problems), (taken, []))

    def test_a_new_password_goes_over_the_kept_one(self):
        self.take_in(FULL)
        taken, _ = self.take_in('[wifi]\nssid = "New"\npassword = "another one"\n')
        self.assertEqual((taken.wifi_ssid, taken.wifi_password), ("New", "another one"))
        self.assertEqual(taken.timezone, "Europe/Moscow")

    def test_a_wrong_line_costs_only_itself_and_stays_to_be_mended(self):
        taken, problems = self.take_in(
            'hostnam = "x"\nsetup_code = "pizza"\ntimezone = "Mars/Base"\n[wifi]\nssid = "Cafe"\npassword = "short"\ncountry = "ru"\n'
        )
        self.assertEqual(taken.wifi_ssid, "Cafe")
        self.assertEqual(taken.wifi_password, "")
        self.assertIn("Did you mean hostname?", problems[0])
        self.assertIn("8 to 32 letters", problems[1])
        self.assertIn("Mars/Base", problems[2])
        self.assertIn("8 to 63", problems[3])
        self.assertIn("two capital letters", problems[4])
        self.assertIn("short", self.left())

    def test_a_secret_in_an_unusual_place_is_told(self):
        taken, problems = self.take_in('wifi = {ssid = "Cafe", password = "in one line"}\n')
        self.assertEqual(taken.wifi_password, "in one line")
        self.assertEqual(problems, ["qres.toml: wifi.password is still in it: write it on a line of its own."])

    def test_a_dotted_secret_leaves_too(self):
        self.take_in('wifi.ssid = "Cafe"\nwifi.password = "dotted secret"\n')
        self.assertNotIn("dotted secret", self.left())

    def test_a_broken_file_leaves_what_was_kept(self):
        before, _ = self.take_in(FULL)
        for broken in ("hostname = \n", 'wifi = 3\n[wifi]\n'):
            taken, problems = self.take_in(broken)
            self.assertEqual(taken, before)
            self.assertIn("cannot be read", problems[0])

    def test_files_of_other_computers_are_read(self):
        # Notepad: a byte order mark and other line ends.
        (self.boot / "qres.toml").write_bytes("\ufeff[wifi]\r\nssid = \"A\"\r\npassword = \"12345678\"\r\n".encode())
        taken, problems = settings.take_in(self.boot, self.data, self.zones)
        self.assertEqual((taken.wifi_ssid, taken.wifi_password, problems), ("A", "12345678", []))
        self.assertNotIn("12345678", self.left())
        (self.boot / "qres.toml").write_bytes(b"\xff\xfeh\x00")
        self.assertIn("UTF-8", settings.take_in(self.boot, self.data, self.zones)[1][0])

    def test_no_file_is_no_problem(self):
        self.assertEqual(settings.take_in(self.boot, self.data, self.zones), (settings.Settings(), []))


class Applying(Folder):
    def apply(self, **values):
        (self.root / "etc").mkdir(exist_ok=True)
        settings.apply(settings.Settings(**values), self.root, "1A2B")
        return self.root

    def test_without_settings_there_is_an_access_point_and_no_ssh(self):
        root = self.apply()
        networks = root / "run/NetworkManager/system-connections"
        point = (networks / "qres-ap.nmconnection").read_text()
        self.assertIn("ssid=QRes-1A2B\n", point)
        self.assertIn("address1=192.168.4.1/24\n", point)
        self.assertNotIn("psk", point)
        self.assertFalse((networks / "qres-wifi.nmconnection").exists())
        self.assertEqual((root / "run/qres-card/ssh.nft").read_text(), "")
        self.assertFalse((root / "run/qres-card/authorized_keys").exists())
        self.assertEqual((root / "run/qres-card/environment").read_text(), "")

    def test_a_chosen_set_up_code_reaches_the_service_alone(self):
        environment = self.apply(setup_code="Nonna-1987") / "run/qres-card/environment"
        self.assertEqual(environment.read_text(), "QRES_SETUP_CODE=Nonna-1987\n")
        self.assertEqual(environment.stat().st_mode & 0o777, 0o600)

    def test_a_key_opens_ssh(self):
        root = self.apply(ssh_key=KEY)
        self.assertEqual((root / "run/qres-card/ssh.nft").read_text(), "tcp dport 22 accept\n")
        self.assertEqual((root / "run/qres-card/authorized_keys").read_text(), KEY + "\n")

    def test_names_and_secrets_are_written_as_networkmanager_reads_them(self):
        root = self.apply(wifi_ssid="Бар", wifi_password=" a\\b;c#", hostname="pizza", timezone="Europe/Moscow")
        profile = root / "run/NetworkManager/system-connections/qres-wifi.nmconnection"
        self.assertEqual(profile.stat().st_mode & 0o777, 0o600)
        self.assertIn("ssid=208;145;208;176;209;128;\n", profile.read_text())
        self.assertIn("psk=\\sa\\\\b;c#\n", profile.read_text())
        self.assertEqual((root / "etc/hostname").read_text(), "pizza\n")
        self.assertEqual(os.readlink(root / "etc/localtime"), "/usr/share/zoneinfo/Europe/Moscow")

    def test_the_mark_follows_from_the_hardware(self):
        self.assertEqual(settings.mark_of(["b8:27:eb:00:1a:2b", "b8:27:eb:55:4f:7e"]), "1A2B")
        self.assertEqual(settings.mark_of([]), "0000")

    def test_the_kernels_line_gets_the_boxs_id_once_and_keeps_its_length(self):
        root = self.apply()
        (root / "etc/machine-id").write_text("0123456789abcdef0123456789abcdef\n")
        (self.boot / "a").mkdir()
        line = self.boot / "a/cmdline.txt"
        line.write_text("root=UUID=1 systemd.machine_id=" + "0" * 32 + "\n")
        before = line.stat()
        settings.keep_machine_id(self.boot, root)
        self.assertEqual(line.read_text(), "root=UUID=1 systemd.machine_id=0123456789abcdef0123456789abcdef\n")
        self.assertEqual((line.stat().st_ino, line.stat().st_size), (before.st_ino, before.st_size))
        (root / "etc/machine-id").write_text("f" * 32 + "\n")
        settings.keep_machine_id(self.boot, root)
        self.assertIn("0123456789abcdef", line.read_text())


class Deciding(unittest.TestCase):
    def decide(self, **seen):
        nothing = dict(has_network=False, is_access_point=False, has_radio=True, knows_wifi=False, guests=0,
                       seconds_without=0, seconds_since_look=0)
        return network.decide(network.Seen(**{**nothing, **seen}))

    def test_a_box_without_a_network_becomes_one_after_a_while(self):
        self.assertEqual(self.decide(seconds_without=10), "wait")
        self.assertEqual(self.decide(seconds_without=40), "start")
        self.assertEqual(self.decide(seconds_without=40, has_radio=False), "wait")

    def test_it_gives_its_own_up_when_a_cable_is_back(self):
        self.assertEqual(self.decide(is_access_point=True, has_network=True), "stop")
        self.assertEqual(self.decide(has_network=True), "wait")

    def test_it_looks_for_the_known_wifi_and_seldom_while_phones_are_on_its_own(self):
        point = dict(is_access_point=True, knows_wifi=True)
        self.assertEqual(self.decide(**point, seconds_since_look=119), "wait")
        self.assertEqual(self.decide(**point, seconds_since_look=120), "look")
        self.assertEqual(self.decide(**point, seconds_since_look=120, guests=1), "wait")
        self.assertEqual(self.decide(**point, seconds_since_look=1800, guests=1), "look")
        self.assertEqual(self.decide(is_access_point=True, seconds_since_look=9999), "wait")

    def test_it_reads_networkmanagers_table(self):
        rows = network.devices("wlan0:wifi:connected:qres-ap\neth0:ethernet:unavailable:\n\n")
        self.assertEqual(rows[0], {"device": "wlan0", "type": "wifi", "state": "connected", "connection": "qres-ap"})
        self.assertEqual(len(rows), 2)


class Screen(unittest.TestCase):
    def test_a_new_box_shows_its_code_and_a_served_one_its_menu(self):
        console.qr_code = lambda text: f"<{text}>"
        new = console.screen("qres", {}, ["192.168.4.1"], "QRes-1A2B", "ABCDE-FGHJK", ["qres.toml: wrong"])
        self.assertIn("<http://192.168.4.1/setup#ABCDE-FGHJK>", new)
        self.assertIn("Set-up code: ABCDE-FGHJK", new)
        self.assertIn("QRes-1A2B", new)
        self.assertIn("запускается / starting", new)
        self.assertIn("! qres.toml: wrong", new)
        well = {"status": "healthy", "version": "1.2.3"}
        served = console.screen("Печь", well, ["10.0.0.5", "192.168.1.7"], "", None, [])
        self.assertIn("работает / serving", served)
        self.assertIn("<http://10.0.0.5>", served)
        self.assertIn("http://qres.local", served)
        self.assertIn("нет сети / no network", console.screen("qres", well, [], "", None, []))
        chosen = console.screen("qres", well, ["10.0.0.5"], "", "", [])
        self.assertIn("<http://10.0.0.5/setup>", chosen)
        self.assertIn("the code is in qres.toml", chosen)


class Probes(unittest.TestCase):
    def test_each_phone_hears_what_it_expects(self):
        server = portal.http.server.ThreadingHTTPServer(("127.0.0.1", 0), portal.Probe)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        base = f"http://127.0.0.1:{server.server_port}"
        for path, (status, text) in portal.PROBES.items():
            with urllib.request.urlopen(base + path + "?x=1") as reply:
                self.assertEqual((reply.status, reply.read().decode()), (status, text))
        with self.assertRaises(urllib.error.HTTPError) as led:
            urllib.request.build_opener(Stay).open(base + "/anything")
        self.assertEqual(led.exception.code, 302)
        self.assertEqual(led.exception.headers["Location"], "http://192.168.4.1/")


class Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


class Slots(Folder):
    def run_script(self, name, *words):
        return subprocess.run([SCRIPTS / name, *words], capture_output=True, text=True, check=False,
                              env={**os.environ, "QRES_BOOT": str(self.boot)})

    def test_one_letter_says_which_root_starts(self):
        config = self.boot / "config.txt"
        config.write_bytes((HERE / "boot/config.txt").read_bytes())
        # The letter is in the first sector: written whole or not at all.
        self.assertLess(config.stat().st_size, 512)
        self.assertEqual(self.run_script("boot-slot").stdout, "a\n")
        self.run_script("boot-slot", "b")
        self.assertEqual(self.run_script("boot-slot").stdout, "b\n")
        self.assertEqual(config.read_text().replace("os_prefix=b/", "os_prefix=a/"), (HERE / "boot/config.txt").read_text())
        self.assertEqual(self.run_script("boot-slot", "c").returncode, 2)
        config.write_text("arm_64bit=1\n")
        self.assertEqual(self.run_script("boot-slot", "a").returncode, 1)
        self.assertEqual(config.read_text(), "arm_64bit=1\n")

    def test_the_newest_kernel_is_put_on_the_boot_partition_under_the_same_id(self):
        for release in ("6.9.0", "6.12.0"):
            trees = self.root / "tree/usr/lib" / f"linux-image-{release}/broadcom"
            trees.mkdir(parents=True)
            (trees / "bcm2711-rpi-4-b.dtb").write_text(release)
            (self.root / "tree/boot").mkdir(exist_ok=True)
            for kind in ("vmlinuz", "initrd.img"):
                (self.root / f"tree/boot/{kind}-{release}").write_text(release)
        done = self.run_script("boot-files", "a", str(self.root / "tree"), str(self.boot), "uuid-a")
        self.assertEqual(done.returncode, 0, done.stderr)
        for name in ("vmlinuz", "initrd.img", "bcm2711-rpi-4-b.dtb"):
            self.assertEqual((self.boot / "a" / name).read_text(), "6.12.0")
        line = self.boot / "a/cmdline.txt"
        self.assertIn("root=UUID=uuid-a rootwait", line.read_text())
        self.assertLess(line.stat().st_size, 512)
        line.write_text(line.read_text().replace("0" * 32, "ab" * 16))
        self.run_script("boot-files", "b", str(self.root / "tree"), str(self.boot), "uuid-b")
        self.assertIn("root=UUID=uuid-b rootwait", (self.boot / "b/cmdline.txt").read_text())
        self.assertIn("systemd.machine_id=" + "ab" * 16, (self.boot / "b/cmdline.txt").read_text())


if __name__ == "__main__":
    unittest.main()
