from __future__ import annotations

from ipaddress import ip_address

import pytest

from dalang.errors import ConfigError
from dalang.fetch.addresses import parse_allow, special_kind

SPECIAL = {
    "a loopback address": ["127.0.0.1", "127.255.255.254", "::1"],
    "a private address": ["10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "fd00:ec2::254", "fc00::1"],
    "a link-local address": ["169.254.169.254", "fe80::1", "fe80::1%eth0"],
    "a carrier's shared address": ["100.64.0.1", "100.100.100.200", "100.127.255.255"],
    "an unspecified address": ["0.0.0.0", "0.1.2.3", "::"],
    "a multicast address": ["224.0.0.1", "224.0.1.1", "239.255.255.250", "ff02::1", "ff0e::1"],
    "a reserved address": ["192.0.0.8", "240.0.0.1", "255.255.255.255", "2001:10::1", "192.175.48.1"],
    "a documentation address": ["192.0.2.1", "198.51.100.1", "203.0.113.1", "2001:db8::1", "3fff::1"],
    "a benchmarking address": ["198.18.0.1", "198.19.255.255"],
    "a 6to4 relay's address": ["192.88.99.1"],
    "a cloud platform's own address": ["168.63.129.16"],
    "an IPv4-mapped address": ["::ffff:127.0.0.1", "::ffff:8.8.8.8"],
    "a NAT64 address": ["64:ff9b::7f00:1", "64:ff9b::808:808", "64:ff9b:1::a00:1"],
    "a Teredo address": ["2001:0:7f00:1::1"],
    "a 6to4 address": ["2002:7f00:1::"],
    "an address that is not public": ["::127.0.0.1", "fec0::1", "100::1", "5f00::1", "4000::1"],
}


@pytest.mark.parametrize(("kind", "text"), [(kind, text) for kind, texts in SPECIAL.items() for text in texts])
def test_special_addresses_are_known_by_kind(kind: str, text: str) -> None:
    assert special_kind(ip_address(text)) == kind


PUBLIC_V4 = ["1.1.1.1", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "223.255.255.255"]
PUBLIC_V6 = ["2606:4700:4700::1111", "2a00:1450:4001:800::200e", "2400:3200::1"]


@pytest.mark.parametrize("text", PUBLIC_V4 + PUBLIC_V6)
def test_public_addresses_are_not_special(text: str) -> None:
    assert special_kind(ip_address(text)) is None


def test_a_host_is_allowed_by_its_own_name_only() -> None:
    allowed = parse_allow(["Media.Internal"], "DALANG_FETCH_ALLOW")
    assert allowed.covers("media.internal", ip_address("10.0.0.1"))
    assert allowed.covers("MEDIA.internal", ip_address("10.0.0.1"))
    assert not allowed.covers("a.media.internal", ip_address("10.0.0.1"))
    assert not allowed.covers("xmedia.internal", ip_address("10.0.0.1"))


def test_a_network_or_an_address_is_allowed_under_every_name() -> None:
    allowed = parse_allow(["10.1.0.0/16", "fd00::5"], "DALANG_FETCH_ALLOW")
    assert allowed.covers("any.example", ip_address("10.1.255.255"))
    assert allowed.covers("any.example", ip_address("fd00::5"))
    assert not allowed.covers("any.example", ip_address("10.2.0.0"))
    assert not allowed.covers("any.example", ip_address("fd00::6"))
    assert not allowed.covers("any.example", ip_address("::ffff:10.1.0.1"))


@pytest.mark.parametrize("entry", ["http://a", "a:80", "10.0.0.1/8", "a b", "", "*", "*.corp", "-a", "bücher.example"])
def test_an_entry_that_is_neither_host_nor_network_stops_the_start(entry: str) -> None:
    with pytest.raises(ConfigError, match="DALANG_CALLBACK_ALLOW"):
        parse_allow([entry], "DALANG_CALLBACK_ALLOW")
