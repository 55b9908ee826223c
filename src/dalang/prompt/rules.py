"""Extension by rules: what a prompt does not say of framing, light, camera and mood is added in its own language.

Pure: the seed of the request chooses among what fits.
"""

from __future__ import annotations

import msgspec

from dalang.models import MODELS
from dalang.prompt.additions import Additions, additions_to
from dalang.prompt.language import language_of
from dalang.prompt.shotlist import as_list, one_take
from dalang.prompt.words import LANGUAGES
from dalang.scene.listing import listed
from dalang.task import VideoRequest

Sentences = tuple[tuple[str, ...], ...]
"""Aspects, by the sentence that tells of them."""

TEXT: Sentences = (("size", "lens"), ("light", "mood"), ("movement",))
PICTURE: Sentences = (("life", "mood"), ("movement",))
"""Beside a picture, which shows framing and light itself."""
LISTED: Sentences = (("lens", "light", "mood"),)
"""Before a list of shots, which tells of framing and movement."""
LISTED_PICTURE: Sentences = (("mood",),)


def extend(request: VideoRequest) -> str:
    """The prompt, and what it leaves open after it, at most as long as the model's prompts may be.

    With `request.shots` "multi" a list of shots follows, and with "single" a list in the prompt becomes one take.
    Without either a list stays as it is, as does a prompt in a language that is none of `words.LANGUAGES`. Nothing is
    taken from the prompt but the marks of a list.
    """
    prompt = one_take(request.prompt) if request.shots == "single" else request.prompt
    language = language_of(prompt) if prompt.strip() else LANGUAGES["en"]
    if language is None or listed(prompt, request.duration)[1]:
        return prompt
    additions = additions_to(language, msgspec.structs.replace(request, prompt=prompt))
    limit = MODELS[request.model].limits.prompt
    text = _joined(additions, prompt, limit, _plan_of(request))
    if request.shots != "multi":
        return text
    fitting = (whole for begun in (text, prompt) if len(whole := as_list(begun, additions, request.duration)) <= limit)
    return next(fitting, text)


def _plan_of(request: VideoRequest) -> Sentences:
    has_picture = request.kind != "t2v" or request.clip is not None
    if request.shots == "multi":
        return LISTED_PICTURE if has_picture else LISTED
    return PICTURE if has_picture else TEXT


def _joined(additions: Additions, prompt: str, limit: int, plan: Sentences) -> str:
    """As many sentences as fit; those that do not are left out."""
    text = prompt
    for sentence in filter(None, map(additions.sentence, plan)):
        longer = additions.language.after(text, sentence)
        text = longer if len(longer) <= limit else text
    return text
