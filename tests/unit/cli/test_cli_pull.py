"""`dalang pull` against a mirror on loopback."""

import io

import pytest
from tests.unit.weights.mirror import WEIGHTS, mirror

from dalang.cli import main
from dalang.cli.pull import wants

NAME = "wan2.1-t2v-1.3b"
BIG = "transformer/a.safetensors"


@pytest.fixture
def hub():
    with mirror() as held:
        yield held


@pytest.fixture
def weights(tmp_path):
    return tmp_path / "weights"


def pull(weights, *arguments):
    return main(["pull", *arguments, "--weights", str(weights)])


def test_a_checkpoint_is_pulled_by_name(hub, weights, capsys):
    assert pull(weights, NAME, "--from", hub.address) == 0
    assert {path for path in WEIGHTS if (weights / NAME / path).is_file()} == WEIGHTS
    told = capsys.readouterr()
    assert told.out == f"{NAME}: 5.2 MB in {weights}\n"
    assert "5.2 MB of 5.2 MB" in told.err, "how far it has come stands apart from the result"


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_on_a_terminal_a_bar_tells_how_far_it_has_come(hub, weights, monkeypatch):
    monkeypatch.setattr("sys.stderr", screen := Terminal())
    assert pull(weights, NAME, "--from", hub.address) == 0
    assert NAME in screen.getvalue()
    assert "5.2/5.2 MB" in screen.getvalue()


def test_it_comes_to_lie_where_the_servers_settings_say(hub, tmp_path, monkeypatch):
    (tmp_path / "dalang.toml").write_text(f'weights = "{tmp_path / "mine"}"\nhub = "{hub.address}"\n')
    assert main(["pull", NAME, "--config", str(tmp_path / "dalang.toml")]) == 0
    assert (tmp_path / "mine" / NAME / "model_index.json").is_file()
    monkeypatch.setenv("DALANG_HUB", hub.address)
    assert main(["pull", NAME, "--data", str(tmp_path / "other")]) == 0
    assert (tmp_path / "other" / "weights" / NAME / "model_index.json").is_file()


def test_a_checkpoint_brings_its_lora_weights(hub, weights):
    hub.files |= {want.path: b"low rank" for want in wants("wan2.2-t2v-a14b") if want.path}
    assert pull(weights, "wan2.2-t2v-a14b", "--from", hub.address) == 0
    assert sorted(file.name for file in (weights / "loras").glob("*.safetensors")) == [
        "lightning-t2v-a14b-high.safetensors",
        "lightning-t2v-a14b-low.safetensors",
    ]


def test_a_wrong_checksum_is_named_and_status_1(hub, weights, capsys):
    hub.sent[BIG] = b"?" * len(hub.files[BIG])
    assert pull(weights, NAME, "--from", hub.address) == 1
    line = capsys.readouterr().err.splitlines()[-1]
    assert line.startswith("dalang: ")
    assert BIG in line


def test_a_folder_is_a_source(hub, weights, tmp_path):
    assert pull(tmp_path / "mnt", NAME, "--from", hub.address) == 0
    hub.asked.clear()
    assert pull(weights, NAME, "--from", str(tmp_path / "mnt")) == 0
    assert (weights / NAME / BIG).read_bytes() == hub.files[BIG]
    assert hub.asked == []


def test_a_folder_need_not_have_the_lora_weights_that_a_checkpoint_brings(weights, tmp_path, capsys):
    names = ["wan2.2-t2v-a14b", NAME]
    for name in names:
        (tmp_path / "mnt" / name).mkdir(parents=True)
        (tmp_path / "mnt" / name / "model_index.json").write_text("{}")
    assert pull(weights, *names, "--from", str(tmp_path / "mnt")) == 0
    assert all((weights / name / "model_index.json").is_file() for name in names)
    assert "has no lightning-t2v-a14b-high" in capsys.readouterr().err
    assert pull(weights, "lightning-t2v-a14b-high", "--from", str(tmp_path / "mnt")) == 1, "what is named must be there"


def test_nor_need_a_mirror(hub, weights, capsys):
    hub.missing = "Lightning"
    assert pull(weights, "wan2.2-t2v-a14b", "--from", hub.address) == 0
    assert (weights / "wan2.2-t2v-a14b" / "model_index.json").is_file()
    assert "404 for" in capsys.readouterr().err


@pytest.mark.parametrize("inner", ["", NAME])
def test_weights_are_not_copied_onto_themselves(weights, capsys, inner):
    (weights / NAME).mkdir(parents=True)
    (weights / NAME / "model_index.json").write_text("{}")
    assert pull(weights, NAME, "--from", str(weights / inner)) == 1
    assert "already" in capsys.readouterr().err
    assert (weights / NAME / "model_index.json").is_file()


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["nobody", "--from", "."], "wan2.2-t2v-a14b"),
        ([NAME, "--from", "nowhere"], "nowhere"),
        ([NAME, "--from", "."], "has no " + NAME),
        ([NAME, "--check"], "was not pulled"),
    ],
)
def test_what_cannot_be_is_said_with_status_1(weights, capsys, arguments, named):
    assert pull(weights, *arguments) == 1
    assert named in capsys.readouterr().err


def test_without_a_source_it_says_where_one_could_come_from(weights, capsys, monkeypatch):
    monkeypatch.setattr("dalang.cli.pull.find_spec", lambda _: None)
    assert pull(weights, NAME) == 1
    told = capsys.readouterr().err
    assert "--from" in told
    assert "dalang[wan]" in told


def test_a_check_names_what_has_changed(hub, weights, capsys):
    pull(weights, NAME, "--from", hub.address)
    capsys.readouterr()
    hub.asked.clear()
    assert pull(weights, "--check") == 0
    assert capsys.readouterr().out == f"{NAME}: whole\n"
    (weights / NAME / BIG).write_bytes(b"?")
    assert pull(weights, NAME, "--check") == 1
    assert capsys.readouterr().out == f"{NAME}: {BIG} is not what was fetched\n"
    assert hub.asked == [], "nothing is asked"


def test_without_a_name_all_are_listed_with_what_is_here(hub, weights, capsys):
    pull(weights, NAME, "--from", hub.address)
    (weights / "wan2.2-ti2v-5b").mkdir()
    (weights / "wan2.2-ti2v-5b" / "x.safetensors.0123.part").touch()
    capsys.readouterr()
    assert pull(weights) == 0
    lines = {line.split()[0]: line.split() for line in capsys.readouterr().out.splitlines()}
    assert lines[NAME] == [NAME, "t2v", "480P", "28.9", "here"]
    assert lines["wan2.2-ti2v-5b"][-2:] == ["in", "part"]
    assert lines["lightning-t2v-14b"] == ["lightning-t2v-14b", "LoRA", "wan2.1-t2v-14b", "0.63", "-"]
