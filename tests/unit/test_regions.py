"""Which region a host name means, and which models a key may use in its own."""

from __future__ import annotations

import pytest

from dalang.config import REGION_HOSTS
from dalang.errors import AccessDenied, InvalidParameter
from dalang.models import MODELS
from dalang.regions import check_model, region_of
from tests.clock import ManualClock
from tests.samples import a_key

HOSTS = tuple(REGION_HOSTS.items())


@pytest.mark.parametrize(
    ("host", "region"),
    [
        ("dashscope.aliyuncs.com", "cn-beijing"),
        ("dashscope-intl.aliyuncs.com", "ap-southeast-1"),
        ("dashscope-us.aliyuncs.com", "us-east-1"),
        ("ws-42.eu-central-1.maas.aliyuncs.com", "eu-central-1"),
        ("ws-42.ap-southeast-1.maas.aliyuncs.com", "ap-southeast-1"),
        ("ws-42.cn-beijing.maas.aliyuncs.com", "cn-beijing"),
        ("DashScope-US.example.com.:8443", "us-east-1"),
        ("localhost:8000", None),
        ("127.0.0.1:8000", None),
        ("[::1]:8000", None),
        ("video.example.com", None),
        ("my-dashscope.example.com", None),
        ("", None),
    ],
)
def test_the_clouds_host_names_mean_its_regions_and_no_other_name_does(host: str, region: str | None) -> None:
    assert region_of(host, HOSTS) == region


def test_the_first_pattern_that_matches_counts() -> None:
    assert (
        region_of("dashscope-us.test", (("dashscope*", "cn-beijing"), ("dashscope-us.*", "us-east-1"))) == "cn-beijing"
    )


def test_a_host_may_be_named_local_to_keep_it_out_of_a_wider_pattern() -> None:
    hosts = (("dashscope.office", "local"), *HOSTS)
    assert region_of("dashscope.office", hosts) is None


@pytest.mark.parametrize("name", MODELS)
def test_region_local_offers_every_model(name: str, clock: ManualClock) -> None:
    check_model(a_key(clock), MODELS[name])


def test_a_model_that_the_region_does_not_offer_is_refused_with_those_that_do(clock: ManualClock) -> None:
    check_model(a_key(clock, region="us-east-1"), MODELS["wan2.6-t2v-us"])
    with pytest.raises(InvalidParameter) as refused:
        check_model(a_key(clock, region="us-east-1"), MODELS["wan2.5-t2v-preview"])
    assert refused.value.message.startswith("Model not exist.")
    assert "not offered in us-east-1 (Virginia), but in cn-beijing (Beijing) and" in refused.value.message


@pytest.mark.parametrize(
    ("models", "is_allowed"), [((), True), (("wan2.6-*",), True), (("wan2.1-*", "wan2.2-*"), False)]
)
def test_a_key_may_be_for_some_models_only(models: tuple[str, ...], is_allowed: bool, clock: ManualClock) -> None:
    key = a_key(clock, models=models)
    if is_allowed:
        check_model(key, MODELS["wan2.6-t2v"])
        return
    with pytest.raises(AccessDenied) as refused:
        check_model(key, MODELS["wan2.6-t2v"])
    assert (refused.value.status, refused.value.code) == (403, "Model.AccessDenied")
    assert refused.value.message.startswith("Model access denied. This key may use wan2.1-*, wan2.2-*,")
