"""What is told of a create call that was looked at and not made."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from dalang.errors import AccessDenied, ProtocolError
from dalang.models import CURRENCY, ModelSpec, rate, yuan
from dalang.regions import LOCAL, called
from dalang.task import MEDIA, VideoRequest
from dalang.validate.document import Document
from dalang.validate.nearest import nearest
from dalang.validate.strangers import strangers
from dalang.validate.walk import UNDRAWN, CheckModel, Walk, check_content, walk

SHOWN = 80
"""Characters of what was sent."""


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """A broken rule."""

    field: str | None
    """Its path in the body, such as `parameters.duration`; None for the body as a whole."""
    given: str | None
    """The JSON that stands there, cut at 80 characters; None where there is none."""
    nearest: tuple[Any, ...]
    """Values that would be right there, the best first; often none."""
    code: str
    """With `message` what a create call answers, if it is the first."""
    message: str


class Charge(msgspec.Struct, frozen=True, kw_only=True):
    """What the cloud takes for the finished video, at its list price; for one that fails it takes nothing."""

    price: str
    """A decimal, so that no reader rounds it."""
    currency: str
    rate: str
    """Of one second, in the same currency."""
    duration: int
    """Seconds."""
    tier: str
    region: str
    """In whose price list the rate stands."""
    basis: str
    """A sentence."""


class Report(msgspec.Struct, frozen=True, kw_only=True):
    problems: tuple[Problem, ...]
    warnings: tuple[str, ...]
    """What a create call would ignore, a sentence each."""
    request: VideoRequest | None = None
    """As understood, every default settled; its seed is -1 where one will be drawn. None if there are problems."""
    charge: Charge | None = None
    """None if there are problems, and where no price is published."""

    @property
    def is_valid(self) -> bool:
        return not self.problems


def report(raw: bytes | bytearray, region: str = LOCAL, check_model: CheckModel | None = None) -> Report:
    """All that can be said of the body of a create call without a server. `region` says whose prices hold."""
    call = walk(raw, check_model)
    for address in call.addresses:
        check_content(call, address)
    return told(call, region)


def told(call: Walk, region: str, warnings: Iterable[str] = ()) -> Report:
    """`warnings` come after the call's own."""
    document = Document(call.raw)
    request = None if call.refusals else call.asked
    own = call.asked.warnings if call.asked else ()
    return Report(
        problems=tuple(_problem(refusal, call, document, region) for refusal in call.refusals),
        warnings=(*own, *strangers(document), *warnings),
        request=request,
        charge=charge(call.spec, region, request) if call.spec and request else None,
    )


def _problem(refusal: ProtocolError, call: Walk, document: Document, region: str) -> Problem:
    field = refusal.field
    given = document.shown(field) if field else None
    is_guessable = not isinstance(refusal, AccessDenied)  # which models a key is for, its owner knows
    return Problem(
        field=field,
        given=shortened(given, SHOWN) if given else None,
        nearest=nearest(field, call.spec, document, region) if field and is_guessable else (),
        code=refusal.code,
        message=refusal.message,
    )


def charge(spec: ModelSpec, region: str, request: VideoRequest) -> Charge | None:
    """None where no price is published."""
    found = rate(spec, region, request)
    if found is None:
        return None
    return Charge(
        price=yuan(found.price * request.duration),
        currency=CURRENCY,
        rate=yuan(found.price),
        duration=request.duration,
        tier=request.tier,
        region=found.region,
        basis=_basis(spec, region, request, found.region, yuan(found.price)),
    )


def _basis(spec: ModelSpec, region: str, request: VideoRequest, listed: str, price: str) -> str:
    silent = " without sound" if spec.silent_prices and not request.sound else ""
    other = f" None is published for {called(region)}." if region not in (LOCAL, listed) else ""
    return (
        f"{request.duration} s at {price} {CURRENCY}, the list price of 2026 for a second of {spec.name} at "
        f"{request.tier}{silent} in {called(listed)}.{other}"
    )


def as_json(report: Report) -> dict[str, Any]:
    """`output.dalang` of a dry run, and what `dalang check --json` prints."""
    content: dict[str, Any] = {
        "is_valid": report.is_valid,
        "problems": [msgspec.to_builtins(problem) for problem in report.problems],
        "warnings": list(report.warnings),
    }
    if report.request:
        content["request"] = understood(report.request)
    if report.charge:
        content["charge"] = msgspec.to_builtins(report.charge)
    return content


def understood(request: VideoRequest) -> dict[str, Any]:
    """Its fields, without those at their default and without a seed that is not drawn yet; addresses are cut."""
    fields: dict[str, Any] = msgspec.to_builtins(msgspec.structs.replace(request, warnings=()))
    if request.seed == UNDRAWN:
        del fields["seed"]
    return {name: shortened(value, SHOWN * 2) if name in MEDIA else value for name, value in fields.items()}


def shortened(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"
