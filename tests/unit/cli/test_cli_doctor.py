"""`dalang doctor` on machines that are pretended."""

import json
import socket

import pytest
from tests.unit.weights.mirror import mirror

from dalang.cli import doctor, main
from dalang.cli.diagnosis import INSTALL, NEEDED
from dalang.config import load
from dalang.weights.machine import Gpu, Gpus, Machine

TORCH = dict.fromkeys(NEEDED, "1.0") | {"torch": "2.13.0"}


def machine_of(*gpus, ram=256.0):
    return Machine(16, ram, Gpus(gpus, None if gpus else "There is no nvidia-smi."))


H100 = Gpu("GPU-a", "NVIDIA H100 80GB HBM3", 85.5, "570.86.15")
RTX = Gpu("GPU-b", "NVIDIA GeForce RTX 4090", 25.8, "570.86.15")


@pytest.fixture
def pretend(monkeypatch):
    """A machine with a large disk, and what is installed on it."""

    def install(machine, packages=TORCH):
        monkeypatch.setattr(doctor, "machine", lambda: machine)
        monkeypatch.setattr(doctor, "version", packages.get)
        monkeypatch.setattr(doctor, "room", lambda _: 1000.0)

    return install


@pytest.fixture
def port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def run(capsys, *flags):
    assert main(["doctor", *flags]) == 0
    return capsys.readouterr().out


def row(out, name):
    return next(line for line in out.splitlines() if line.startswith(name))


def steps(out):
    return out.partition("Next:\n")[2]


def here(tmp_path, *names):
    for name in names:
        (tmp_path / "data" / "weights" / name).mkdir(parents=True)
        (tmp_path / "data" / "weights" / name / "model_index.json").write_text("{}")


def test_a_machine_without_a_gpu_is_told_what_draws(capsys, pretend):
    pretend(machine_of(), {})
    out = run(capsys)
    assert "There is no nvidia-smi." in out
    assert "the animatic draws" in steps(out)
    assert "pull" not in steps(out)


def test_what_is_published_is_told_with_its_source(capsys, pretend):
    pretend(machine_of(H100))
    out = run(capsys)
    assert row(out, "wan2.2-t2v-a14b").split()[-5:] == ["full", "1041", "s", "at", "720P"]
    assert "Published, not measured here: H100: Wan2.2 README" in out
    assert "155" not in out, "that was on eight"


def test_of_several_gpus_the_smallest_counts(capsys, pretend):
    pretend(machine_of(H100, RTX))
    out = run(capsys)
    assert "H100" in out
    assert "offload group" in row(out, "wan2.2-t2v-a14b")
    assert "540 s at 720P" in row(out, "wan2.2-ti2v-5b")


def test_ram_that_cannot_hold_what_waits_is_no_room(capsys, pretend):
    pretend(machine_of(RTX, ram=32.0))
    assert "not" in row(run(capsys), "wan2.2-t2v-a14b").split()


def test_first_the_packages_then_the_weights(capsys, pretend):
    pretend(machine_of(RTX), {})
    assert steps(run(capsys)).split("\n")[:2] == [f"  {INSTALL}", "  dalang pull wan2.2-ti2v-5b"]


def test_torch_for_the_processor_is_named_where_there_is_a_gpu(capsys, pretend):
    pretend(machine_of(RTX), TORCH | {"torch": "2.13.0+cpu"})
    assert "torch 2.13.0+cpu is built for the processor" in steps(run(capsys))


def test_weights_that_are_here_get_lines_to_paste(capsys, pretend, tmp_path):
    here(tmp_path, "wan2.1-t2v-1.3b", "wan2.2-i2v-a14b", "wan2.1-t2v-14b")
    pretend(machine_of(H100))
    (tmp_path / "dalang.toml").write_text(steps(run(capsys)))
    routes = load(tmp_path / "dalang.toml", {}, data="d").routes
    assert {pattern: route.checkpoint for pattern, route in routes.items()} == {
        "*-t2v*": "wan2.1-t2v-14b",
        "*-i2v*": "wan2.2-i2v-a14b",
        "*-kf2v*": "wan2.2-i2v-a14b",
    }


def test_with_weights_and_routes_nothing_is_missing(capsys, pretend, tmp_path):
    here(tmp_path, "wan2.2-ti2v-5b")
    pretend(machine_of(RTX))
    (tmp_path / "dalang.toml").write_text('[routes."*"]\nengine = "wan"\ncheckpoint = "wan2.2-ti2v-5b"\n')
    assert run(capsys, "--config", str(tmp_path / "dalang.toml")).endswith("Nothing is missing.\n")


def test_an_open_checkpoint_that_is_told_otherwise_is_told_once(capsys, pretend, tmp_path):
    pretend(machine_of(H100))
    file = tmp_path / "dalang.toml"
    file.write_text('[checkpoints."wan2.1-t2v-14b"]\nlike = "wan2.1-t2v-14b"\ngigabytes = 41.5\n')
    out = run(capsys, "--data", str(tmp_path / "data"), "--config", str(file))
    (told,) = (line for line in out.splitlines() if line.startswith("wan2.1-t2v-14b"))
    assert "41.5" in told


def test_own_checkpoints_are_told_too(capsys, pretend, tmp_path):
    here(tmp_path, "my-cat")
    pretend(machine_of(H100))
    (tmp_path / "dalang.toml").write_text('[checkpoints.my-cat]\nlike = "wan2.2-t2v-a14b"\n')
    assert " here " in row(run(capsys, "--config", str(tmp_path / "dalang.toml")), "my-cat")


def test_a_disk_that_is_too_small_is_told_before_the_pull(capsys, pretend, monkeypatch):
    pretend(machine_of(RTX))
    monkeypatch.setattr(doctor, "room", lambda _: 10.0)
    assert "needs 34.2 GB of disk" in steps(run(capsys))


def test_a_folder_that_cannot_be_written_is_told(capsys, pretend, monkeypatch, tmp_path):
    pretend(machine_of())
    monkeypatch.setattr(doctor.os, "access", lambda *_: False)
    assert f"{tmp_path / 'data'} cannot be written" in steps(run(capsys))


def test_the_port_is_tried(capsys, pretend, monkeypatch, port):
    pretend(machine_of())
    monkeypatch.setenv("DALANG_PORT", str(port))
    assert f"None runs; 127.0.0.1:{port} is free." in run(capsys)
    with socket.socket() as other:
        other.bind(("127.0.0.1", port))
        other.listen()
        assert f"127.0.0.1:{port} is taken" in run(capsys)


def test_a_server_counts_as_running_only_while_it_answers(capsys, pretend, tmp_path):
    pretend(machine_of())
    (tmp_path / "data").mkdir()
    with mirror() as alive:
        alive.files["healthz"] = b"ok"
        (tmp_path / "data" / "server.json").write_text(json.dumps({"url": alive.address, "pid": 1}))
        assert f"One runs on this data folder: {alive.address}." in run(capsys)
    assert "None runs" in run(capsys)


def test_json_tells_all_of_it(capsys, pretend):
    pretend(machine_of(H100))
    told = json.loads(run(capsys, "--json"))
    assert told["machine"]["gpus"]["found"][0]["gigabytes"] == 85.5
    found = {row["name"]: row for row in told["checkpoints"]}
    assert found["wan2.2-t2v-a14b"]["published"][0]["source"].startswith("Wan2.2 README")
    assert told["next"] == ["dalang pull wan2.2-t2v-a14b"]


def test_what_does_not_fit_is_not_recommended(capsys, pretend):
    pretend(machine_of(RTX, ram=8.0))
    assert steps(run(capsys)) == "  dalang pull wan2.1-t2v-1.3b\n"
