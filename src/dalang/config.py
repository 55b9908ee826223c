"""Every setting, where it comes from and what it may be.

Later beats earlier: the defaults below, the TOML file, the environment (`DALANG_` and the field's name in capitals),
the command line. A value that does not fit stops the start with a `ConfigError` that names it. This is the only module
that reads the environment.
"""

from __future__ import annotations

import os
import sys
import tomllib
from collections.abc import Mapping
from itertools import takewhile
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple

import msgspec

from dalang.errors import ConfigError
from dalang.remotes import Remote, with_keys
from dalang.routes import Route
from dalang.weights.setup import Lora

UNITS = {"ms": 1, "s": 1000, "m": 60_000, "h": 3_600_000, "d": 86_400_000}
SPAN = r"^[0-9]{1,6}(\.[0-9]{1,6})?(ms|s|m|h|d)\Z"
SPAN_OR_NEVER = SPAN + r"|^never\Z"
URL = r"^https?://[^/\s]+(/\S*)?\Z"
KEY = r"^sk-[A-Za-z0-9._-]{6,}\Z"

MEANT = {
    SPAN: "a length of time such as 500ms, 30s, 10m, 24h or 7d",
    SPAN_OR_NEVER: "a length of time such as 24h or 7d, or never",
    URL: "an address such as https://video.example.com",
    KEY: "sk- and at least six letters, digits, dots, dashes or underscores",
}
"""Patterns in words."""

Port = Annotated[int, msgspec.Meta(ge=0, le=65535)]
Count = Annotated[int, msgspec.Meta(ge=1)]
Limit = Annotated[int, msgspec.Meta(ge=0)]
Span = Annotated[str, msgspec.Meta(pattern=SPAN)]
"""A length of time: `500ms`, `30s`, `10m`, `24h`, `7d`."""


REGION_HOSTS = {
    "dashscope-intl.*": "ap-southeast-1",
    "dashscope-us.*": "us-east-1",
    "dashscope.*": "cn-beijing",
    "*.eu-central-1.*": "eu-central-1",
    "*.ap-southeast-1.*": "ap-southeast-1",
    "*.cn-beijing.*": "cn-beijing",
}
"""The names under which the cloud's regions are reached."""


LOOPBACK = ("localhost", "127.0.0.0/8", "::1/128")

TEST_DEFAULTS: dict[str, Any] = {
    "data": "",
    "engine": "slate",
    "api_key": "sk-dalang-test",
    "grace": "0s",
    "fetch_allow": LOOPBACK,
    "callback_allow": LOOPBACK,
}
"""In test mode, where nothing else is said."""


class Config(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Settings of a server."""

    data: str
    """Folder of the database, the files and the keys; the platform's user data folder by default. Empty in test mode
    where none is named: one that lasts as long as the server."""
    host: str = "127.0.0.1"
    port: Port = 8000
    """0 takes a free one."""
    public_url: Annotated[str, msgspec.Meta(pattern=URL)] | None = None
    """Where clients reach this server, for video URLs; without it the request's Host is used."""
    tls_cert: str | None = None
    tls_key: str | None = None
    """PEM files; with both, the server speaks HTTPS."""
    trusted_proxies: tuple[str, ...] = ()
    """Addresses or networks whose X-Forwarded-Host and X-Forwarded-Proto are believed."""
    cors_origins: tuple[str, ...] = ()
    """Origins whose pages may call the API; `*` for all."""
    engine: str = "animatic"
    """What draws: a name in `engines.ENGINES`, or `module:Class`."""
    routes: dict[str, Route] = {}
    """Patterns of model names to what draws them; the first that matches counts, `engine` is for the rest. One that
    says no more than an engine may be written as its name."""
    remotes: dict[str, Remote] = {}
    """Other servers, by the names under which routes take them for engines."""
    weights: str | None = None
    """Folder of the checkpoints, each in a folder of its name, and of `loras`; by default `weights` in the data
    folder."""
    hub: Annotated[str, msgspec.Meta(pattern=URL)] | None = None
    """Where `dalang pull` fetches weights from; by default the hub that the library `huggingface_hub` knows."""
    loras: dict[str, Lora] = {}
    """Aliases by which profiles name them."""
    profiles: dict[str, dict[str, Any]] = {}
    """The operator's own, beside the shipped ones or in their place."""
    checkpoints: dict[str, dict[str, Any]] = {}
    """The operator's own, each with the open one that it is `like`."""
    gpus: Limit | None = None
    """GPUs that render; as many as there are by default. 0 renders with weights on the processor."""
    parallel: Count = 1
    """GPUs that share one render."""
    slots: Count = msgspec.field(default_factory=lambda: max(1, (os.cpu_count() or 1) // 2))
    """How many videos are rendered at once on this machine."""
    cancel: Literal["pending", "any"] = "pending"
    """Which tasks a cancel call may end: PENDING as documented, or RUNNING too."""
    retention: Annotated[str, msgspec.Meta(pattern=SPAN_OR_NEVER)] = "24h"
    """How long a finished task and its video are kept; `never` keeps them, and their links work, for good."""
    lease: Span = "60s"
    """How long a render may go without progress before it counts as hung."""
    render_limit: Span = "3h"
    """How long one render may take in all."""
    grace: Span = "10s"
    """How long running tasks may go on after SIGTERM before they go back to the queue."""
    fetch_allow: tuple[str, ...] = ()
    """Hosts or networks from which media may be fetched although they are private."""
    fetch_limit: Span = "60s"
    """How long fetching one file may take."""
    fetch_map: str | None = None
    """TOML file of lines `"URL" = "FILE"`: these addresses are read from disk, for work offline."""
    test: bool = False
    """Test mode: controls under `/dalang/test/`, declared faults, a clock that can be moved."""
    replay: str | None = None
    """Folder of recorded calls to answer from, as `dalang record` keeps them."""
    replay_miss: Literal["refuse", "engine"] = "refuse"
    """What becomes of a create call that was not recorded: refused with what comes nearest, or drawn here."""
    like_cloud: bool = False
    """The cloud's habits in place of ours: bad parameters fail the task, and its own limits hold."""
    hosts: dict[str, str] = msgspec.field(default_factory=lambda: dict(REGION_HOSTS))
    """Host name patterns to the region that requests to them mean; the first that matches counts."""
    provenance: bool = True
    """Whether each file says in its metadata that it is AI-generated, by what, and with which seed."""
    extend_url: Annotated[str, msgspec.Meta(pattern=URL)] | None = None
    """Base address of an OpenAI-compatible chat API that extends prompts; without it rules do."""
    extend_model: str | None = None
    extend_key: str | None = None
    extend_limit: Span = "15s"
    """How long one extension may take before the rules step in."""
    moderation: Literal["off", "words", "http"] = "off"
    """Who inspects prompts, pictures and frames: nobody, word lists (text only), or a service."""
    moderation_words: str | None = None
    """Word list in place of the shipped one: a word or phrase a line, `#` for comments."""
    moderation_url: Annotated[str, msgspec.Meta(pattern=URL)] | None = None
    """Base address of an OpenAI-compatible moderation API."""
    moderation_model: str = "omni-moderation-latest"
    moderation_key: str | None = None
    moderation_limit: Span = "10s"
    """How long one inspection may take."""
    moderation_fail: Literal["closed", "open"] = "closed"
    """What an inspection that could not be made means: refused, or let through."""
    submit_rate: Limit = 0
    """Creates a second of one account and model; 0 for no limit, here and below."""
    running_limit: Limit = 0
    """Tasks of one account and model that run at once; the others wait."""
    query_rate: Limit = 0
    """Queries, lists and cancels a second, of each kind, of one account."""
    queue_limit: Limit = 250_000
    """Waiting tasks of one account."""
    upload_limit: Count = 100
    """Megabytes of one uploaded file."""
    callback_allow: tuple[str, ...] = ()
    """Hosts or networks to which callbacks may go although they are private."""
    disk_floor: Annotated[int, msgspec.Meta(ge=0)] = 256
    """Free megabytes below which no new task is accepted."""
    api_key: Annotated[str, msgspec.Meta(pattern=KEY)] | None = None
    """Presets the first key (`sk-` and at least six characters); otherwise one is made."""
    log_format: Literal["text", "json"] = "text"
    log_level: Literal["debug", "info", "warning", "error"] = "info"

    @property
    def retention_ms(self) -> int | None:
        """None: for good."""
        return None if self.retention == "never" else milliseconds(self.retention)

    @property
    def weights_folder(self) -> Path:
        return Path(self.weights) if self.weights else Path(self.data) / "weights"

    @property
    def is_tls(self) -> bool:
        return self.tls_cert is not None


def milliseconds(span: str) -> int:
    """`"1.5h"` -> 5400000."""
    unit = span.lstrip("0123456789.")
    return round(float(span.removesuffix(unit)) * UNITS[unit])


def load(file: Path | None = None, environ: Mapping[str, str] | None = None, **flags: Any) -> Config:
    """The settings in force. `flags` are the command line's; None there means not given. Raises ConfigError."""
    settings: dict[str, Any] = _read_file(file) if file else {}
    variables = os.environ if environ is None else environ
    settings |= _read_environment(variables)
    settings |= {name: value for name, value in flags.items() if value is not None}
    try:
        is_test = msgspec.convert(settings.get("test", False), bool, strict=False)
        defaults = TEST_DEFAULTS if is_test else {"data": default_data()}
        config = msgspec.convert(_in_full(defaults | settings), Config, strict=False)
    except msgspec.ValidationError as error:
        raise ConfigError(_explain(error)) from error
    _check_together(config)
    return msgspec.structs.replace(config, remotes=with_keys(config.remotes, variables))


def default_data() -> str:
    import platformdirs  # 10 ms that `dalang --help` need not pay

    return platformdirs.user_data_dir("dalang", appauthor=False)


def _read_file(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text())
    except OSError as error:
        raise ConfigError(f"Cannot read the settings in {file}: {error.strerror}.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{file} is not TOML: {error}.") from error


def _read_environment(environ: Mapping[str, str]) -> dict[str, Any]:
    """`DALANG_URL` speaks to clients, not to servers; every other `DALANG_` variable must be a setting."""
    types = {field.name: field.type for field in msgspec.structs.fields(Config)}
    given = {
        variable.removeprefix("DALANG_").lower(): text
        for variable, text in environ.items()
        if variable.startswith("DALANG_") and variable != "DALANG_URL" and text
    }
    return {name: _value(text, types.get(name)) for name, text in given.items()}


def _value(text: str, type: Any) -> object:
    """Lists are written `a,b` and maps `a=b,c=d`."""
    if type == tuple[str, ...]:
        return _split(text)
    if type in (dict[str, str], dict[str, Route]):
        return dict(pair.partition("=")[::2] for pair in _split(text))
    return text


def _in_full(settings: dict[str, Any]) -> dict[str, Any]:
    """Routes that are an engine's name become tables."""
    routes = settings.get("routes")
    if not isinstance(routes, dict):
        return settings
    tables = {pattern: {"engine": route} if isinstance(route, str) else route for pattern, route in routes.items()}
    return {**settings, "routes": tables}


def _split(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _explain(error: msgspec.ValidationError) -> str:
    """`Expected `int`, got `str` - at `$.port`` -> `Setting port: expected `int`, got `str`.`"""
    what, _, path = str(error).partition(" - at `$.")
    for pattern, meaning in MEANT.items():
        what = what.replace(f"Expected `str` matching regex {pattern!r}", f"Expected {meaning}")
    if path:
        return f"Setting {path.rstrip('`')}: {what[0].lower()}{what[1:]}."
    return f"Settings: {what[0].lower()}{what[1:]}; docs/operating.md lists all."


def _check_together(config: Config) -> None:
    if (config.tls_cert is None) != (config.tls_key is None):
        raise ConfigError("Settings tls_cert and tls_key belong together: give both or neither.")
    if not (config.data or config.test):
        raise ConfigError("Setting data: name the folder; only in test mode there is one that goes with the server.")
    if not (_is_loopback(config.host) or config.is_tls or config.trusted_proxies):
        raise ConfigError(
            f"Listening on {config.host} would send keys in the clear: give --tls-cert and --tls-key, "
            "or name the proxy that does TLS in the setting trusted_proxies."
        )
    for proxy in config.trusted_proxies:
        _check_network(proxy)
    if config.extend_url and not config.extend_model:
        raise ConfigError("Setting extend_url needs extend_model, the name of the model to ask there.")
    for name in ("lease", "render_limit", "fetch_limit", "retention", "extend_limit"):
        if getattr(config, name) != "never" and not milliseconds(getattr(config, name)):
            raise ConfigError(f"Setting {name}: nothing can be done in no time; give it at least 1ms.")


def _is_loopback(host: str) -> bool:
    import ipaddress

    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _check_network(proxy: str) -> None:
    import ipaddress

    try:
        ipaddress.ip_network(proxy, strict=False)
    except ValueError:
        raise ConfigError(
            f"Setting trusted_proxies: {proxy!r} is no address or network; write it as 10.1.2.3 or 10.0.0.0/8."
        ) from None


def own_server_environment(environ: Mapping[str, str] | None = None) -> dict[str, str]:
    """For a server that a command starts for itself: what is set for another one's address must not reach it."""
    values = os.environ if environ is None else environ
    elsewhere = {f"DALANG_{name}" for name in ("HOST", "PORT", "PUBLIC_URL", "TLS_CERT", "TLS_KEY", "DATA", "API_KEY")}
    return {name: text for name, text in values.items() if name not in elsewhere}


OFFLINE = {"HF_HUB_OFFLINE": "1", "HF_HUB_DISABLE_TELEMETRY": "1", "DO_NOT_TRACK": "1"}
"""Whatever was set before: weights come from their folder, and nobody is told."""

QUIET = {"TRANSFORMERS_VERBOSITY": "error"}
"""While it is imported; later its logger is told."""

NEARBY = {"GLOO_SOCKET_IFNAME": "lo", "NCCL_SOCKET_IFNAME": "lo"} if sys.platform == "linux" else {}
"""Where processes that share a render meet: by themselves they listen where the machine's name leads."""


def worker_environment(environ: Mapping[str, str] | None = None, devices: str | None = None) -> dict[str, str]:
    """For a worker process: its threads share one heap, which keeps a fifth less of a large clip; of the GPUs it sees
    `devices`, by default what we do."""
    own = {} if devices is None else {"CUDA_VISIBLE_DEVICES": devices}
    given = os.environ if environ is None else environ
    return {"MALLOC_ARENA_MAX": "1", **QUIET, **NEARBY, **given, **OFFLINE, **own}


def visible_devices(environ: Mapping[str, str] | None = None) -> list[str] | None:
    """The GPUs that this process may use, by CUDA_VISIBLE_DEVICES; None: all."""
    text = (os.environ if environ is None else environ).get("CUDA_VISIBLE_DEVICES")
    if text is None:
        return None
    names = [name.strip() for name in text.split(",")]
    return list(takewhile(lambda name: name not in ("", "-1"), names))  # as CUDA reads it: what follows is not seen


class ClientEnvironment(NamedTuple):
    """What the environment says about servers to talk to."""

    url: str | None
    api_key: str | None
    cloud_url: str | None
    cloud_api_key: str | None
    data: Path


def client_environment(environ: Mapping[str, str] | None = None) -> ClientEnvironment:
    """DALANG_URL, DALANG_API_KEY, DASHSCOPE_HTTP_BASE_URL, DASHSCOPE_API_KEY, DALANG_DATA."""
    values = os.environ if environ is None else environ
    return ClientEnvironment(
        url=values.get("DALANG_URL"),
        api_key=values.get("DALANG_API_KEY"),
        cloud_url=values.get("DASHSCOPE_HTTP_BASE_URL"),
        cloud_api_key=values.get("DASHSCOPE_API_KEY"),
        data=Path(values.get("DALANG_DATA") or default_data()),
    )
