"""Addresses that nobody may be led to, in every form, and their public neighbours."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator

_INSIDE = """
    0.0.0.0 0.0.0.1 0.255.255.255 10.0.0.0 10.1.2.3 10.255.255.255 100.64.0.0 100.100.100.200 100.127.255.255
    127.0.0.1 127.1.2.3 127.255.255.255 168.63.129.16 169.254.0.1 169.254.169.254 169.254.170.2 169.254.255.255
    172.16.0.0 172.17.0.1 172.31.255.255 192.0.0.0 192.0.0.8 192.0.0.9 192.0.0.10 192.0.0.170 192.0.0.192 192.0.0.255
    192.0.2.1 192.31.196.1 192.52.193.1 192.88.99.1 192.168.0.0 192.168.1.1 192.168.255.255 192.175.48.1 198.18.0.1
    198.19.255.255 198.51.100.1 203.0.113.1 224.0.0.1 233.252.0.1 239.255.255.250 240.0.0.1 254.1.2.3 255.255.255.255
    :: ::1 ::2 ::ffff:0:0 ::ffff:8.8.8.8 64:ff9b:1::1 64:ff9b:1:ffff::808:808 100::1 100:0:0:1::1 200::1 400::1
    2001::1 2001:1::1 2001:1::3 2001:2::1 2001:3::1 2001:4:112::1 2001:5::1 2001:10::1 2001:20::1 2001:30::1
    2001:1ff:ffff::1 2001:db8::1 2002::1 2002:808:808::1 2620:4f:8000::1 3ffe::1 3fff::1 3fff:fff:ffff::1 4000::1
    5f00::1 8000::1 c000::1 e000::1 fc00::1 fd00::1 fd00:ec2::254 fdff:ffff::1 fe00::1 fe80::1 fe80::a9fe:a9fe
    febf:ffff::1 fec0::1 feff:ffff::1 ff01::1 ff02::1 ff05::2 ff0e::1 ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff
"""
"""The first, the last and the known ones of every block that is nobody's public host."""

_PUBLIC = """
    1.1.1.1 8.8.8.8 9.255.255.255 11.0.0.0 93.184.216.34 100.63.255.255 100.128.0.0 126.255.255.255 128.0.0.1
    168.63.129.15 168.63.129.17 169.253.255.255 169.255.0.0 172.15.255.255 172.32.0.0 191.255.255.255 192.0.1.0
    192.0.3.0 192.31.197.0 192.52.192.255 192.88.98.255 192.167.255.255 192.169.0.0 192.175.49.0 198.17.255.255
    198.20.0.0 198.51.101.0 203.0.114.0 223.255.255.255 64:ff9b::808:808 2001:200::1 2001:4860:4860::8888 2001:db7::1
    2003::1 2400:cb00::1 2606:4700:4700::1111 2620:4f:8001::1 2a00:1450:4001::1 3ffd::1 3fff:1000::1
"""
"""Their neighbours, and some that everybody knows."""

INSIDE, PUBLIC = _INSIDE.split(), _PUBLIC.split()
CARRIED = ("127.0.0.1", "10.0.0.1", "100.64.0.1", "168.63.129.16", "169.254.169.254", "192.168.0.1", "0.0.0.0")


def _carriers() -> Iterator[str]:
    """IPv6 addresses that lead to an IPv4 one, in all the ways there are."""
    for inner in CARRIED:
        number = int(ipaddress.IPv4Address(inner))
        mixed, turned = f"{number >> 16:x}:{number & 0xFFFF:x}", number ^ 0xFFFFFFFF
        yield f"::{inner}"  # compatible
        yield f"::ffff:{inner}"  # mapped
        yield f"::ffff:0:{inner}"  # translated
        yield f"64:ff9b::{inner}"  # NAT64
        yield f"64:ff9b:1::{inner}"  # NAT64 of a network's own
        yield f"2002:{mixed}::1"  # 6to4
        yield f"2001:0:{mixed}::f7f7:f7f7"  # Teredo, by its server
        yield f"2001:0:808:808::{turned >> 16:x}:{turned & 0xFFFF:x}"  # Teredo, by its client


BAD = [*INSIDE, *dict.fromkeys(_carriers())]
"""All IP addresses that nothing may be fetched from."""

SPELLINGS = {
    "no scheme": "//93.184.216.34/",
    "a path alone": "/1.mp3",
    "nothing": "",
    "a file": "file:///etc/passwd",
    "a file on a host": "file://93.184.216.34/etc/passwd",
    "ftp": "ftp://93.184.216.34/",
    "gopher": "gopher://93.184.216.34:80/_x",
    "data": "data:audio/mpeg;base64,AAAA",
    "javascript": "javascript:alert(1)",
    "dict": "dict://93.184.216.34:80/",
    "ldap": "ldap://93.184.216.34:80/",
    "a socket": "ws://93.184.216.34/",
    "jar": "jar:http://93.184.216.34!/",
    "two schemes": "http:https://93.184.216.34/",
    "one slash": "http:/93.184.216.34/",
    "no slashes": "http:93.184.216.34/",
    "three slashes": "http:///93.184.216.34/",
    "a user": "http://user@93.184.216.34/",
    "a user and a password": "https://user:secret@93.184.216.34/",
    "a password alone": "https://:secret@93.184.216.34/",
    "an empty user": "https://@93.184.216.34/",
    "a user that looks like a host": "https://93.184.216.34@127.0.0.1/",
    "a user behind a colon": "https://93.184.216.34:80@127.0.0.1/",
    "two users": "https://a@93.184.216.34@127.0.0.1/",
    "port 0": "http://93.184.216.34:0/",
    "port 22": "http://93.184.216.34:22/",
    "port 81": "http://93.184.216.34:81/",
    "port 6379": "http://93.184.216.34:6379/",
    "port 8000": "http://93.184.216.34:8000/",
    "port 65616, which is 80 to some": "http://93.184.216.34:65616/",
    "a port below nothing": "http://93.184.216.34:-80/",
    "two ports": "http://93.184.216.34:80:80/",
    "a port of letters": "http://93.184.216.34:http/",
    "an Arabic port to no digit": "http://93.184.216.34:٨٠a/",
    "one number": "http://2130706433/",
    "one number in hex": "http://0x7f000001/",
    "one number in octal": "http://017700000001/",
    "octal": "http://0177.0.0.1/",
    "octal with more zeros": "http://00000177.0.0.1/",
    "hex": "http://0x7f.0x0.0x0.0x1/",
    "upper hex": "http://0X7F.0.0.1/",
    "hex at the end": "http://127.0.0.0x1/",
    "short by two": "http://127.1/",
    "short by one": "http://127.0.1/",
    "a zero": "http://0/",
    "too many parts": "http://127.0.0.1.1/",
    "too large a part": "http://127.0.0.256/",
    "beyond 32 bits": "http://4294967297/",
    "mixed": "http://0x7f.0.1/",
    "a public one in hex": "http://0x5d.0xb8.0xd8.0x22/",
    "a dot at the end": "http://127.0.0.1./",
    "two dots at the end": "http://localhost../",
    "localhost": "http://localhost/",
    "LOCALHOST": "http://LOCALHOST/",
    "localhost with a dot": "http://localhost./",
    "below localhost": "http://songs.localhost/",
    "local": "http://printer.local/",
    "internal": "http://metadata.google.internal/",
    "at home": "http://nas.home.arpa/",
    "a name without a dot": "http://intranet/",
    "ip6-localhost": "http://ip6-localhost/",
    "an empty label": "http://a..example/",
    "a leading dot": "http://.example.org/",
    "a hyphen in front": "http://-a.example/",
    "a long label": f"http://{'a' * 64}.example/",
    "a long name": f"http://{'a.' * 127}example/",
    "circled digits": "http://①②⑦.⓪.⓪.①/",
    "circled letters": "http://ⓛⓞⓒⓐⓛⓗⓞⓢⓣ/",
    "wide digits": "http://１２７.０.０.１/",
    "wide dots": "http://127。0。0。1/",
    "half-wide dots": "http://127｡0｡0｡1/",
    "Arabic digits": "http://١٢٧.٠.٠.١/",
    "a slash that is none": "http://127.0.0.1／.example/",
    "a hash that is none": "http://127.0.0.1＃.example/",
    "a question mark that is none": "http://127.0.0.1？.example/",
    "an at that is none": "http://93.184.216.34＠127.0.0.1/",
    "care of": "http://127.0.0.1℀.example/",
    "a soft hyphen": "http://local\u00adhost/",
    "a zero-width space": "http://local\u200bhost/",
    "a turned name": "http://\u202etsohlacol/",
    "punycode of nothing": "http://xn--/",
    "broken punycode": "http://xn--a.example/",
    "punycode of ASCII": "http://xn--localhost-.example/",
    "per cent": "http://%31%32%37.0.0.1/",
    "per cent dots": "http://127%2e0%2e0%2e1/",
    "a per cent slash": "http://127.0.0.1%2f.example/",
    "a per cent at": "http://93.184.216.34%40127.0.0.1/",
    "a per cent null": "http://127.0.0.1%00.example/",
    "twice per cent": "http://%2531%2532%2537.0.0.1/",
    "a line": "http://127.0.0.1\r\nHost: example.org/",
    "a line in the path": "http://93.184.216.34/\r\nX-Injected: 1",
    "a line feed in the name": "http://exam\nple.org/",
    "a tab in the name": "http://127.0\t.0.1/",
    "a tab in the scheme": "ht\ttp://127.0.0.1/",
    "a null": "http://127.0.0.1\x00.example/",
    "a space in the name": "http://127.0.0.1 .example/",
    "a space in front": " http://127.0.0.1/",
    "a no-break space": "http://127.0.0.1\u00a0/",
    "a delete": "http://127.0.0.1\x7f/",
    "a line separator": "http://127.0.0.1/\u2028",
    "a lone surrogate": "http://127.0.0.1/\ud800",
    "a backslash": "http://93.184.216.34\\@127.0.0.1/",
    "another backslash": "http://127.0.0.1\\.example/",
    "backslashes for slashes": "http:\\\\127.0.0.1\\",
    "a mix of slashes": "http:/\\127.0.0.1/",
    "a hash before the at": "http://127.0.0.1#@93.184.216.34/",
    "a question before the at": "http://127.0.0.1?@93.184.216.34/",
    "a semicolon": "http://127.0.0.1;.example/",
    "a comma": "http://127.0.0.1,93.184.216.34/",
    "a pipe": "http://127.0.0.1|.example/",
    "braces": "http://{127.0.0.1}/",
    "a star": "http://*.example/",
    "an underscore at the end": "http://127.0.0.1_/",
    "brackets around IPv4": "http://[127.0.0.1]/",
    "no closing bracket": "http://[::1",
    "no opening bracket": "http://::1]/",
    "no brackets": "http://::1/",
    "more than brackets": "http://[::1].example/",
    "a zone": "http://[fe80::1%25eth0]/",
    "a bare zone": "http://[fe80::1%eth0]/",
    "a zone on a public address": "http://[2606:4700:4700::1111%25lo]/",
    "a version to come": "http://[v1.127.0.0.1]/",
    "loopback at length": "http://[0000:0000:0000:0000:0000:0000:0000:0001]/",
    "mapped in hex": "http://[::ffff:7f00:1]/",
    "mapped at length": "http://[0:0:0:0:0:ffff:127.0.0.1]/",
    "an upper-case unique-local": "http://[FD00::1]/",
    "longer than 2,048": f"https://93.184.216.34/{'a' * 2048}",
    "longer when written out": f"https://93.184.216.34/{'é' * 400}",
}
"""Addresses that are refused as they are written: by their scheme, port, user, host or length."""


def literal(address: str) -> str:
    """An IP address as web addresses write it."""
    return f"[{address}]" if ":" in address else address
