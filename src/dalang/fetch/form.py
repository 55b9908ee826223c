"""The form of an address that can be fetched."""

from __future__ import annotations

import re

MAX_URL = 8192
"""Characters of an address that is not a `data:` URL; browsers and servers stop near there."""

WEB_URL = re.compile(r"https?://[^\s\x00-\x1f\x7f/?#]+(?:[/?#][^\x00-\x1f\x7f]*)?", re.IGNORECASE)
