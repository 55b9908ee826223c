"""Where callbacks may be asked to go, as far as the text of the address tells."""

from __future__ import annotations

import re

from dalang.errors import InvalidParameter, InvalidURL
from dalang.fetch.refusal import DOCUMENTED

LONGEST = 2048
"""Characters; one stands in the row of each task."""

PLAIN = re.compile(r"[!-~]*")


def check_callback_url(url: str) -> str:
    """`url`, if it has the form of an address that can be posted to. Whether it is public shows when it is dialled.

    Raises InvalidParameter with a sentence, which does not repeat the address.
    """
    if len(url) > LONGEST:
        raise _wrong(f"It is longer than {LONGEST} characters.")
    if not PLAIN.fullmatch(url):
        raise _wrong("Write it in ASCII without spaces, other characters percent-encoded or, in a name, as punycode.")
    if "#" in url:
        raise _wrong("It must not have a fragment.")

    from dalang.fetch.url import read_url  # loads the HTTP client

    try:
        read_url(url)
    except InvalidURL as error:
        raise _wrong(error.message.removeprefix(f"{DOCUMENTED} ")) from error
    return url


def _wrong(reason: str) -> InvalidParameter:
    return InvalidParameter(f"The callback address is not usable. {reason}")
