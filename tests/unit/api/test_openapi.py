"""The OpenAPI document: every route, every parameter that is read, and every reply as it really comes."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import httpx
import pytest

from dalang.api import admission
from dalang.api.app import PARTS
from dalang.api.create import EXAMPLES
from dalang.api.edge import Route
from dalang.api.files import unless_known
from dalang.api.openapi import described, document
from dalang.store import Outcome
from dalang.task import TaskStatus
from tests.unit.api.conftest import ASYNC, CONFORMITY, CREATE, DOCUMENT, FOX, Service, changed

ROUTES = [route for part in PARTS for route in part.routes]

OF_ALL = {"authorization", "x-dashscope-workspace", "content-type", "content-length", "host"}
"""Headers that are told once for all, or that HTTP itself has."""

BY_FRAMEWORK = {"range", "if-range"}
"""Read for us."""


def test_every_route_tells_of_itself_unless_it_refuses_every_call() -> None:
    silent = [route.path for route in ROUTES if route.about is None]
    assert silent == ["/api/v1/services/{path:path}"]


async def test_the_document_is_served_without_a_key(service: Service) -> None:
    async with service.client(key=None) as client:
        reply = await client.get("/openapi.json")
    assert (reply.status_code, reply.headers["content-type"]) == (200, "application/json")
    assert reply.json() == DOCUMENT


def test_every_path_without_its_slash_is_told_with_its_methods() -> None:
    told = {(path, method.upper()) for path, its in DOCUMENT["paths"].items() for method in its}
    served = {
        (route.path.rstrip("/"), method)
        for route in ROUTES
        if route.about
        for method in route.methods
        if method != "HEAD"
    }
    assert told - served == {("/openapi.json", "GET")}
    assert served <= told


def test_operations_have_names_of_their_own() -> None:
    names = [operation["operationId"] for its in DOCUMENT["paths"].values() for operation in its.values()]
    assert len(set(names)) == len(names)


# Parameters


SHARED = {"admit": admission, "unless_known": unless_known}
"""By the names that other modules take them by: what reads headers for them."""


def read_names(part: ModuleType, what: str) -> set[str]:
    """The names that a module asks `request.query_params` or `request.headers` for, itself or by what
    it takes from others; `asked` is the former there."""
    owners = {"query_params": ("query_params", "asked"), "headers": ("headers", "headers_of")}[what]

    def reads(call: ast.Call) -> bool:
        function = call.func
        if not (isinstance(function, ast.Attribute) and function.attr == "get"):
            return False
        owner = function.value.func if isinstance(function.value, ast.Call) else function.value
        return (owner.attr if isinstance(owner, ast.Attribute) else getattr(owner, "id", "")) in owners

    shared = [source for name, source in SHARED.items() if name in vars(part)]
    trees = [ast.parse(inspect.getsource(source)) for source in (part, *shared)]
    calls = [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Call)]
    names = [call.args[0] for call in calls if reads(call)]
    return {str(name.value) for name in names if isinstance(name, ast.Constant)}


def told_names(part: ModuleType, what: str) -> set[str]:
    return {parameter.name for route in part.routes if route.about for parameter in getattr(route.about, what)}


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.__name__.rpartition(".")[2])
def test_what_is_told_of_the_query_string_and_headers_is_what_is_read(part: ModuleType) -> None:
    assert told_names(part, "query") == read_names(part, "query_params")
    told = {name.lower() for name in told_names(part, "headers")}
    read = read_names(part, "headers") - OF_ALL
    assert told - BY_FRAMEWORK == read


def test_the_search_for_parameters_finds_some() -> None:
    found = set().union(*(read_names(part, "query_params") for part in PARTS))
    assert {"wait", "page_no", "Signature", "month", "action"} <= found


# Bodies and replies


@pytest.mark.parametrize("title", EXAMPLES)
async def test_the_examples_are_accepted(client: httpx.AsyncClient, title: str) -> None:
    reply = await client.post(CREATE, json=EXAMPLES[title], headers=ASYNC)
    assert reply.status_code == 200, reply.text


def references(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        if isinstance(node.get("$ref"), str):
            yield node["$ref"]
        for its in node.values():
            yield from references(its)
    elif isinstance(node, list):
        for item in node:
            yield from references(item)


def test_every_form_that_is_named_is_there_and_every_one_is_used() -> None:
    named = {reference.rpartition("/")[2] for reference in references(DOCUMENT)}
    assert named == set(DOCUMENT["components"]["schemas"])


async def queried(client: httpx.AsyncClient, task_id: str) -> dict[str, Any]:
    """Held against the document by the client itself."""
    reply = await client.get(f"/api/v1/tasks/{task_id}")
    return dict(reply.json()["output"])


async def test_each_state_has_the_fields_that_are_told_and_no_other(
    service: Service, client: httpx.AsyncClient
) -> None:
    fails = await service.created(client, changed(FOX, model="wan2.5-t2v-preview"))
    seen = [await queried(client, fails)]
    task = await service.start()
    seen.append(await queried(client, fails))
    await service.store.finish(
        task, Outcome(TaskStatus.FAILED, code="InternalError.Algo", message="inference internal error.")
    )
    seen.append(await queried(client, fails))
    canceled = await service.created(client)
    await client.post(f"/api/v1/tasks/{canceled}/cancel")
    seen.append(await queried(client, canceled))
    succeeds = await service.created(client)
    await service.succeed(await service.start())
    seen += [await queried(client, succeeds), await queried(client, "nobody's")]
    assert {output["task_status"] for output in seen} == set(TaskStatus)
    for output in seen:
        told = DOCUMENT["components"]["schemas"][output["task_status"].capitalize()]["properties"]
        assert set(told) - set(output) <= {"actual_prompt"}, f"fields of {output['task_status']} that never come"


@pytest.mark.parametrize(
    "path", ["tasks", "models", "models/wan2.7-i2v", "usage", "uploads?action=getPolicy&model=wan2.6-i2v"]
)
async def test_what_is_ours_to_list_comes_as_told(service: Service, client: httpx.AsyncClient, path: str) -> None:
    await service.created(client)
    await service.succeed(await service.start())
    reply = await client.get(f"/api/v1/{path}")
    assert reply.status_code == 200
    assert CONFORMITY.faults(reply) == []


async def test_a_field_that_is_not_told_is_a_fault(client: httpx.AsyncClient) -> None:
    reply = await client.get("/api/v1/tasks")
    more = httpx.Response(200, json={**reply.json(), "more": 1}, request=reply.request)
    assert CONFORMITY.faults(more)
    assert CONFORMITY.faults(httpx.Response(418, request=reply.request))
    assert CONFORMITY.faults(httpx.Response(200, text="[]", request=reply.request))


def test_the_document_is_made_of_the_routes() -> None:
    more = Route("/api/v1/more", ROUTES[0].endpoint, about=ROUTES[0].about)
    routes = [*ROUTES, more]
    assert "/api/v1/more" in document([*routes, described(routes)])["paths"]
