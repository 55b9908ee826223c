"""A refusal goes as soon as it has been told, and with it the body that it was about."""

from __future__ import annotations

import gc
import weakref
from contextlib import suppress

from dalang.errors import InvalidParameter
from dalang.validate import choose_model, parse_body, validate


class Body(bytearray):
    """One that can be watched."""


def refuse(body: bytearray) -> None:
    with suppress(InvalidParameter):
        call = parse_body(body)
        validate(choose_model(call), call, draw_seed=lambda: 7)
        raise AssertionError("it is refused")


def test_a_refused_body_waits_for_no_collector() -> None:
    gc.disable()
    try:
        body = Body(b'{"model": "wan2.6-t2v", "input": {"prompt": "x"}, "parameters": {"duration": 70}}')
        watch = weakref.ref(body)
        refuse(body)
        del body
        assert watch() is None, "a refusal and its traceback hold each other, and with them the body"
    finally:
        gc.enable()
