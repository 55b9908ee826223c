"""Settings: where they come from, which wins, and that a bad one stops the start and is named."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from dalang.config import (
    NEARBY,
    OFFLINE,
    QUIET,
    Config,
    client_environment,
    load,
    milliseconds,
    visible_devices,
    worker_environment,
)
from dalang.errors import ConfigError
from dalang.routes import Route


def loaded(**flags: Any) -> Config:
    return load(None, {}, data="d", **flags)


def test_later_beats_earlier(tmp_path: Path) -> None:
    file = tmp_path / "dalang.toml"
    file.write_text('port = 1\nslots = 2\ngrace = "3s"\ndata = "from the file"\n')
    environ = {"DALANG_SLOTS": "20", "DALANG_GRACE": "30s", "HOME": "/x"}
    config = load(file, environ, grace="300s", port=None)
    assert (config.data, config.port, config.slots, config.grace) == ("from the file", 1, 20, "300s")
    assert config.host == "127.0.0.1"


def test_lists_come_separated_by_commas(tmp_path: Path) -> None:
    config = load(None, {"DALANG_FETCH_ALLOW": " a.example, 10.0.0.0/8 ,"}, data="d")
    assert config.fetch_allow == ("a.example", "10.0.0.0/8")


def test_what_clients_read_and_what_is_empty_are_no_settings_of_a_server() -> None:
    assert load(None, {"DALANG_URL": "http://x", "DALANG_PORT": ""}, data="d").port == 8000


@pytest.mark.parametrize(
    ("environ", "named"),
    [
        ({"DALANG_PORT": "many"}, "port"),
        ({"DALANG_PORT": "70000"}, "port"),
        ({"DALANG_SLOTS": "0"}, "slots"),
        ({"DALANG_CANCEL": "all"}, "cancel"),
        ({"DALANG_RETENTION": "1y"}, "retention"),
        ({"DALANG_LEASE": "60"}, "lease"),
        ({"DALANG_LEASE": "0s"}, "lease"),
        ({"DALANG_RENDER_LIMIT": "0.0h"}, "render_limit"),
        ({"DALANG_FETCH_LIMIT": "0ms"}, "fetch_limit"),
        ({"DALANG_GRACE": "٣s"}, "grace"),
        ({"DALANG_GRACE": "3s\n"}, "grace"),
        ({"DALANG_DISK_FLOOR": "-1"}, "disk_floor"),
        ({"DALANG_LOG_FORMAT": "xml"}, "log_format"),
        ({"DALANG_TRUSTED_PROXIES": "10.0.0.1, proxy"}, "trusted_proxies"),
        ({"DALANG_SLOT": "2"}, "slot"),
    ],
    ids=lambda value: " ".join(f"{n}={t!r}" for n, t in value.items()) if isinstance(value, dict) else value,
)
def test_a_bad_value_is_named(environ: dict[str, str], named: str) -> None:
    with pytest.raises(ConfigError, match=rf"\b{named}\b"):
        load(None, environ, data="d")


def test_a_bad_key_is_not_repeated() -> None:
    with pytest.raises(ConfigError) as error:
        load(None, {"DALANG_API_KEY": "my-secret"}, data="d")
    assert "my-secret" not in str(error.value)
    assert "api_key" in str(error.value)


@pytest.mark.parametrize("text", ["port = ", "\xff\xfe".encode("utf-16").decode("latin-1"), 'port = "x"', "prot = 1"])
def test_a_bad_file_is_named(tmp_path: Path, text: str) -> None:
    file = tmp_path / "dalang.toml"
    file.write_text(text, encoding="latin-1")
    with pytest.raises(ConfigError, match=r"dalang\.toml|port|prot"):
        load(file, {}, data="d")


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"none\.toml"):
        load(tmp_path / "none.toml", {})


@pytest.mark.parametrize("host", ["127.0.0.1", "127.9.9.9", "localhost", "::1"])
def test_loopback_needs_no_tls(host: str) -> None:
    assert loaded(host=host).host == host


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "example.com"])
def test_elsewhere_keys_do_not_travel_in_the_clear(host: str) -> None:
    with pytest.raises(ConfigError, match="--tls-cert"):
        loaded(host=host)
    assert loaded(host=host, tls_cert="c.pem", tls_key="k.pem").is_tls
    assert loaded(host=host, trusted_proxies=("10.0.0.1",)).host == host


def test_certificate_and_key_belong_together() -> None:
    for one in ("tls_cert", "tls_key"):
        with pytest.raises(ConfigError, match="together"):
            loaded(**{one: "x.pem"})


@pytest.mark.parametrize(
    ("span", "expected"),
    [("500ms", 500), ("30s", 30_000), ("1.5h", 5_400_000), ("7d", 604_800_000), ("10m", 600_000), ("0s", 0)],
)
def test_spans(span: str, expected: int) -> None:
    assert milliseconds(span) == expected


def test_retention_may_be_for_good() -> None:
    assert loaded(retention="never").retention_ms is None
    assert loaded().retention_ms == 86_400_000


def test_what_the_environment_says_to_clients() -> None:
    said = client_environment({"DALANG_URL": "http://x", "DASHSCOPE_API_KEY": "sk-cloud", "DALANG_DATA": "/d"})
    assert (said.url, said.api_key, said.cloud_url, said.cloud_api_key) == ("http://x", None, None, "sk-cloud")
    assert said.data == Path("/d")


def test_test_mode_has_defaults_of_its_own_which_all_else_beats() -> None:
    plain = load(None, {}, test=True)
    assert (plain.data, plain.engine, plain.api_key) == ("", "slate", "sk-dalang-test")
    assert "127.0.0.0/8" in plain.fetch_allow
    said = load(None, {"DALANG_TEST": "1", "DALANG_ENGINE": "animatic"}, data="d")
    assert (said.test, said.engine, said.data) == (True, "animatic", "d")


def test_only_tests_may_do_without_a_folder() -> None:
    """Videos would go with the server."""
    assert load(None, {}, test=True, data="").data == ""
    with pytest.raises(ConfigError, match="Setting data: name the folder"):
        load(None, {}, data="")


def test_outside_of_test_mode_there_is_no_preset_key() -> None:
    assert load(None, {}, data="d").api_key is None


def test_a_worker_has_one_heap_unless_the_operator_says_otherwise() -> None:
    assert worker_environment({"A": "b"}) == {"A": "b", "MALLOC_ARENA_MAX": "1", **QUIET, **NEARBY, **OFFLINE}
    assert worker_environment({"MALLOC_ARENA_MAX": "4"})["MALLOC_ARENA_MAX"] == "4"


def test_a_worker_asks_no_hub_whatever_the_environment_says() -> None:
    told = worker_environment({"HF_HUB_OFFLINE": "0", "HF_HUB_DISABLE_TELEMETRY": "0"})
    assert (told["HF_HUB_OFFLINE"], told["HF_HUB_DISABLE_TELEMETRY"]) == ("1", "1")


def test_a_worker_sees_the_gpus_of_its_slot() -> None:
    assert worker_environment({"CUDA_VISIBLE_DEVICES": "0,1"}, "1")["CUDA_VISIBLE_DEVICES"] == "1"
    assert worker_environment({"CUDA_VISIBLE_DEVICES": "0,1"})["CUDA_VISIBLE_DEVICES"] == "0,1"
    assert worker_environment({}, "")["CUDA_VISIBLE_DEVICES"] == "", "none at all"


@pytest.mark.parametrize(
    ("says", "seen"),
    [("0", ["0"]), ("2, 5", ["2", "5"]), ("", []), ("-1", []), ("0,-1,1", ["0"]), ("GPU-a", ["GPU-a"])],
)
def test_the_server_is_told_its_gpus_as_cuda_is(says: str, seen: list[str]) -> None:
    assert visible_devices({"CUDA_VISIBLE_DEVICES": says}) == seen
    assert visible_devices({}) is None


def test_a_route_that_is_an_engine_is_written_as_its_name(tmp_path: Path) -> None:
    file = tmp_path / "dalang.toml"
    file.write_text('[routes]\n"wan2.6-*" = "slate"\n"*" = { engine = "animatic" }\n')
    routes = {"wan2.6-*": Route("slate"), "*": Route("animatic")}
    assert load(file, {}).routes == routes
    assert load(None, {"DALANG_ROUTES": "wan2.6-*=slate,*=animatic"}).routes == routes


def test_a_route_with_a_word_too_many_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "dalang.toml"
    file.write_text('[routes]\n"wan2.6-*" = { engine = "wan", weights = "x" }\n')
    with pytest.raises(ConfigError, match=r"routes.*unknown field `weights`"):
        load(file, {})


def test_lora_weights_are_for_the_first_expert_or_the_second() -> None:
    loras = {"x": {"file": "x.safetensors", "expert": 3}}
    with pytest.raises(ConfigError, match=r"loras.*expert.*<= 2"):
        load(None, {}, loras=loras)
