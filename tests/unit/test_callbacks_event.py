"""What is sent, where, and when again: the pure parts."""

from __future__ import annotations

import base64
import hmac
import json
import time

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from dalang.callbacks import check_callback_url
from dalang.callbacks.event import finish_event
from dalang.callbacks.schedule import DELAYS, LONGEST_WISH, next_try
from dalang.callbacks.signature import signed
from dalang.errors import InvalidParameter
from dalang.keys import webhook_secret
from dalang.task import TaskStatus
from tests.clock import START, ManualClock
from tests.samples import IMAGE, text_task
from tests.unit.fetch.corpus import GOOD, NO_ADDRESS

SECOND, MINUTE, HOUR = 1000, 60_000, 3_600_000


def test_an_event_is_the_documented_one_in_cloudevents_structured_mode(clock: ManualClock) -> None:
    task = text_task(
        clock, status=TaskStatus.SUCCEEDED, scheduled=clock() + 1500, ended=clock() + 61_500, region="cn-beijing"
    )
    assert json.loads(finish_event(task)) == {
        "specversion": "1.0",
        "id": task.id,
        "source": "acs.dashscope",
        "type": "dashscope:System:AsyncTaskFinish",
        "subject": task.id,
        "time": "2025-09-25T03:08:30.090+00:00",
        "datacontenttype": "application/json",
        "data": {
            "start_time": "2025-09-25 11:07:30",
            "end_time": "2025-09-25 11:08:30",
            "user_api_unique_key": "apikey:v1:aigc:text2video:video-synthesis:wan2.6-t2v",
            "task_status": "SUCCEEDED",
            "contain_result": True,
            "task_id": task.id,
            "region": "cn-beijing",
            "request_id": task.request_id,
            "api_key_id": "key-1",
        },
    }


@pytest.mark.parametrize("status", [TaskStatus.FAILED, TaskStatus.CANCELED])
def test_a_task_without_a_video_says_so(clock: ManualClock, status: TaskStatus) -> None:
    data = json.loads(finish_event(text_task(clock, status=status, ended=clock())))["data"]
    assert (data["task_status"], data["contain_result"]) == (status, False)


def test_a_task_that_never_ran_began_when_it_was_submitted(clock: ManualClock) -> None:
    task = text_task(clock, status=TaskStatus.CANCELED, ended=clock() + 5000, request=IMAGE)
    data = json.loads(finish_event(task))["data"]
    assert (data["start_time"], data["end_time"]) == ("2025-09-25 11:07:28", "2025-09-25 11:07:33")
    assert data["user_api_unique_key"] == "apikey:v1:aigc:image2video:video-synthesis:wan2.6-i2v"


# The signature

BODY = b'{"a": "\xc3\xbc"}'


def test_the_reference_implementation_takes_what_we_sign() -> None:
    secret = webhook_secret(b"the data folder's", "key-1")
    headers = signed(secret, "task-1", int(time.time()), BODY)
    assert Webhook(secret).verify(BODY, headers) == {"a": "ü"}


@pytest.mark.parametrize("change", ["body", "webhook-id", "webhook-timestamp", "secret"])
def test_the_reference_implementation_refuses_what_was_changed(change: str) -> None:
    now = int(time.time())
    secret = webhook_secret(b"the data folder's", "key-1")
    headers = signed(secret, "task-1", now, BODY)
    changed = {"webhook-id": "task-2", "webhook-timestamp": str(now - 1)}
    headers |= {change: changed[change]} if change in changed else {}
    body = b"{}" if change == "body" else BODY
    reader = Webhook(webhook_secret(b"the data folder's", "key-2") if change == "secret" else secret)
    with pytest.raises(WebhookVerificationError):
        reader.verify(body, headers)


def test_a_signature_is_of_id_time_and_body_with_dots_between() -> None:
    """As the specification has it, by hand."""
    key = b"0123456789abcdef0123456789abcdef"
    headers = signed("whsec_" + base64.b64encode(key).decode(), "msg_1", 1_700_000_000, b"{}")
    expected = base64.b64encode(hmac.digest(key, b"msg_1.1700000000.{}", "sha256")).decode()
    assert headers == {
        "webhook-id": "msg_1",
        "webhook-timestamp": "1700000000",
        "webhook-signature": f"v1,{expected}",
    }


# When again


def test_the_waits_are_those_that_standard_webhooks_proposes(clock: ManualClock) -> None:
    """With up to a tenth on top; 75 hours and a half in all."""
    task = text_task(clock)
    waits = [(next_try(task, tries, START) or 0) - START for tries in range(1, 10)]
    proposed = [5 * SECOND, 5 * MINUTE, *(round(hours * HOUR) for hours in (0.5, 2, 5, 10, 14, 20, 24))]
    assert all(least <= wait <= 1.1 * least for wait, least in zip(waits, proposed, strict=True))
    assert next_try(task, 10, START) is None


def test_what_fails_together_does_not_come_back_together(clock: ManualClock) -> None:
    tasks = [text_task(clock) for _ in range(50)]
    assert len({next_try(task, 2, START) for task in tasks}) > 40
    assert next_try(tasks[0], 2, START) == next_try(tasks[0], 2, START)


def test_no_try_is_made_for_a_task_that_will_have_expired(clock: ManualClock) -> None:
    at = next_try(task := text_task(clock), 1, START) or 0
    assert next_try(text_task(clock, id=task.id, expires=at + 1), 1, START) == at
    assert next_try(text_task(clock, id=task.id, expires=at), 1, START) is None


WISHES = {
    "600": 600 * SECOND,
    " 600 ": 600 * SECOND,
    "Thu, 25 Sep 2025 03:17:28 GMT": 600 * SECOND - 590,
    "1": None,
    "0": None,
    "-600": None,
    "6e9": None,
    "soon": None,
    "": None,
    "６００": None,
    "Thu, 25 Sep 2025 02:00:00 GMT": None,
    "Thu, 25 Sep 2025 03:17:28 -0000": 600 * SECOND - 590,
    "9999999": LONGEST_WISH,
    "9" * 5000: LONGEST_WISH,
    "Fri, 25 Sep 2099 03:07:28 GMT": LONGEST_WISH,
    "Fri, 31 Dec 9999 23:59:59 -2359": LONGEST_WISH,
    "Mon, 01 Jan 0001 00:00:00 +2359": None,
}
"""Retry-After → the wait it makes; None where the schedule's own stays."""


@pytest.mark.parametrize("wish", WISHES, ids=range(len(WISHES)))
def test_a_wish_for_more_patience_is_heeded_within_bounds(clock: ManualClock, wish: str) -> None:
    task = text_task(clock)
    own = next_try(task, 1, START) or 0
    wait = WISHES[wish]
    assert next_try(task, 1, START, wish) == (own if wait is None else START + wait)


def test_the_schedule_s_own_wait_is_never_shortened(clock: ManualClock) -> None:
    task = text_task(clock)
    assert next_try(task, len(DELAYS), START, "60") == next_try(task, len(DELAYS), START)


# Where


@pytest.mark.parametrize("url", [url for url in GOOD if url.isascii()])
def test_a_good_address_is_returned_as_it_is(url: str) -> None:
    assert check_callback_url(url) == url


@pytest.mark.parametrize("url", NO_ADDRESS, ids=range(len(NO_ADDRESS)))
def test_what_is_no_address_is_refused_at_create(url: str) -> None:
    with pytest.raises(InvalidParameter) as caught:
        check_callback_url(url)
    assert caught.value.message.startswith("The callback address is not usable. ")
    assert "secret" not in caught.value.message


REFUSED = {
    "http://photos.example/" + "a" * 2048: "2048 characters",
    "http://photos.example/#a": "fragment",
    "http://photos.example/a b": "ASCII",
    "http://photos.example/ü": "ASCII",
    "http://bücher.example/": "ASCII",
    "http://photos.example/\x1b": "ASCII",
    "http://user@photos.example/": "user name",
    "ftp://photos.example/": "http://",
    "http://127.0.0.1\\.photos.example/": "no host name",
}


@pytest.mark.parametrize("url", REFUSED, ids=range(len(REFUSED)))
def test_a_refusal_says_what_is_wrong(url: str) -> None:
    with pytest.raises(InvalidParameter) as caught:
        check_callback_url(url)
    assert REFUSED[url] in caught.value.message
