"""`data:` URLs (RFC 2397), of the one form that the service documents for media."""

from __future__ import annotations

import re
from binascii import a2b_base64

from dalang.fetch.refusal import refused

HEAD = re.compile(r"data:([\w.+-]{1,64}/[\w.+-]{1,64});base64,", re.ASCII | re.IGNORECASE)


def parse_data_url(url: str) -> tuple[str, bytes]:
    """The media type, lower case, and the bytes of `data:{mime};base64,…`.

    Standard alphabet, padded, nothing between: what every encoder writes on one line. The type is only what the
    sender says. Costs the text once more, and the bytes.

    Raises InvalidURL with a sentence.
    """
    head = HEAD.match(url)
    if head is None:
        raise refused("A data URL must begin as in data:image/png;base64,")
    try:
        content = a2b_base64(url[head.end() :], strict_mode=True)
    except ValueError as error:
        raise refused("The data URL is not plain base64: no line breaks, no spaces, padded with =") from error
    if not content:
        raise refused("The data URL is empty")
    return head[1].lower(), content
