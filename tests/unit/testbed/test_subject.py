"""Requests are told apart as the routes of the server tell them apart."""

from __future__ import annotations

import re

import pytest

from dalang.api import create, files, query, tasks, uploads, videos
from dalang.api.app import PARTS
from dalang.testbed.subject import classify, is_aside

KINDS = {
    create.create: "create",
    create.retry: "retry",
    query.query: "query",
    query.events: "events",
    tasks.list_tasks: "list",
    tasks.cancel: "cancel",
    uploads.upload_policy: "policy",
    uploads.upload: "upload",
    files.download: "download",
    videos.create_video: "create",
    videos.retrieve_video: "query",
    videos.list_videos: "list",
    videos.video_content: "download",
    videos.delete_video: "delete",
}

ROUTES = [(method, route) for part in PARTS for route in part.routes for method in route.methods]


@pytest.mark.parametrize(("method", "route"), ROUTES, ids=lambda part: part if isinstance(part, str) else part.path)
def test_every_route_has_its_kind(method: str, route: tasks.Route) -> None:
    path = re.sub(r"{(\w+)(:path)?}", r"a-\1", route.path.replace("{video_id}", "video_{task_id}"))
    subject = classify(method, path)
    assert subject.call == KINDS.get(route.endpoint, "other")
    assert subject.task_id == ("a-task_id" if "a-task_id" in path else None)


@pytest.mark.parametrize("video_id", ["video_", "task-1", "videotask-1"])
def test_what_is_no_video_s_identifier_names_no_task(video_id: str) -> None:
    subject = classify("GET", f"/v1/videos/{video_id}")
    assert (subject.call, subject.task_id) == ("query", None)


def test_another_method_is_another_thing() -> None:
    assert classify("OPTIONS", "/uploads").call == "other"


@pytest.mark.parametrize("path", ["/dalang/test/reset", "/healthz", "/readyz", "/metrics", "/openapi.json"])
def test_controls_and_probes_stand_aside(path: str) -> None:
    assert is_aside(path)


@pytest.mark.parametrize("path", ["/api/v1/tasks", "/dalang/tests", "/", "/nowhere"])
def test_all_else_is_watched(path: str) -> None:
    assert not is_aside(path)
