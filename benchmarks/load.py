"""A load generator that is not the bottleneck: one thread, epoll, one request at a time on each of many connections.

It says how busy it was itself; a rate is the server's only while that is well below 1. Linux only.
"""

from __future__ import annotations

import select
import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass

from benchmarks.running import KEY

CONNECTIONS = 64

STALL = 10.0
"""Seconds without any answer after which a load is given up."""


@dataclass(frozen=True)
class Load:
    """What came of one load."""

    answers: int
    seconds: float
    busy: float
    """Part of the time for which this process was on a core, 0..1."""

    @property
    def rate(self) -> float:
        """Answers a second."""
        return self.answers / self.seconds


def press(port: int, requests: Iterator[bytes], seconds: float) -> Load:
    """Send `requests` until they or `seconds` run out, then take in what is on its way.

    Raises RuntimeError where an answer is not 200, or none comes.
    """
    connections = {one.fileno(): one for one in (_connect(port) for _ in range(CONNECTIONS))}
    waiting = select.epoll()
    started, worked = time.perf_counter(), time.process_time()
    end = started + seconds
    answers = in_flight = 0
    for number, one in connections.items():
        if (request := next(requests, None)) is not None:
            one.send(request)
            waiting.register(number, select.EPOLLIN)
            in_flight += 1
    while in_flight:
        ready = waiting.poll(STALL)
        if not ready:
            raise RuntimeError(f"no answer on port {port} for {STALL:g} s")
        for number, _ in ready:
            one = connections[number]
            _receive(one)
            answers += 1
            if time.perf_counter() < end and (request := next(requests, None)) is not None:
                one.send(request)
            else:
                in_flight -= 1
    took, busy = time.perf_counter() - started, time.process_time() - worked
    waiting.close()
    for one in connections.values():
        one.close()
    return Load(answers, took, busy / took)


def _connect(port: int) -> socket.socket:
    one = socket.create_connection(("127.0.0.1", port), timeout=STALL)
    one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return one


def _receive(one: socket.socket) -> None:
    """Exactly one answer."""
    data = one.recv(65536)
    head, end, body = data.partition(b"\r\n\r\n")
    while not end:
        data += _more(one)
        head, end, body = data.partition(b"\r\n\r\n")
    if not head.startswith(b"HTTP/1.1 200"):
        raise RuntimeError(f"answered {data[:500]!r}")
    at = head.index(b"content-length: ") + 16
    missing = int(head[at : at + 10].partition(b"\r")[0]) - len(body)
    while missing > 0:
        missing -= len(_more(one))


def _more(one: socket.socket) -> bytes:
    data = one.recv(65536)
    if not data:
        raise RuntimeError("the server closed a connection in the middle of an answer")
    return data


HEADERS = f"host: 127.0.0.1\r\nauthorization: Bearer {KEY}\r\n".encode()


def poll(task_id: str) -> bytes:
    return b"GET /api/v1/tasks/" + task_id.encode() + b" HTTP/1.1\r\n" + HEADERS + b"\r\n"


def create(body: bytes) -> bytes:
    return (
        b"POST /api/v1/services/aigc/video-generation/video-synthesis HTTP/1.1\r\n"
        + HEADERS
        + b"x-dashscope-async: enable\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n" % len(body)
        + body
    )
