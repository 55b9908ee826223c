import signal

import pytest


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch, tmp_path):
    """Commands see no server but the one that a test names, and leave the signals as they were."""
    for name in ("DALANG_URL", "DALANG_API_KEY", "DASHSCOPE_HTTP_BASE_URL", "DASHSCOPE_API_KEY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DALANG_DATA", str(tmp_path / "data"))
    monkeypatch.chdir(tmp_path)
    before = signal.getsignal(signal.SIGTERM)
    yield
    signal.signal(signal.SIGTERM, before)
