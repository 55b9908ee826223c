"""What is wrong with routes is told before the start, with how to mend it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from dalang.config import Config
from dalang.errors import ConfigError
from dalang.remotes import Endpoint, Remote
from dalang.route_check import check_routes
from dalang.routes import Route

OWN = "tests.engines.weighty:Weighty"
"""An engine that is told its weights, and needs no extra."""

FIVE = Route(OWN, "wan2.2-ti2v-5b")
"""Makes t2v and i2v."""

CLOUD = Remote("dashscope", (Endpoint("https://cloud.example/api/v1", key="sk-1"),))


def check(tmp_path: Path, routes: dict[str, Route], **settings: Any) -> list[str]:
    return check_routes(Config(data=str(tmp_path), routes=routes, **settings))


@pytest.mark.parametrize(
    ("pattern", "route", "sentence"),
    [
        ("wan9-*", Route("slate"), "Route wan9-*: no model has such a name; `dalang models` lists them."),
        (
            "wan2.6-*",
            Route("clowd"),
            "Route wan2.6-*: there is no engine or remote 'clowd'; take slate, animatic, wan, cloud, or write "
            "module:Class.",
        ),
        ("*", Route("slate", "wan2.2-ti2v-5b"), "Route *: the engine slate has no weights; leave `checkpoint` out."),
        ("*", Route(OWN, profile="fast"), "Route *: only weights have profiles; name a `checkpoint`, or leave"),
        ("*-t2v-*", Route(OWN, "wan2.2-ti2v-5b", "slow"), "there is no profile 'slow'; take quality, balanced, fast."),
        ("*-t2v-*", Route(OWN, "wan3"), "There is no checkpoint 'wan3'; take wan2.1-t2v-1.3b, "),
        ("wan2.6-*", Route("cloud", profile="fast"), "Route wan2.6-*: the remote cloud has no profiles; leave"),
    ],
)
def test_a_route_that_leads_nowhere_stops_the_start(tmp_path: Path, pattern: str, route: Route, sentence: str) -> None:
    with pytest.raises(ConfigError) as error:
        check(tmp_path, {pattern: route}, remotes={"cloud": CLOUD})
    assert sentence in str(error.value)


def test_wan_wants_weights(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dalang.engines.EXTRAS", {"wan": ()})  # as where all of it is installed
    with pytest.raises(ConfigError, match=r"Route \*: the engine wan needs weights; name a `checkpoint`."):
        check(tmp_path, {"*": Route("wan")})
    with pytest.raises(ConfigError, match="Setting engine: wan needs weights, which only a route can name"):
        check(tmp_path, {}, engine="wan")


def test_an_engine_whose_extra_is_not_installed_says_what_installs_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dalang.engines.EXTRAS", {"wan": ("nothing_of_this_name",)})
    with pytest.raises(ConfigError, match=r"nothing_of_this_name not installed; pip install 'dalang\[wan\]'"):
        check(tmp_path, {"*-t2v-*": Route("wan", "wan2.2-ti2v-5b")})


def test_models_of_a_kind_that_the_weights_cannot_make_are_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as error:
        check(tmp_path, {"wan2.2-*": FIVE})
    assert str(error.value) == (
        "Route wan2.2-*: wan2.2-ti2v-5b makes t2v and i2v only, and the pattern also takes wan2.2-kf2v-flash; "
        "narrow it, or put a route for these before it."
    )
    warnings = check(tmp_path, {"*-kf2v-*": Route("slate"), "wan2.2-*": FIVE})
    assert not any("kf2v" in warning for warning in warnings), "mended as the sentence says"


@pytest.mark.parametrize("name", ["animatic", "wan", "local", "gpu"])
def test_a_remote_has_a_name_of_its_own(tmp_path: Path, name: str) -> None:
    with pytest.raises(ConfigError, match=f"Remote {name}: the name is taken"):
        check(tmp_path, {}, remotes={name: CLOUD})


def test_a_remotes_name_is_plain(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="Remote 'a:B': take letters"):
        check(tmp_path, {}, remotes={"a:B": CLOUD})


def test_a_lora_that_is_not_there_is_named_with_its_profile(tmp_path: Path) -> None:
    profiles = {"mine": {"like": "quality", "loras": ["glow"]}}
    with pytest.raises(ConfigError, match="Profile mine: there is no LoRA 'glow'"):
        check(tmp_path, {"wan2.6-t2v": FIVE}, profiles=profiles)


def test_what_can_never_be_reached_is_warned_of(tmp_path: Path) -> None:
    routes = {"wan2.6-*": Route("slate"), "wan2.6-t2v": Route("cloud"), "wan2.7-*": Route("cloud")}
    (warning,) = check(tmp_path, routes, remotes={"cloud": CLOUD})
    assert warning.startswith("Route wan2.6-t2v: routes before it take all its models")


def test_a_remote_that_no_route_names_is_warned_of(tmp_path: Path) -> None:
    assert check(tmp_path, {}, remotes={"cloud": CLOUD}) == ["Remote cloud: no route leads there."]


def test_weights_that_are_not_pulled_yet_are_no_reason_not_to_start(tmp_path: Path) -> None:
    quality = Route(OWN, "wan2.2-ti2v-5b", "quality")
    (warning,) = check(tmp_path, {"wan2.6-t2v": quality})
    assert warning.startswith("Route wan2.6-t2v: The weights wan2.2-ti2v-5b are not on this machine: `dalang pull")
    folder = tmp_path / "weights" / "wan2.2-ti2v-5b"
    folder.mkdir(parents=True)
    (folder / "model_index.json").write_text("{}")
    assert check(tmp_path, {"wan2.6-t2v": quality}) == []


def test_an_operators_own_checkpoint_may_be_led_to(tmp_path: Path) -> None:
    own = {"house": {"like": "wan2.2-ti2v-5b", "kinds": ["t2v"]}}
    with pytest.raises(ConfigError, match=r"house makes t2v only, and the pattern also takes wan2\.6-i2v"):
        check(tmp_path, {"wan2.6-*": Route(OWN, "house")}, checkpoints=own)
    assert len(check(tmp_path, {"wan2.6-t2v*": Route(OWN, "house")}, checkpoints=own)) == 1
