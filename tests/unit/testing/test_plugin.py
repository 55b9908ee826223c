"""Where the plugin leads clients to, and that it costs other projects nothing."""

from __future__ import annotations

import os
import subprocess
import sys
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from dalang.testing.plugin import lead_clients

SERVER: Any = SimpleNamespace(
    api_key="sk-test",
    base_url="http://127.0.0.1:4000/api/v1",
    environment={"DASHSCOPE_API_KEY": "sk-test", "DALANG_URL": "http://127.0.0.1:4000"},
)

HEAVY = {"httpx", "msgspec", "dalang.client", "dalang.testing.start", "filelock"}


class Settings:
    """As in SDK 2.x: what was set beats the environment."""

    def __init__(self, **explicit: str) -> None:
        self.api_key = explicit.get("api_key")
        self.base_url = explicit.get("base_url", "resolved")
        self._explicit = explicit

    def get_explicit(self, name: str) -> str | None:
        return self._explicit.get(name)


def sdk(**fields: Any) -> Any:
    module = ModuleType("dashscope")
    vars(module).update(api_key="sk-cloud", base_http_api_url="https://cloud.example/api/v1", **fields)
    return module


def test_the_environment_leads_here_and_past_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("no_proxy", "intra.example")
    monkeypatch.setenv("DASHSCOPE_BASE_URL", "https://cloud.example")
    with pytest.MonkeyPatch.context() as patch:
        lead_clients(patch, SERVER)
        assert os.environ["DASHSCOPE_API_KEY"] == "sk-test"
        assert os.environ["DALANG_URL"] == "http://127.0.0.1:4000"
        assert os.environ["no_proxy"] == "127.0.0.1,localhost,intra.example"
        assert os.environ["NO_PROXY"].startswith("127.0.0.1,localhost")
        assert "DASHSCOPE_BASE_URL" not in os.environ
    assert os.environ["no_proxy"] == "intra.example"
    assert os.environ["DASHSCOPE_BASE_URL"] == "https://cloud.example"


def test_an_sdk_that_was_imported_before_is_led_here_and_back(monkeypatch: pytest.MonkeyPatch) -> None:
    module = sdk()
    monkeypatch.setitem(sys.modules, "dashscope", module)
    with pytest.MonkeyPatch.context() as patch:
        lead_clients(patch, SERVER)
        assert (module.api_key, module.base_http_api_url) == ("sk-test", "http://127.0.0.1:4000/api/v1")
    assert (module.api_key, module.base_http_api_url) == ("sk-cloud", "https://cloud.example/api/v1")


def test_what_code_has_set_in_the_sdk_does_not_lead_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = Settings(base_url="https://cloud.example")
    monkeypatch.setitem(sys.modules, "dashscope", sdk(settings=settings))
    with pytest.MonkeyPatch.context() as patch:
        lead_clients(patch, SERVER)
        assert (settings.base_url, settings.api_key) == ("http://127.0.0.1:4000/api/v1", None)
    assert settings.base_url == "https://cloud.example"


def test_projects_that_do_not_use_it_load_nothing() -> None:
    code = (
        "import sys, pytest; before = set(sys.modules); import dalang.testing.plugin; print(*set(sys.modules)-before)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    loaded = set(done.stdout.split())
    assert "dalang.testing.plugin" in loaded
    assert loaded & HEAVY == set()
