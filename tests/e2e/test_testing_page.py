"""docs/testing.md without the official SDK: what it says is so, and its examples do what it says."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from dalang.testbed import controls, magic
from dalang.testing import Server, by_hand, server
from tests.e2e import page, workflow

TEXT = page.PAGE.read_text(encoding="utf-8")

OVER_HTTP = "The controls over HTTP"

BESIDE_A_SERVER = "with-dalang.sh"

JSON = re.compile(r"`(\{[^`]*\})`")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """With all that is not pytest's."""
    names = [name for name in page.files() if not name.startswith(("test_", "conftest"))]
    return page.lay_out(tmp_path_factory.mktemp("page"), names)


@pytest.fixture(scope="module")
def dalang() -> Iterator[Server]:
    with server() as dalang:
        yield dalang


def rows(section: str, columns: int) -> list[list[str]]:
    """Of all tables in a section that have so many columns."""
    text = re.split(r"^##", TEXT.split(f"\n## {section}\n")[1], maxsplit=1, flags=re.M)[0]
    lines = re.findall(r"^\|(.+)\|$", text, re.M)
    return [cells for cells in ([cell.strip() for cell in line.split("|")] for line in lines) if len(cells) == columns]


def test_each_block_is_run_by_somebody() -> None:
    """Test files are, whatever their name; others by it. What has none is a command, or what one prints."""
    tests = [Path(__file__), Path(workflow.__file__), Path(__file__).parent / "sdk" / "test_testing_page.py"]
    sources = "".join(file.read_text(encoding="utf-8") for file in tests)
    named = [name for name in page.files() if not name.startswith("test_")]
    assert [name for name in named if f'{name}"' not in sources] == []
    others = {
        " ".join(block.text.split()[:2]) for block in page.blocks() if not block.file and block.language != "text"
    }
    assert others == {"pip install", f"sh {BESIDE_A_SERVER}"}


def test_links_within_the_page_lead_somewhere() -> None:
    titles = {re.sub(r"[^\w -]", "", title).lower().replace(" ", "-") for title in re.findall(r"^#+ (.+)$", TEXT, re.M)}
    assert set(re.findall(r"\]\(#(.+?)\)", TEXT)) <= titles


def test_every_method_of_a_server_is_named() -> None:
    public = {name for name in vars(Server) if not name.startswith("_")}
    assert {name for name in public if not re.search(rf"\b{name}\b", TEXT)} == set()


# Python


AS_THE_CLOUD = """
def test_bad_sizes_are_accepted_at_first(dalang_server):
    with dalang_server.client() as client:
        assert client.create("A fox", model="wan2.6-t2v", size="1*1").status == "PENDING"
"""


def test_settings_of_a_project_reach_its_server(tmp_path: Path) -> None:
    page.lay_out(tmp_path, ["conftest.py"])
    (tmp_path / "test_as_the_cloud.py").write_text(AS_THE_CLOUD)
    done = page.run(["pytest", "test_as_the_cloud.py"], tmp_path)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(("command", "status"), [("python first.py", 0), ("sh check.sh", 1), ("sh charge.sh", 0)])
def test_a_command_prints_what_is_shown(command: str, status: int, folder: Path) -> None:
    program, file = command.split()
    done = page.run([program, file], folder)
    assert (done.stdout, done.returncode) == (page.output_of(file), status)


# Other languages


def beside(command: str, program: str, folder: Path) -> str:
    """What the page's line that runs this command beside a server prints; skips where there is no such program."""
    if shutil.which(program) is None:
        pytest.skip(f"there is no {program} on this machine")
    (line,) = [block.text for block in page.blocks() if block.text == f"sh {BESIDE_A_SERVER} {command}\n"]
    done = page.run(["bash", "-c", line], folder)
    assert done.returncode == 0, done.stdout
    return done.stdout


def test_curl_is_answered_with_what_was_asked(folder: Path) -> None:
    created, calls = map(json.loads, beside("sh video.sh", "curl", folder).splitlines())
    assert created["output"]["task_status"] == "PENDING"
    assert [call["task_id"] for call in calls["calls"]] == [created["output"]["task_id"]]


def test_a_dry_run_tells_of_problems_and_makes_no_task(folder: Path) -> None:
    reply = json.loads(beside("sh dry.sh", "curl", folder))
    assert [problem["nearest"] for problem in reply["output"]["dalang"]["problems"]] == [[5]]
    assert "task_id" not in reply["output"]


def test_node_passes_its_tests(folder: Path) -> None:
    printed = beside("node --test", "node", folder)
    assert re.search(r"\bpass 2\b", printed), printed


def test_java_passes_its_test(folder: Path) -> None:
    beside("java Example.java", "java", folder)


def test_the_status_of_a_command_is_kept(folder: Path) -> None:
    done = page.run(["sh", BESIDE_A_SERVER, "sh", "-c", "exit 3"], folder)
    assert done.returncode == 3, done.stdout


# Tables


def test_the_words_of_magic_are_those_that_are_read() -> None:
    assert magic.markdown() in TEXT


def control_calls() -> list[tuple[str, list[str]]]:
    """`METHOD path`, and the bodies that are shown of it."""
    told = [(call.strip("`"), JSON.findall(body)) for call, body, _ in rows(OVER_HTTP, 3)]
    return [(call, bodies) for call, bodies in told if "/" in call]


def effects() -> list[str]:
    return [then for cell, _ in rows(OVER_HTTP, 2) for then in JSON.findall(cell)]


def test_every_control_is_told() -> None:
    routes = controls.routes(None)  # type: ignore[arg-type]
    known = {f"{method} {route.path}" for route in routes for method in route.methods or () if method != "HEAD"}
    assert {call.partition("?")[0] for call, _ in control_calls()} == known


@pytest.mark.parametrize(("call", "bodies"), control_calls(), ids=lambda value: value if isinstance(value, str) else "")
def test_a_control_takes_what_is_shown(call: str, bodies: list[str], dalang: Server) -> None:
    method, path = call.split()
    for body in bodies or [""]:
        dalang.reset()
        dalang.transition(pending=by_hand, running=by_hand)
        with dalang.client() as client:
            task = client.create("A fox", model="wan2.1-t2v-turbo", size="832*480").id
        fault = httpx.post(f"{dalang.url}/dalang/test/faults", content=b'{"then": {"do": "forget"}}').json()["id"]
        reply = httpx.request(method, dalang.url + path.format(task_id=task, id=fault), content=body)
        assert reply.status_code == 200, reply.text


@pytest.mark.parametrize("then", effects())
def test_an_effect_is_taken_as_it_is_shown(then: str, dalang: Server) -> None:
    declared = httpx.post(f"{dalang.url}/dalang/test/faults", content=f'{{"then": {then}}}')
    assert declared.status_code == 200, declared.text
    assert set(declared.json()["fault"]["then"]) <= set(json.loads(then)), "all that there is to say is shown"


# The workflow


@pytest.mark.skipif(not (shutil.which("node") and shutil.which("java")), reason="it takes node and java")
def test_the_workflow_of_other_languages_passes(tmp_path: Path) -> None:
    page.lay_out(tmp_path, ["video.test.mjs", "Example.java"])
    workflow.run("others", tmp_path)


def test_workflows_install_as_the_page_says() -> None:
    first = page.blocks()[0].text.strip()
    jobs = [workflow.commands(job)[0] for job in ("python", "others")]
    assert all(job.startswith("pip install ./vendor/dalang") for job in (first, *jobs))
