"""Which way a request takes of those that its model has."""

from __future__ import annotations

import pytest

from dalang.errors import InvalidParameter
from dalang.routes import GPU, LOCAL, Route, choose, routes_of

ROUTES = {
    "wan2.6-t2v": Route("wan", "wan2.2-ti2v-5b", "quality"),
    "wan2.6-*": Route("cloud", "wan2.6-t2v-us"),
}

WAYS = routes_of("wan2.6-t2v", ROUTES, "animatic")


def test_the_first_pattern_that_matches_counts_and_the_rest_may_be_asked_for() -> None:
    assert [way.engine for way in WAYS] == ["wan", "cloud", "animatic", "animatic", "slate"]
    assert choose(WAYS, None, None).engine == "wan"
    assert choose(WAYS, "cloud", None, ("cloud",)).checkpoint == "wan2.6-t2v-us"
    assert choose(WAYS, "slate", None) == Route("slate")


def test_patterns_are_case_sensitive_and_may_name_a_class_of_letters() -> None:
    routes = {"wan2.[67]-*": Route("slate")}
    assert [routes_of(model, routes, "animatic")[0].engine for model in ("wan2.7-t2v", "wan2.5-t2v", "WAN2.6-t2v")] == [
        "slate",
        "animatic",
        "animatic",
    ]


def test_a_profile_is_the_callers_else_the_routes_else_balanced() -> None:
    assert choose(WAYS, None, "fast").profile == "fast"
    assert choose(WAYS, None, None).profile == "quality"
    assert choose([Route("wan", "wan2.2-ti2v-5b")], None, None).profile == "balanced"


def test_an_engine_that_is_not_offered_is_refused_with_those_that_are() -> None:
    with pytest.raises(InvalidParameter, match="drawn by wan, cloud, animatic, slate, not by 'ray'"):
        choose(WAYS, "ray", None)


@pytest.mark.parametrize("engine", ["animatic", "cloud"])
def test_only_weights_of_our_own_have_profiles(engine: str) -> None:
    with pytest.raises(InvalidParameter, match=f"engine {engine} has no profiles"):
        choose(WAYS, engine, "fast", ("cloud",))
    assert choose(WAYS, engine, None, ("cloud",)).profile is None


def test_tasks_wait_for_gpus_or_a_remote_or_any_processor() -> None:
    assert [way.pool(("cloud",)) for way in WAYS[:3]] == [GPU, "cloud", LOCAL]
