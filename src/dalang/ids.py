"""Identifiers, all UUIDs (RFC 9562): time-ordered ones, which append to an index, and random ones."""

from __future__ import annotations

import random
import re
import secrets

from dalang.clock import Clock


def new_id(clock: Clock) -> str:
    """A UUID whose first 48 bits are the time in milliseconds and whose other 74 free bits are random."""
    digits = f"{clock() & 0xFFFF_FFFF_FFFF:012x}{secrets.token_hex(10)}"
    return f"{digits[:8]}-{digits[8:12]}-7{digits[12:15]}-{VARIANT[digits[15]]}{digits[16:19]}-{digits[19:31]}"


def time_of(identifier: str) -> int:
    """Milliseconds, of what `new_id` made."""
    return int(identifier[:8] + identifier[9:13], 16)


def random_id() -> str:
    """A UUID (version 4) for what is only looked up, never trusted: it costs no system call, unlike `uuid.uuid4`."""
    digits = f"{random.getrandbits(124):031x}"
    return f"{digits[:8]}-{digits[8:12]}-4{digits[12:15]}-{VARIANT[digits[15]]}{digits[16:19]}-{digits[19:31]}"


VARIANT = dict(zip("0123456789abcdef", "89ab" * 4, strict=True))
"""The two bits that RFC 9562 fixes, from four random ones."""

FORM = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def is_id(text: str) -> bool:
    """Whether `text` could be an identifier of ours; anything else need not reach the store or a path."""
    return FORM.fullmatch(text) is not None
