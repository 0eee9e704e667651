#!/bin/bash
# Runs on the board: two radios that the kernel plays, one for the box and one for a phone.
exec >/run/access-point.log 2>&1
fail() { echo "$1"; nmcli device; journalctl -b -u qres-card-network -u NetworkManager -o cat -n 40; nmcli device set eth0 managed yes; echo bad >/run/access-point.result; exit 1; }
until_true() { local n=$1; shift; for _ in $(seq "$n"); do "$@" >/dev/null 2>&1 && return 0; sleep 2; done; return 1; }

modprobe mac80211_hwsim radios=2 || fail "no emulated radios"
sleep 2
ip netns add phone
iw phy "$(cat /sys/class/net/wlan1/phy80211/name)" set netns name phone || fail "no radio for the phone"
phone() { ip netns exec phone "$@"; }

# The cable is out, as far as NetworkManager sees; this session stays on it.
nmcli device set eth0 managed no
until_true 60 sh -c 'nmcli -t -f NAME connection show --active | grep -qx qres-ap' || fail "no access point"
name=$(cat /run/qres-card/access-point)
phone ip link set wlan1 up
printf 'network={\n ssid="%s"\n key_mgmt=NONE\n}\n' "$name" >/run/phone.conf
phone wpa_supplicant -B -i wlan1 -c /run/phone.conf || fail "the phone has no Wi-Fi"
until_true 30 sh -c 'ip netns exec phone iw dev wlan1 link | grep -q Connected' || fail "the phone does not find $name"
echo "a phone is on $name"

printf '#!/bin/sh\n[ "$1" = bound ] || exit 0\nip addr add $ip/24 dev $interface\necho "$dns" >/run/phone.dns\n' >/root/phone-dhcp
chmod 755 /root/phone-dhcp
phone busybox udhcpc -q -n -t 10 -i wlan1 -s /root/phone-dhcp || fail "no address by DHCP"
address=$(phone ip -4 -o addr show wlan1 | sed -n 's/.*inet \([0-9.]*\).*/\1/p')
case $address in 192.168.4.*) echo "it was given $address, DNS $(cat /run/phone.dns)" ;; *) fail "it has $address" ;; esac

mkdir -p /etc/netns/phone
# The mount point of the phone's own; a box without a cable may have none.
touch /etc/resolv.conf
echo "nameserver $(cat /run/phone.dns)" >/etc/netns/phone/resolv.conf
cat >/run/phone.py <<'END'
import socket, urllib.error, urllib.request
for name in ("connectivitycheck.gstatic.com", "captive.apple.com", "www.msftconnecttest.com", "detectportal.firefox.com"):
    assert socket.gethostbyname(name) == "192.168.4.2", name
assert socket.gethostbyname("qres.local.") == "192.168.4.1"
def get(url):
    reply = urllib.request.urlopen(url, timeout=20)
    return reply.status, reply.read().decode()
assert get("http://connectivitycheck.gstatic.com/generate_204") == (204, "")
assert "Success" in get("http://captive.apple.com/hotspot-detect.html")[1]
assert get("http://www.msftconnecttest.com/connecttest.txt")[1] == "Microsoft Connect Test"
assert '"healthy"' in get("http://192.168.4.1/health")[1]
assert '"healthy"' in get("http://qres.local/health")[1]
print("names lead to the box, the probes are answered, and the box serves")
END
sed -i 's/^hosts:.*/hosts: files dns/' /etc/nsswitch.conf
phone python3 /run/phone.py || fail "the phone is not content"

nmcli device set eth0 managed yes
until_true 60 sh -c '! nmcli -t -f NAME connection show --active | grep -qx qres-ap' || fail "it does not go back"
echo "the cable is back, and $name is gone"

# The cable is out again, and then the known Wi-Fi appears: the phone's radio plays it.
phone pkill wpa_supplicant
nmcli device set eth0 managed no
until_true 60 sh -c 'nmcli -t -f NAME connection show --active | grep -qx qres-ap' || fail "no access point the second time"
phone ip addr flush dev wlan1
phone ip addr add 192.168.77.1/24 dev wlan1
printf 'network={\n ssid="Street"\n mode=2\n frequency=2412\n key_mgmt=WPA-PSK\n proto=RSN\n pairwise=CCMP\n psk="wifi-secret-1"\n}\n' >/run/street.conf
phone wpa_supplicant -B -i wlan1 -c /run/street.conf || fail "the known Wi-Fi cannot be played"
phone dnsmasq --conf-file=/dev/null --user=root --interface=wlan1 --port=0 --leasefile-ro --pid-file=/run/street.pid \
    --dhcp-range=192.168.77.10,192.168.77.50 || fail "no addresses in the known Wi-Fi"
until_true 150 sh -c 'ip -4 addr show wlan0 | grep -q 192.168.77.' || fail "the box does not join the Wi-Fi that it knows"
echo "the known Wi-Fi is back, and the box is in it"
kill "$(cat /run/street.pid)"
phone pkill wpa_supplicant
nmcli device set eth0 managed yes
echo well >/run/access-point.result
