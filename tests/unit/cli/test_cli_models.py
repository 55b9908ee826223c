"""`dalang models`."""

import pytest

from dalang.cli import main
from dalang.cli.models import seconds
from dalang.models import CATALOGUE


def test_every_model_and_no_other_is_listed(capsys):
    assert main(["models"]) == 0
    listed = [line.split()[0] for line in capsys.readouterr().out.splitlines()[1:]]
    assert listed == [spec.name for spec in CATALOGUE]


@pytest.mark.parametrize(
    ("durations", "words"), [((5,), "5"), ((5, 10), "5, 10"), ((3, 4, 5), "3-5"), ((5, 10, 15), "5, 10, 15")]
)
def test_durations_in_words(durations, words):
    assert seconds(durations) == words
