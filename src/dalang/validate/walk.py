"""A create call taken through all rules to the end, for who wants to know everything that is wrong with it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from dalang.errors import ProtocolError
from dalang.fetch.data_url import parse_data_url
from dalang.models import MODELS, ModelSpec
from dalang.task import MEDIA, VideoRequest
from dalang.validate.address import Address
from dalang.validate.body import UNREADABLE, CreateBody, Input, malformed, parse_body
from dalang.validate.choice import choose_model
from dalang.validate.document import replaced
from dalang.validate.media import addresses
from dalang.validate.nearest import near_models
from dalang.validate.request import validate

UNDRAWN = -1
"""The seed of a request whose seed is drawn at create."""

CheckModel = Callable[[ModelSpec], object]
"""Whether a model may be used there. Raises ProtocolError."""


@dataclass
class Walk:
    """`refusals` stand in the order in which a create call finds them; the first is the one that it answers."""

    raw: bytes | bytearray
    refusals: list[ProtocolError] = field(default_factory=list)
    spec: ModelSpec | None = None
    """The model, or the one that must be meant; None if that cannot be told."""
    asked: VideoRequest | None = None
    """What is wrong has its default; None without `spec`."""
    addresses: tuple[Address, ...] = ()
    """Of the media that `asked` is made from, in the order in which create looks at what they hold."""

    def refuse(self, refusal: ProtocolError) -> None:
        """Notes it, unless it may only follow from what was noted before: it is about the same field, a part of it or
        the whole around it."""
        if not any(_touch(refusal.field, noted.field) for noted in self.refusals):
            self.refusals.append(refusal)


def _touch(one: str | None, other: str | None) -> bool:
    if one is None or other is None:
        return False
    return f"{one}.".startswith(f"{other}.") or f"{other}.".startswith(f"{one}.")


def walk(raw: bytes | bytearray, check_model: CheckModel | None = None, inspection: str | None = None) -> Walk:
    """`inspection` as in `validate`. Costs as many readings of `raw` as it has fields of wrong types."""
    call = Walk(raw)
    body = _read(call)
    if body is None:
        return call
    call.spec = spec = _model(call, body, check_model)
    if spec is not None:
        call.asked = validate(spec, body, draw_seed=lambda: UNDRAWN, inspection=inspection, refuse=call.refuse)
        call.addresses = _used(call.asked, addresses(spec, body.input or Input(), call.refuse))
    return call


def _read(call: Walk) -> CreateBody | None:
    """The body without its fields of wrong types; None where it is no JSON object."""
    raw: bytes | bytearray | None = call.raw
    while raw is not None:
        try:
            return parse_body(raw)
        except ProtocolError as refusal:
            call.refuse(refusal)
            raw = _without(call, raw, refusal.field)
    return None


def _without(call: Walk, raw: bytes | bytearray, field: str | None) -> bytes | None:
    if field is None:
        return None
    try:
        return replaced(raw, field, b"null")
    except UNREADABLE as error:
        call.refuse(malformed(error))
        return None


def _model(call: Walk, body: CreateBody, check_model: CheckModel | None) -> ModelSpec | None:
    try:
        choose_model(body)
    except ProtocolError as refusal:
        call.refuse(refusal)
    spec = _meant(body.model or "")
    if spec is not None and check_model is not None:
        try:
            check_model(spec)
        except ProtocolError as refusal:
            call.refuse(refusal)
    return spec


def _meant(name: str) -> ModelSpec | None:
    if name in MODELS:
        return MODELS[name]
    near = near_models(name)
    return MODELS[near[0]] if len(near) == 1 else None


def _used(asked: VideoRequest, named: list[Address]) -> tuple[Address, ...]:
    used = [address for address in named if getattr(asked, address.role) is not None]
    return tuple(sorted(used, key=lambda address: MEDIA.index(address.role)))


def check_content(call: Walk, address: Address) -> None:
    """Of a `data:` URL, which a create call decodes when all rules are kept."""
    if address.url[:5].lower() == "data:":
        try:
            parse_data_url(address.url)
        except ProtocolError as refusal:
            call.refuse(refusal.at(address.field))
