"""What a value must be, in Python's words: the limits stand in the nouns of test mode."""

from __future__ import annotations

from collections.abc import Iterable
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

import msgspec

NAMES: dict[Any, str] = {str: "text", int: "a whole number", float: "a number", dict[str, str]: "a dict of texts"}


def check_values(noun: msgspec.Struct) -> None:
    """Raises ValueError for the first field whose value is not what its type says."""
    hints = get_type_hints(type(noun), include_extras=True)
    for name in noun.__struct_fields__:
        check_value(name, getattr(noun, name), hints[name])


def check_value(name: str, value: object, hint: Any) -> None:
    try:
        msgspec.convert(value, hint)
    except msgspec.ValidationError:
        raise ValueError(f"{name} must be {wanted(hint)}, not {value!r}.") from None


def wanted(hint: Any) -> str:
    """Of an annotation; that None is allowed too is left out."""
    parts = get_args(hint)
    match get_origin(hint):
        case kind if kind is Literal:
            return listed(map(repr, parts))
        case kind if kind in (Union, UnionType):
            return listed(wanted(part) for part in parts if part is not type(None))
        case kind if kind is Annotated:
            return wanted(parts[0]) + limits(*parts[1:])
        case _:
            return NAMES[hint]


def limits(meta: msgspec.Meta) -> str:
    if meta.lt is not None:
        return f" from {meta.ge} to below {meta.lt}"
    return f" from {meta.ge} on" if meta.le is None else f" from {meta.ge} to {meta.le:.15g}"


def listed(words: Iterable[str]) -> str:
    *first, last = words
    return f"{', '.join(first)} or {last}" if first else last
