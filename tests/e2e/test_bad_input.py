"""Requests that are wrong: each is answered with the documented error, within its limit of memory, and the server
goes on."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from tests.e2e.running import CREATE, KEY, Server, dalang, memory, task_id

MB = 1 << 20

BODY_LIMIT = 300 * MB
"""The server's memory at its highest, whatever bodies it was sent: twice its budget of 64 MB for bodies is in use while
JSON and base64 are decoded, beside some 60 MB of its own."""

GOOD = {"model": "wan2.1-t2v-turbo", "input": {"prompt": "a card"}, "parameters": {"size": "832*480"}}


def changed(**fields: Any) -> dict[str, Any]:
    return GOOD | fields


WRONG: dict[str, tuple[object, str]] = {
    "no JSON": (b"{", "InvalidParameter"),
    "nothing": (b"", "InvalidParameter"),
    "no UTF-8": (b'{"model": "\xff\xfe"}', "InvalidParameter"),
    "a list": ([], "InvalidParameter"),
    "a string": ("wan2.6-t2v", "InvalidParameter"),
    "null": (None, "InvalidParameter"),
    "nested too deep": (b'{"model":' * 100_000, "InvalidParameter"),
    "no model": ({"input": {"prompt": "a card"}}, "BadRequest.EmptyModel"),
    "no input": ({"model": "wan2.6-t2v"}, "BadRequest.EmptyInput"),
    "input of a wrong type": (changed(input="a card"), "BadRequest.IllegalInput"),
    "an unknown model": (changed(model="wan9"), "InvalidParameter"),
    "a model of a wrong type": (changed(model=26), "InvalidParameter"),
    "a prompt of a wrong type": (changed(input={"prompt": ["a card"]}), "InvalidParameter"),
    "parameters of a wrong type": (changed(parameters=[1]), "InvalidParameter"),
    "no words": (changed(input={"prompt": " \n "}), "InvalidParameter"),
    "a size nobody offers": (changed(parameters={"size": "9999999999*1"}), "InvalidParameter"),
    "a size in words": (changed(parameters={"size": "720P"}), "InvalidParameter"),
    "a duration beyond the model": (changed(parameters={"duration": 10**30}), "InvalidParameter"),
    "a duration that is no number": (changed(parameters={"duration": "5"}), "InvalidParameter"),
    "a negative seed": (changed(parameters={"seed": -1}), "InvalidParameter"),
    "a seed beyond 31 bits": (changed(parameters={"seed": 2**31}), "InvalidParameter"),
    "an image model without image": (changed(model="wan2.1-i2v-turbo", parameters={}), "InvalidParameter"),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_body_answers_400_flat_with_its_code(server: Server, case: str) -> None:
    body, code = WRONG[case]
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    reply = server.http.post(CREATE, content=content, headers={"Content-Type": "application/json"})
    assert reply.status_code == 400
    assert set(reply.json()) == {"code", "message", "request_id"}
    assert reply.json()["code"] == code
    assert reply.json()["message"]


def test_a_million_characters_of_prompt_are_cut_like_any_other(server: Server) -> None:
    task = server.create("字a" * 500_000)
    assert len(server.succeed(task)["orig_prompt"]) == 800


@pytest.mark.parametrize("authorization", [None, "", "Bearer", "Basic c2s6", "sk-end-to-end"])
def test_no_key_answers_401(server: Server, authorization: str | None) -> None:
    headers = {} if authorization is None else {"Authorization": authorization}
    for path in ("/api/v1/tasks/x", "/api/v1/tasks/", "/api/v1/tasks/x/cancel"):
        reply = server.client(None).get(path, headers=headers)
        assert reply.status_code == 401
        assert (reply.json()["code"], reply.json()["message"]) == ("InvalidApiKey", "No API-key provided.")


def test_a_wrong_key_answers_401(server: Server) -> None:
    reply = server.client("sk-wrong").post(CREATE, json=GOOD)
    assert reply.status_code == 401
    assert reply.json()["message"] == "Invalid API-key provided."


def test_a_create_that_does_not_ask_for_a_task_answers_403(server: Server) -> None:
    reply = server.http.post(CREATE, json=GOOD, headers={"X-DashScope-Async": "disable"})
    assert (reply.status_code, reply.json()["code"]) == (403, "AccessDenied")


PATHS = [
    "..%2F..%2Fsecret",
    "%2Fetc%2Fpasswd",
    "..",
    "%00",
    "x" * 5000,
    "' OR 1=1 --",
    "01A2004C-70E8-70EC-A5DD-F6ECF467E5B1",
]


@pytest.mark.parametrize("path", PATHS)
def test_a_path_in_a_task_id_reaches_nothing(server: Server, path: str) -> None:
    found = server.http.get(f"/api/v1/tasks/{path}")
    assert found.status_code in (200, 400, 404)
    if found.status_code == 200:
        assert found.json().get("data", []) == [] or path == ".."
        assert found.json().get("output", {"task_status": "UNKNOWN"})["task_status"] == "UNKNOWN"
    assert server.http.post(f"/api/v1/tasks/{path}/cancel").status_code in (400, 404)


def test_paths_that_are_not_there_answer_in_the_protocol_s_words(server: Server) -> None:
    reply = server.http.get("/api/v1/nowhere")
    assert (reply.status_code, reply.json()["code"]) == (404, "NotFound")
    reply = server.http.put(CREATE)
    assert (reply.status_code, reply.json()["code"]) == (400, "InvalidParameter")


@pytest.mark.parametrize(
    "query",
    [
        "page_no=0",
        "page_size=-1",
        "page_no=a",
        "page_no=9" * 40,
        "status=DONE",
        "start_time=yesterday",
        "start_time=20250101000000&end_time=20250301000000",
    ],
)
def test_a_wrong_list_query_answers_400(server: Server, query: str) -> None:
    assert server.http.get(f"/api/v1/tasks/?{query}").json()["code"] == "InvalidParameter"


@pytest.fixture(scope="module")
def stranger(server: Server) -> str:
    """The key of another account, made while the server runs."""
    made = dalang("keys", "create", "--data", server.data, "--account", "another")
    assert made.returncode == 0, made.stderr
    return made.stdout.strip()


def test_another_account_s_task_does_not_exist(server: Server, stranger: str) -> None:
    task = server.create()
    other = server.client(stranger)
    assert other.get(f"/api/v1/tasks/{task}").json()["output"] == {"task_id": task, "task_status": "UNKNOWN"}
    refused = other.post(f"/api/v1/tasks/{task}/cancel", headers={"X-Dalang-Cancel": "any"})
    assert refused.json()["code"] == "UnsupportedOperation"
    assert other.post(f"/api/v1/tasks/{task}/retry").status_code == 404
    assert task not in other.get("/api/v1/tasks/").text
    server.succeed(task)
    assert other.get(f"/api/v1/tasks/{task}").json()["output"]["task_status"] == "UNKNOWN"


def test_a_revoked_key_is_refused_at_once(server: Server) -> None:
    key = dalang("keys", "create", "--data", server.data, "--name", "lent").stdout.strip()
    assert server.client(key).get("/api/v1/tasks/").status_code == 200
    rows = [line for line in dalang("keys", "list", "--data", server.data).stdout.splitlines() if "lent" in line]
    assert dalang("keys", "revoke", rows[0].split()[0], "--data", server.data).returncode == 0
    assert server.client(key).get("/api/v1/tasks/").status_code == 401


# Bodies that are large


def flow(size: int, head: bytes = b"", tail: bytes = b"") -> Iterator[bytes]:
    """`size` bytes, most of them the letter A, without ever having them all."""
    yield head
    left, block = size - len(head) - len(tail), b"A" * MB
    while left > 0:
        yield block[:left]
        left -= MB
    yield tail


def send(server: Server, size: int, head: bytes = b"", tail: bytes = b"") -> httpx.Response:
    with server.client(KEY) as client:
        return client.post(CREATE, content=flow(size, head, tail), headers={"Content-Length": str(size)})


def test_a_body_of_100_mb_answers_413(server: Server) -> None:
    reply = send(server, 100 * MB)
    assert (reply.status_code, reply.json()["code"]) == (413, "InvalidParameter")
    assert memory(server.pid)[1] < BODY_LIMIT


def test_a_body_of_100_mb_that_does_not_say_so_answers_413(server: Server) -> None:
    with server.client(KEY) as client:
        reply = client.post(CREATE, content=flow(100 * MB))
    assert (reply.status_code, reply.json()["code"]) == (413, "InvalidParameter")
    assert memory(server.pid)[1] < BODY_LIMIT


HEAD = (
    f"POST {CREATE} HTTP/1.1\r\nHost: dalang\r\nAuthorization: Bearer {KEY}\r\nX-DashScope-Async: enable\r\n"
).encode()
IMAGE = b'{"model":"wan2.6-i2v","input":{"img_url":"data:image/png;base64,'
WRONG_SIZE = b'"},"parameters":{"resolution":"1P"}}'
RIGHT = b'"},"parameters":{}}'


def test_fifty_bodies_of_27_mb_at_once_are_all_answered_in_bounded_memory(server: Server) -> None:
    size = 27 * 10**6
    size -= (size - len(IMAGE) - len(RIGHT)) % 4
    tails = [RIGHT] * 2 + [WRONG_SIZE] * 48
    with ThreadPoolExecutor(len(tails)) as threads:
        sent = [threads.submit(send, server, size + len(tail) - len(RIGHT), IMAGE, tail) for tail in tails]
        replies = [one.result() for one in sent]
    assert [reply.status_code for reply in replies] == [200] * 2 + [400] * 48, {reply.text for reply in replies}
    for reply in replies[:2]:
        assert server.fail(task_id(reply))["code"] == "InvalidImage.FileFormat"
    assert memory(server.pid)[1] < BODY_LIMIT


def test_clients_that_stall_and_hang_up_hold_nobody_up(server: Server) -> None:
    """Two that announce the most a body may have take the whole budget, until they are gone."""
    port = int(server.url.rpartition(":")[2])
    stalled = [socket.create_connection(("127.0.0.1", port)) for _ in range(2)]
    for connection in stalled:
        connection.sendall(HEAD + b"Content-Length: %d\r\n\r\n{" % (32 * MB))
    server.succeed(server.create())
    for connection in stalled:
        connection.close()
    assert send(server, 27 * MB, IMAGE, WRONG_SIZE).status_code == 400
