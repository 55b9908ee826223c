"""What files say of themselves."""

from __future__ import annotations

import json

import msgspec
import pytest

from dalang.provenance import provenance
from tests.clock import ManualClock
from tests.samples import TEXT, text_task


def test_a_file_names_model_engine_and_seed_and_that_it_is_made(clock: ManualClock) -> None:
    tags = dict(provenance(text_task(clock)))
    assert (tags["model"], tags["engine"], tags["seed"], tags["ai_generated"]) == ("wan2.6-t2v", "slate", "7", "true")
    assert "AI-generated" in tags["comment"]
    assert json.loads(tags["AIGC"])["Label"] == "1"


def test_equal_requests_make_equal_tags_and_other_prompts_another_produce_id(clock: ManualClock) -> None:
    first, second = text_task(clock, account="a"), text_task(clock, account="b")
    assert provenance(first) == provenance(second), "nothing of the task, so that equal requests make equal files"
    other = text_task(clock, request=msgspec.structs.replace(TEXT, prompt="A cat sleeps"))
    assert dict(provenance(other))["AIGC"] != dict(provenance(first))["AIGC"]


@pytest.mark.parametrize(
    ("engine", "kind"),
    [("slate", "algorithmicMedia"), ("animatic", "algorithmicMedia"), ("wan", "trainedAlgorithmicMedia")],
)
def test_what_is_painted_does_not_pretend_to_be_a_model(clock: ManualClock, engine: str, kind: str) -> None:
    assert dict(provenance(text_task(clock, engine=engine)))["digital_source_type"].rpartition("/")[2] == kind
