"""The OpenAPI document: paths from the routes themselves, forms from the types that requests are read with."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from importlib.metadata import version
from types import UnionType
from typing import Any, get_args

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from dalang.api import schema
from dalang.api.edge import Route
from dalang.api.operation import JSON, Body, Operation, Parameter, Reply
from dalang.models import MODELS
from dalang.validate import MediaEntry

Node = dict[str, Any]

ABOUT = """The DashScope video-synthesis protocol for Wan models, answered by your own machines. Operations marked \
"ours" do not exist in the cloud. Unknown fields and headers are ignored, null means absent, and a path may end in a \
slash."""

WORKSPACE = Parameter("X-DashScope-WorkSpace", "That of the key; may be left out")

KEYED: Mapping[int, tuple[str, ...]] = {
    401: ("InvalidApiKey",),
    403: ("Workspace.AccessDenied",),
    404: ("WorkSpaceNotFound",),
}
"""What any call with a key may be refused with."""

EVERY: Mapping[int, tuple[str, ...]] = {500: ("InternalError",)}

ON_A_NAME: Mapping[int, tuple[str, ...]] = {404: ("NotFound",)}
"""Of paths with a name in them: it may hold a slash, and then it is another path."""

FLAT = Body(schema.Error)

REFERENCE = "#/components/schemas/{name}"


def described(routes: Sequence[Route]) -> Route:
    """The route that tells of `routes` and of itself."""

    @cache
    def encoded() -> bytes:
        return msgspec.json.encode(document((*routes, route)))

    async def openapi(request: Request) -> Response:
        return Response(encoded(), media_type=JSON)

    about = Operation("This document", (Reply("OpenAPI 3.1", {"type": "object"}),), is_keyed=False)
    route = Route("/openapi.json", openapi, about=about)
    return route


def document(routes: Sequence[Route]) -> Node:
    """Of the routes that tell of themselves; one whose path is another's and a slash is the same."""
    forms = Forms(form for route in routes if route.about for form in _forms(route.about))
    paths: Node = defaultdict(dict)
    names: Counter[str] = Counter()
    for route, about in _told(routes):
        for method in route.methods:
            if method != "HEAD":
                names[name := route.endpoint.__name__] += 1
                own = name if names[name] == 1 else f"{name}_{names[name]}"
                paths[route.path][method.lower()] = {"operationId": own, **_operation(route.path, about, forms)}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Dalang", "version": version("dalang"), "description": ABOUT},
        "paths": paths,
        "components": {
            "schemas": forms.components,
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer"}},
        },
    }


def _told(routes: Sequence[Route]) -> Iterator[tuple[Route, Operation]]:
    paths = {route.path for route in routes}
    for route in routes:
        is_alias = route.path.endswith("/") and route.path[:-1] in paths
        if route.about and not is_alias:
            yield route, route.about


class Forms:
    """JSON Schemas of types, each under its name in `components`."""

    def __init__(self, forms: Iterable[Any]) -> None:
        types = list({id(form): form for form in forms if isinstance(form, type)}.values())
        schemas, self.components = msgspec.json.schema_components(types, ref_template=REFERENCE)
        self._schemas = {id(type): schema for type, schema in zip(types, schemas, strict=True)}
        self.components["CreateBody"] |= {"required": ["model", "input"]}  # checked later, for a better sentence
        self.components["CreateBody"]["properties"] |= _NEEDED
        self.components["MediaList"] = _MEDIA

    def __call__(self, form: Any) -> Node:
        if isinstance(form, UnionType):
            return {"anyOf": [self(one) for one in get_args(form)]}
        return self._schemas[id(form)] if isinstance(form, type) else dict(form)


_NEEDED = {
    "model": {"type": "string", "enum": list(MODELS), "description": "GET /api/v1/models tells of each"},
    "input": {"$ref": REFERENCE.format(name="Input")},
}

_MEDIA = {
    "type": "array",
    "maxItems": 8,
    "items": {"$ref": REFERENCE.format(name=MediaEntry.__name__)},
    "description": "Each type once: first_frame, last_frame, driving_audio, first_clip",
}


def _forms(about: Operation) -> Iterator[Any]:
    for reply in about.replies:
        yield from get_args(reply.form) or (reply.form,)
    yield from (body.form for body in (about.body, about.form, about.refuses_in or FLAT) if body)


def _operation(path: str, about: Operation, forms: Forms) -> Node:
    told: Node = {"summary": about.summary}
    if about.about:
        told["description"] = about.about
    if parameters := [*_names_in(path), *_parameters(about)]:
        told["parameters"] = parameters
    if about.body:
        content = {
            media: its for body in (about.body, about.form) if body for media, its in _content(body, forms).items()
        }
        told["requestBody"] = {"required": True, "content": content}
    told["responses"] = {**_replies(about, forms), **_refusals(path, about, forms)}
    if about.is_keyed:
        told["security"] = [{"key": []}]
    return told


def _names_in(path: str) -> Iterator[Node]:
    for name in re.findall(r"{(\w+)}", path):
        yield {"name": name, "in": "path", "required": True, "schema": {"type": "string", "minLength": 1}}


def _parameters(about: Operation) -> Iterator[Node]:
    headers = (*about.headers, WORKSPACE) if about.is_keyed else about.headers
    for place, parameters in (("query", about.query), ("header", headers)):
        for one in parameters:
            needed = {"required": True} if one.is_required else {}
            yield {"name": one.name, "in": place, **needed, "description": one.about, "schema": one.schema}


def _content(body: Body, forms: Forms) -> Node:
    told: Node = {"schema": forms(body.form)}
    if body.examples:
        told["examples"] = {title: {"value": value} for title, value in body.examples.items()}
    return {body.media: told}


def _replies(about: Operation, forms: Forms) -> Node:
    told: Node = {}
    for reply in about.replies:
        content = {} if reply.form is None else {"content": _content(Body(reply.form, reply.media), forms)}
        told[str(reply.status)] = {"description": reply.about, **content}
    return told


def _refusals(path: str, about: Operation, forms: Forms) -> Node:
    """Each status with the codes that come with it, listed."""
    codes: dict[int, list[str]] = defaultdict(list)
    for table in (about.refusals, KEYED if about.is_keyed else {}, ON_A_NAME if "{" in path else {}, EVERY):
        for status, its in table.items():
            codes[status] += its
    return {str(status): _refusal(status, codes[status], about.refuses_in or FLAT, forms) for status in sorted(codes)}


def _refusal(status: int, codes: Sequence[str], form: Body, forms: Forms) -> Node:
    flat = {"properties": {"code": {"enum": list(dict.fromkeys(codes))}}} if form is FLAT else {}
    content = {form.media: {"schema": {**forms(form.form), **flat}}}
    wait = {"headers": {"Retry-After": {"description": "Seconds", "schema": {"type": "integer"}}}}
    return {"description": ", ".join(dict.fromkeys(codes)), **(wait if status == 429 else {}), "content": content}
