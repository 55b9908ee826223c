"""`dalang serve`: which settings its flags are."""

from dalang import config
from dalang.cli.serve import flags, parser


def settings(*arguments, **environment):
    return config.load(None, environment, **flags(parser().parse_args(arguments)))


def test_flags_beat_the_environment():
    environment = {"DALANG_ENGINE": "animatic", "DALANG_PORT": "9000"}
    assert settings("--engine", "slate", "--port", "9001", **environment).engine == "slate"
    assert settings("--engine", "slate", "--port", "9001", **environment).port == 9001


def test_the_clouds_habits_hold_when_any_place_asks_for_them():
    assert settings("--like-cloud").like_cloud
    assert settings(DALANG_LIKE_CLOUD="true").like_cloud, "a flag that was not given takes nothing back"
    assert not settings().like_cloud
