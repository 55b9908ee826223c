"""Which addresses may be dialled for a stranger. Pure.

The table is our own, since what `ipaddress` calls global differs between Python releases and counts multicast, NAT64
and mapped addresses in. Sources: the IANA special-purpose address registries for IPv4 and IPv6 (RFC 6890), RFC 6052
and 8215 (NAT64), RFC 3056 (6to4), RFC 4380 (Teredo).
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_network

from dalang.errors import ConfigError

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

Resolve = Callable[[str, int], Awaitable[Sequence[str]]]
"""(host, port) → every address of the host, as text. Raises OSError where the name is not known."""

_SPECIAL = {
    "0.0.0.0/8": "an unspecified address",
    "10.0.0.0/8": "a private address",
    "100.64.0.0/10": "a carrier's shared address",
    "127.0.0.0/8": "a loopback address",
    "168.63.129.16/32": "a cloud platform's own address",
    "169.254.0.0/16": "a link-local address",
    "172.16.0.0/12": "a private address",
    "192.0.0.0/24": "a reserved address",
    "192.0.2.0/24": "a documentation address",
    "192.31.196.0/24": "a reserved address",
    "192.52.193.0/24": "a reserved address",
    "192.88.99.0/24": "a 6to4 relay's address",
    "192.168.0.0/16": "a private address",
    "192.175.48.0/24": "a reserved address",
    "198.18.0.0/15": "a benchmarking address",
    "198.51.100.0/24": "a documentation address",
    "203.0.113.0/24": "a documentation address",
    "224.0.0.0/4": "a multicast address",
    "240.0.0.0/4": "a reserved address",
    "::/128": "an unspecified address",
    "::1/128": "a loopback address",
    "::ffff:0:0/96": "an IPv4-mapped address",
    "64:ff9b::/96": "a NAT64 address",
    "64:ff9b:1::/48": "a NAT64 address",
    "2001::/32": "a Teredo address",
    "2001::/23": "a reserved address",
    "2001:db8::/32": "a documentation address",
    "2002::/16": "a 6to4 address",
    "2620:4f:8000::/48": "a reserved address",
    "3fff::/20": "a documentation address",
    "fc00::/7": "a private address",
    "fe80::/10": "a link-local address",
    "ff00::/8": "a multicast address",
}

SPECIAL: dict[Network, str] = {ip_network(block): kind for block, kind in _SPECIAL.items()}
"""Block → what an address in it is; the first that fits counts."""

GLOBAL_UNICAST = IPv6Network("2000::/3")
"""The only part of IPv6 from which public addresses are given out."""

HOST = re.compile(r"[a-z0-9_]([a-z0-9_.-]*[a-z0-9])?")


def special_kind(address: Address) -> str | None:
    """What makes the address one that must not be dialled for a stranger; None for a public one."""
    for network, kind in SPECIAL.items():
        if address in network:
            return kind
    if address.version == 6 and address not in GLOBAL_UNICAST:
        return "an address that is not public"
    return None


@dataclass(frozen=True)
class Allowed:
    """What the operator lets strangers reach although it is not public."""

    setting: str
    """The variable that says so, for sentences."""
    hosts: frozenset[str]
    """Lower-case names, as they stand in the URL: subdomains are not meant."""
    networks: tuple[Network, ...]

    def covers(self, host: str, address: Address) -> bool:
        return host.lower() in self.hosts or any(address in network for network in self.networks)


def parse_allow(entries: Iterable[str], setting: str) -> Allowed:
    """Sort the entries of `setting` into host names and networks (a single address is a network of one).

    Raises ConfigError for anything else.
    """
    hosts, networks = set[str](), list[Network]()
    for entry in entries:
        try:
            networks.append(ip_network(entry))
        except ValueError:
            hosts.add(_host(entry, setting))
    return Allowed(setting, frozenset(hosts), tuple(networks))


def _host(entry: str, setting: str) -> str:
    name = entry.lower()
    if not HOST.fullmatch(name):
        raise ConfigError(
            f"{setting}: {entry!r} is no host name, address or network; "
            "write it as media.internal, 10.1.2.3 or 10.0.0.0/8."
        )
    return name
