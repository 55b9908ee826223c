"""What may be added to one request's prompt: all it does not speak of, unless the negative prompt does."""

from __future__ import annotations

from dataclasses import dataclass
from zlib import crc32

from dalang.prompt.negative import Negative, read_negative
from dalang.prompt.words import Language
from dalang.task import VideoRequest

SETTLES = {
    "static": ("movement", "life"),
    "lively": ("life",),
    "tense": ("life",),
}
"""Fact → the aspects that it settles besides the one of its own name."""
FORBIDS = frozenset({"size", "lens", "light", "movement", "mood"})
"""What a negative prompt has a say in; that it forbids a static camera forbids no movement."""
TIMES = frozenset({"dawn", "day", "dusk", "night"})


@dataclass(frozen=True)
class Additions:
    language: Language
    seed: int
    facts: frozenset[str]
    """What the prompt says, and what kind of request it is."""
    settled: frozenset[str]
    """Aspects of which one must not speak."""
    negative: Negative

    def one(self, aspect: str) -> str:
        """The seed's choice; empty where there is none or the aspect is settled."""
        choices = () if aspect in self.settled else self.all(aspect)
        return choices[crc32(f"{aspect} {self.seed}".encode()) % len(choices)] if choices else ""

    def all(self, aspect: str) -> tuple[str, ...]:
        """The choices for such a prompt of which the negative prompt names none."""
        fits = next(choice for choice in self.language.added[aspect] if choice.to is None or choice.to in self.facts)
        return tuple(phrase for phrase in fits.say if not self.negative.names(phrase))

    def sentence(self, aspects: tuple[str, ...]) -> str:
        """One about these aspects; empty where there is nothing to say."""
        return self.language.sentence([phrase for aspect in aspects if (phrase := self.one(aspect))])


def additions_to(language: Language, request: VideoRequest) -> Additions:
    said = language.facts(request.prompt)
    negative = read_negative(request.negative_prompt)
    facts = said | _kind_of(request)
    settled = facts | (negative.facts & FORBIDS) | _settled_by(said)
    return Additions(language, request.seed, facts, settled, negative)


def _kind_of(request: VideoRequest) -> frozenset[str]:
    """gentle: a picture or clip shows the scene; ending: something given says where the camera goes, too."""
    if request.kind == "t2v" and request.clip is None:
        return frozenset()
    ends = request.last_image is not None or request.clip is not None
    return frozenset({"gentle", "ending"} if ends else {"gentle"})


def _settled_by(said: frozenset[str]) -> frozenset[str]:
    settled = {aspect for fact in said & SETTLES.keys() for aspect in SETTLES[fact]}
    if len(said & TIMES) > 1:  # of two times of day neither's light is right
        settled.add("light")
    return frozenset(settled)
