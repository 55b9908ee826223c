"""What is kept of a call."""

from __future__ import annotations

import msgspec
import pytest

from dalang.testbed import journal as module
from dalang.testbed.journal import Entry, Journal
from dalang.testbed.subject import Subject
from tests.samples import IMAGE, TEXT

CREATE = Subject("create", "POST", "/create")


@pytest.fixture
def journal() -> Journal:
    return Journal()


def begin(journal: Journal, request_id: str, *headers: tuple[bytes, bytes], query: bytes = b"") -> Entry:
    return journal.begin(CREATE, {"headers": list(headers), "query_string": query}, request_id, 1000)


def numbers(journal: Journal, since: int = 0) -> list[int]:
    return [call.number for call in journal.since(since)]


def test_calls_are_numbered_as_they_come(journal: Journal) -> None:
    for name in "abc":
        begin(journal, name)
    assert numbers(journal) == [1, 2, 3]
    assert numbers(journal, since=2) == [3]


def test_what_becomes_known_later_is_written_where_the_call_stands(journal: Journal) -> None:
    first = begin(journal, "a")
    begin(journal, "b")
    first.amend(status=200)
    journal.order("a", "task-1", TEXT)
    call = journal.since(0)[0]
    assert (call.number, call.at, call.status, call.task_id, call.request) == (1, 1000, 200, "task-1", TEXT)


def test_media_are_told_as_they_were_sent(journal: Journal) -> None:
    """Nobody knows the name under which they are stored."""
    sent = begin(journal, "r")
    sent.amend(request=msgspec.structs.replace(IMAGE, image="data:image/png;base64,AAAA", seed=-1))
    journal.order("r", "t", msgspec.structs.replace(IMAGE, image="input:t/image", seed=7))
    told = sent.call.request
    assert told
    assert (told.image, told.seed) == ("data:image/png;base64,AAAA", 7)


def test_an_order_of_a_call_that_is_forgotten_changes_nothing(journal: Journal) -> None:
    begin(journal, "a")
    journal.order("b", "task-1", TEXT)
    assert journal.since(0)[0].task_id is None


def test_after_clearing_it_begins_anew_and_late_news_change_nothing(journal: Journal) -> None:
    late = begin(journal, "a")
    journal.clear()
    begin(journal, "b")
    late.amend(status=500)
    assert [(call.number, call.status) for call in journal.since(0)] == [(1, None)]


def test_the_oldest_go(journal: Journal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "CALLS", 3)
    for name in "abcde":
        begin(journal, name)
    assert numbers(journal) == [3, 4, 5]


def test_no_key_is_kept(journal: Journal) -> None:
    entry = begin(
        journal,
        "a",
        (b"Authorization", b"Bearer sk-secret"),
        (b"cookie", b"secret"),
        (b"Proxy-Authorization", b"secret"),
        (b"X-DashScope-Async", b"enable"),
    )
    assert entry.call.headers == {"x-dashscope-async": "enable"}


def test_queries_are_told_by_name(journal: Journal) -> None:
    assert begin(journal, "a", query=b"wait=3&size=1280*720&empty=").call.query == {
        "wait": "3",
        "size": "1280*720",
        "empty": "",
    }
