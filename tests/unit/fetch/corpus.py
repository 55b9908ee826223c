"""Addresses and tricks that must lead nowhere, some good ones, and a network on which to see that they do.

Nothing here leaves the process: names come from the table, numbers are read as the system reads them, and whoever is
dialled is written down and does not answer.
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Sequence
from typing import Any

import httpcore

PUBLIC, OTHER_PUBLIC = "93.184.216.34", "2606:2800:220:1::1"

NAMES = {
    "localhost": ["127.0.0.1", "::1"],
    "localhost.": ["127.0.0.1"],
    "127.0.0.1.": ["127.0.0.1"],
    "metadata.google.internal": ["169.254.169.254"],
    "127.0.0.1.rebind.example": ["127.0.0.1"],
    "xn--bcher-kva.example": ["10.0.0.1"],
    "_service.example": ["192.168.0.1"],
    "mixed.example": [PUBLIC, "10.0.0.1"],
    "mixed6.example": [OTHER_PUBLIC, PUBLIC, "::1"],
    "last.example": [PUBLIC] * 9 + ["127.0.0.1"],
    "nat64.example": ["64:ff9b::a9fe:a9fe"],
    "local-nat64.example": ["64:ff9b:1::a9fe:a9fe"],
    "mapped.example": ["::ffff:10.0.0.1"],
    "mapped-public.example": [f"::ffff:{PUBLIC}"],
    "compatible.example": ["::127.0.0.1"],
    "6to4.example": ["2002:7f00:1::"],
    "teredo.example": ["2001:0:7f00:1::"],
    "scoped.example": ["fe80::1%eth0"],
    "unspecified.example": ["0.0.0.0"],
    "unspecified6.example": ["::"],
    "carrier.example": ["100.64.0.1"],
    "benchmark.example": ["198.18.0.1"],
    "test-net.example": ["203.0.113.9"],
    "multicast.example": ["224.0.0.1"],
    "broadcast.example": ["255.255.255.255"],
    "unique-local.example": ["fd00::1"],
    "photos.example": [PUBLIC],
    "photos.example.": [PUBLIC],
    "xn--foto-j6a.example": [PUBLIC],
    "two.example": [OTHER_PUBLIC, PUBLIC],
    "many.example": [f"93.184.216.{n}" for n in range(1, 60)],
}

NOT_PUBLIC = [
    "http://127.0.0.1/",
    "http://127.0.0.1:6379/",
    "https://127.0.0.1/",
    "http://127.255.255.254/",
    "http://127.0.0.1./",
    "http://127.0.0.1:/",
    "HTTP://127.0.0.1/",
    # written short, or as one number: decimal, hexadecimal, octal
    "http://127.1/",
    "http://127.0.1/",
    "http://2130706433/",
    "http://2130706433:80/",
    "http://0x7f000001/",
    "http://0X7F000001/",
    "http://0x7f.1/",
    "http://0x7f.0x0.0x0.0x1/",
    "http://017700000001/",
    "http://0177.1/",
    "http://0/",
    "http://0x0/",
    "http://0.0.0.0/",
    "http://0.1.2.3/",
    # dots and digits of other scripts
    "http://127。0。0。1/",
    "http://127.0.0．1/",
    "http://127｡0.0.1/",
    # IPv6, and IPv4 inside it
    "http://[::1]/",
    "http://[0:0:0:0:0:0:0:1]/",
    "http://[0000::1]:80/",
    "http://[::]/",
    "http://[::ffff:127.0.0.1]/",
    "http://[::ffff:7f00:1]/",
    "http://[::FFFF:169.254.169.254]/",
    "http://[::ffff:93.184.216.34]/",
    "http://[::127.0.0.1]/",
    "http://[64:ff9b::127.0.0.1]/",
    "http://[64:ff9b::a9fe:a9fe]/",
    "http://[64:ff9b:1::1]/",
    "http://[64:ff9b:1:ffff::10.0.0.1]/",
    "http://[2002:7f00:1::]/",
    "http://[2002:a9fe:a9fe::]/",
    "http://[2001:0:7f00:1::]/",
    "http://[fe80::1]/",
    "http://[fc00::1]/",
    "http://[fd00::1]/",
    "http://[fd00:ec2::254]/latest/meta-data/",
    "http://[fec0::1]/",
    "http://[ff02::1]/",
    "http://[ff0e::1]/",
    "http://[2001:db8::1]/",
    "http://[3fff::1]/",
    "http://[100::1]/",
    "http://[5f00::1]/",
    # private, link-local and shared networks
    "http://10.0.0.1/",
    "http://10.1/",
    "http://172.16.0.1/",
    "http://172.31.255.255/",
    "http://192.168.0.1/",
    "http://192.168.257/",
    "http://169.254.169.254/latest/meta-data/",
    "http://169.254.170.2/v2/credentials",
    "http://2852039166/",
    "http://0xa9fea9fe/",
    "http://0xa9.0xfe.0xa9.0xfe/",
    "http://0251.254.43518/",
    "http://100.64.0.1/",
    "http://100.100.100.200/",
    "http://168.63.129.16/",
    # multicast, broadcast, reserved, benchmarking, documentation
    "http://224.0.0.1/",
    "http://239.255.255.250/",
    "http://240.0.0.1/",
    "http://255.255.255.255/",
    "http://192.0.0.192/",
    "http://192.88.99.1/",
    "http://198.18.0.1/",
    "http://198.19.255.255/",
    "http://192.0.2.1/",
    "http://198.51.100.1/",
    "http://203.0.113.9/",
    # the port, the path, the query and the fragment do not name the host
    "http://10.0.0.1:93/",
    "http://127.0.0.1/@photos.example/",
    "http://127.0.0.1?@photos.example/",
    # names that lead inside
    "http://localhost/",
    "http://LOCALHOST/",
    "http://localhost./",
    "http://metadata.google.internal/computeMetadata/v1/",
    "http://127.0.0.1.rebind.example/",
    "http://bücher.example/",
    "http://xn--bcher-kva.example/",
    "http://_service.example/",
    "http://mixed.example/",
    "http://mixed6.example/",
    "http://last.example/",
    "http://nat64.example/",
    "http://local-nat64.example/",
    "http://mapped.example/",
    "http://mapped-public.example/",
    "http://compatible.example/",
    "http://6to4.example/",
    "http://teredo.example/",
    "http://scoped.example/",
    "http://unspecified.example/",
    "http://unspecified6.example/",
    "http://carrier.example/",
    "http://benchmark.example/",
    "http://test-net.example/",
    "http://multicast.example/",
    "http://broadcast.example/",
    "http://unique-local.example/",
]
"""Of good form; where they lead is what forbids them."""

NO_ADDRESS = {
    "file:///etc/passwd": "http://",
    "ftp://photos.example/a": "http://",
    "gopher://photos.example/": "http://",
    "dict://127.0.0.1:6379/info": "http://",
    "jar:http://127.0.0.1!/": "http://",
    "data:text/plain,x": "http://",
    "unix:///run/docker.sock": "http://",
    "//photos.example/a": "http://",
    "photos.example/a": "http://",
    "127.0.0.1:80/a": "http://",
    " http://photos.example/": "http://",
    "": "http://",
    "http:///a": "no host",
    "http:photos.example": "no host",
    "http:////127.0.0.1/": "no host",
    "http:\\\\127.0.0.1\\": "no host",
    "http:/\\127.0.0.1/": "no host",
    "http://user:secret@photos.example/": "user name",
    "http://photos.example@127.0.0.1/": "user name",
    "http://photos.example:80@127.0.0.1/": "user name",
    "http://photos.example%40127.0.0.1@127.0.0.1/": "user name",
    "http://1.1.1.1 &@127.0.0.1# @photos.example/": "user name",
    "http://photos.example\\@127.0.0.1/": "user name",
    "http://127.0.0.1\\.photos.example/": "no host name",
    "http://127.0.0.1\\@photos.example/": "user name",
    "http://photos.example\\.127.0.0.1/": "no host name",
    "http://photos.example%00.evil.example/": "no host name",
    "http://127.0.0.1%2f.photos.example/": "no host name",
    "http://127.0.0.1%23.photos.example/": "no host name",
    "http://%31%32%37.0.0.1/": "no host name",
    "http://%6c%6fcalhost/": "no host name",
    "http://127.0.0.1;photos.example/": "no host name",
    "http://photos.example,127.0.0.1/": "no host name",
    "http://127.0.0.1 photos.example/": "no host name",
    "http://-photos.example/": "no host name",
    "http://./": "no host name",
    "http://[fe80::1%25eth0]/": "no host name",
    "http://[::1%25lo]/": "no host name",
    "http://photos.example:0/": "no port 0",
    "http://photos.example:65536/": "no port 65536",
    "http://photos.example:4294967376/": "no port 4294967376",
    "http://photos.example:80:80/": "cannot be read",
    "http://photos.example:-80/": "no port -80",
    "http://photos.example:8o/": "cannot be read",
    "http://photos.example/\r\nX-Injected: 1": "cannot be read",
    "http://photos.example\r\n.evil.example/": "cannot be read",
    "http://127.0.0.1\t/": "cannot be read",
    "http://127.0.0.1\0/": "cannot be read",
    "http://[::1/": "cannot be read",
    "http://::1/": "cannot be read",
    "http://[photos.example]/": "cannot be read",
    "http://[127.0.0.1]/": "cannot be read",
    "http://[v1.fe80]/": "cannot be read",
    "http://0177.0.0.1/": "cannot be read",
    "http://127.000.000.001/": "cannot be read",
    "http://0300.0250.0.1/": "cannot be read",
    "http://256.0.0.1/": "cannot be read",
    "http://１２７.0.0.1/": "cannot be read",
    "http://①②⑦.0.0.1/": "cannot be read",
    "http://ⓛⓞⓒⓐⓛⓗⓞⓢⓣ/": "cannot be read",
    "http://loc\u00adalhost/": "cannot be read",
    "http://127.0.0.1\u200b/": "cannot be read",
    "http://xn--ls8h.example/": "cannot be read",
    "http://xn--/": "cannot be read",
    "http://photos.example/" + "a" * 9000: "longer than 8192",
}
"""→ what is said of it: not of a form that is ever looked up."""

NOT_KNOWN = [
    "http://nowhere.example/",
    "http://" + "a" * 64 + ".example/",
    "http://photos..example/",
    "http://127.0.0.1.nowhere.example/",
    "http://4294967296/",
    "http://0x100000000/",
    "http://1.2.3.4.5/",
]

GOOD = {
    "http://photos.example/": [PUBLIC],
    "https://photos.example:8443/a?b=c@127.0.0.1": [PUBLIC],
    "http://PHOTOS.example./": [PUBLIC],
    "http://fotoš.example/": [PUBLIC],
    "http://two.example/": [OTHER_PUBLIC, PUBLIC],
    "http://1.1.1.1/": ["1.1.1.1"],
    "http://16843009/": ["1.1.1.1"],
    "http://[2606:4700:4700::1111]/": ["2606:4700:4700::1111"],
}
"""→ who is dialled."""


TRUST = ssl.create_default_context()
"""Made once: each way out would spend some 20 ms on one of its own."""


async def resolve(host: str, port: int) -> Sequence[str]:
    """The table's names; what looks like a number, as the system reads it, with no name server asked."""
    if host in NAMES:
        return NAMES[host]
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST)
    return [str(answer[4][0]) for answer in found]


class Recorder(httpcore.AsyncNetworkBackend):
    """Writes down who was dialled; nobody answers."""

    def __init__(self) -> None:
        self.dialled: list[str] = []

    async def connect_tcp(self, host: str, *_: Any, **__: Any) -> httpcore.AsyncNetworkStream:
        self.dialled.append(host)
        raise httpcore.ConnectError("nobody answers")
