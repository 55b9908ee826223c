"""What is refused before a server is started."""

from __future__ import annotations

import pytest

from dalang.testing import server


def test_a_server_of_tests_speaks_plain_http() -> None:
    """Its control channel trusts no certificate, and would say that the server is gone."""
    with pytest.raises(TypeError, match="plain HTTP"), server(tls_cert="cert.pem", tls_key="key.pem"):
        pass
