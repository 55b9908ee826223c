"""The wall around the commands: what a failure looks like, and what starting costs."""

import subprocess
import sys
from types import SimpleNamespace

import pytest

from dalang import cli
from dalang.cli import COMMANDS, main
from dalang.errors import ConfigError


def fail_with(monkeypatch, error):
    def run(_):
        raise error

    monkeypatch.setattr(cli, "import_module", lambda _: SimpleNamespace(parser=cli.top_parser, run=run))
    return main(["tasks", "tasks"])


@pytest.mark.parametrize("error", [ConfigError("Port 80 is taken: choose another."), OSError("Disk full.")])
def test_a_failure_is_one_line_and_status_1(monkeypatch, capsys, error):
    assert fail_with(monkeypatch, error) == 1
    assert capsys.readouterr().err == f"dalang: {error}\n"


def test_an_interrupt_is_status_130(monkeypatch, capsys):
    assert fail_with(monkeypatch, KeyboardInterrupt()) == 130
    assert capsys.readouterr().err == ""


def test_a_fault_of_our_own_shows_where_and_asks_for_a_report(monkeypatch, capsys):
    assert fail_with(monkeypatch, ZeroDivisionError("oops")) == 1
    told = capsys.readouterr().err
    assert "test_cli_main.py" in told
    assert told.splitlines()[-1].startswith("dalang: a fault of dalang itself")


@pytest.mark.parametrize(
    "arguments", [[], ["sing"], ["generate"], ["tasks"], ["keys", "sing"], ["serve", "--port", "x"]]
)
def test_wrong_usage_is_status_2(arguments, capsys):
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    assert caught.value.code == 2
    assert "usage: dalang" in capsys.readouterr().err


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(command, capsys):
    with pytest.raises(SystemExit) as caught:
        main([command, "--help"])
    assert caught.value.code == 0
    assert f"usage: dalang {command}" in capsys.readouterr().out


def test_help_loads_nothing_that_it_does_not_need():
    script = (
        "import sys\nfrom dalang.cli import main\n"
        "try: main(['--help'])\n"
        "except SystemExit: print(*{name.partition('.')[0] for name in sys.modules}, file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert "generate" in done.stdout
    loaded = set(done.stderr.split())
    assert not loaded & {"httpx", "rich", "msgspec", "starlette", "granian", "numpy", "cv2", "av", "platformdirs"}


def test_importing_the_package_loads_no_http_client():
    script = "import sys, dalang; print('httpx' in sys.modules, dalang.Client.__name__, 'httpx' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "Client", "True"]


def test_the_version_is_printed(capsys):
    with pytest.raises(SystemExit) as caught:
        main(["--version"])
    assert caught.value.code == 0
    assert capsys.readouterr().out.startswith("dalang ")


def test_a_reader_that_leaves_early_is_no_fault():
    script = "from dalang.cli import main; import sys; sys.exit(main(['models']))"
    command = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    command.stdout.close()
    assert command.stderr.read() == b""
    command.stderr.close()
    assert command.wait() == 1
