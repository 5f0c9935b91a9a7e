"""Which addresses of the internet a file may be fetched from: those of anybody's public hosts, and no others.

Sources: IANA's special-purpose registries for IPv4 and IPv6 (as of August 2026), and its registry of IPv6 address
space. Where a registry calls a block reachable that holds no web servers (anycast services, identifiers), it is left
out all the same; nothing is lost by that.
"""

from __future__ import annotations

import ipaddress

from ssrfguard import AddressTable, Block, Reach

NOT_PUBLIC = {
    "0.0.0.0/8": ("this network", "RFC 791"),
    "10.0.0.0/8": ("private use", "RFC 1918"),
    "100.64.0.0/10": ("shared by carriers; metadata of Alibaba Cloud", "RFC 6598"),
    "127.0.0.0/8": ("loopback", "RFC 1122"),
    "168.63.129.16/32": ("Azure's own services for a machine", "Azure's documentation"),
    "169.254.0.0/16": ("link-local; metadata of most clouds", "RFC 3927"),
    "172.16.0.0/12": ("private use", "RFC 1918"),
    "192.0.0.0/24": ("protocol assignments; metadata of Oracle Cloud", "RFC 6890"),
    "192.0.2.0/24": ("documentation", "RFC 5737"),
    "192.31.196.0/24": ("AS112", "RFC 7535"),
    "192.52.193.0/24": ("AMT", "RFC 7450"),
    "192.88.99.0/24": ("6to4 relays", "RFC 7526"),
    "192.168.0.0/16": ("private use", "RFC 1918"),
    "192.175.48.0/24": ("AS112", "RFC 7534"),
    "198.18.0.0/15": ("benchmarks", "RFC 2544"),
    "198.51.100.0/24": ("documentation", "RFC 5737"),
    "203.0.113.0/24": ("documentation", "RFC 5737"),
    "224.0.0.0/4": ("multicast", "RFC 5771"),
    "240.0.0.0/4": ("reserved, and broadcast", "RFC 1112"),
    "::/0": ("no global unicast", "RFC 4291"),
    "2001::/23": ("protocol assignments: Teredo, benchmarks, AMT, AS112, ORCHID and others", "RFC 2928"),
    "2001:db8::/32": ("documentation", "RFC 3849"),
    "2002::/16": ("6to4", "RFC 3056"),
    "2620:4f:8000::/48": ("AS112", "RFC 7534"),
    "3ffe::/16": ("6bone, given back", "RFC 3701"),
    "3fff::/20": ("documentation", "RFC 9637"),
}
"""Block -> (what it is for, where that is said). The most specific block counts, so `::/0` is all IPv6 beside
`GLOBAL_UNICAST`: loopback, unique and site-local, link-local, multicast, segment routing, and the forms that carry an
IPv4 address (mapped, compatible, translated)."""

GLOBAL_UNICAST = "2000::/3"
NAT64 = "64:ff9b::/96"
"""What a resolver in front of a NAT64 makes of an IPv4 address: the address in it is judged instead (RFC 6052)."""


def _block(network: str, name: str, source: str, reach: Reach = Reach.DENIED) -> Block:
    return Block(ipaddress.ip_network(network), name, source, reach)


PUBLIC = AddressTable(
    (
        *(_block(network, name, source) for network, (name, source) in NOT_PUBLIC.items()),
        _block(GLOBAL_UNICAST, "global unicast", "RFC 4291", Reach.PERMITTED),
        _block(NAT64, "NAT64", "RFC 6052", Reach.TRANSLATED),
    )
)
ALL = AddressTable(())
"""For the places that the operator has named."""
