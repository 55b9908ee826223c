"""What is said in a shot: each line in its speaker's voice and its tone, in the time that its mouth moves."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
import numpy as np

from dalang.scene.heard import Tone
from dalang.scene.performer import Age, Performer, Size
from dalang.scene.plan import Scene, Shot
from dalang.scene.speaking import HASTE, PACE, Spoken, length, spoken
from dalang.scene.subjects import SUBJECTS
from dalang.sound import espeak
from dalang.sound.espeak import Utterance, said
from dalang.sound.loudness import loudness
from dalang.sound.room import ROOMS, resounding
from dalang.sound.spectrum import FREQUENCY, filtered
from dalang.sound.tone import RATE, Line, Track, put

UNHEARD = "Nobody speaks in the sound: the program espeak-ng, which says the lines, is not installed."

CUT = "More is said than there is time for: the end of it is not heard."

LEVEL = -17.0
"""LUFS of plain speech."""
PLAIN = 165
"""Words a minute."""
PACES = (95, 380)
"""Words a minute, at the least and the most, that a line is pressed or stretched to for its time."""
HASTIEST = PACES[1] / PLAIN
"""How many times faster than plain speech a line can be said."""
SLACK = 1.03
"""How much longer than its time a line may last."""
SAYABLE = 4.0
"""Of the letters that plain speech has in a line's time, how many are tried: no pace has more, and they take long."""
SLOWEST = 0.78
"""Of its own pace, to fill its time; what is left of that stays silent."""

WARM = (1 + 0.6 / (1 + (FREQUENCY / 260) ** 2)) * (FREQUENCY / (FREQUENCY + 70)) / (1 + (FREQUENCY / 6800) ** 4)
"""Takes the edge off a synthesised voice: a low shelf of 4 dB, and a roll-off over 6.8 kHz."""


class Voice(msgspec.Struct, frozen=True):
    variant: str
    pitch: int
    """0 to 99, of plain speech."""
    whispers: str = "whisper"
    pace: float = 1.0


MEN = (Voice("m3", 42), Voice("m7", 34), Voice("m1", 48))
WOMEN = (Voice("f2", 52, "whisperf"), Voice("f5", 46, "whisperf"), Voice("f4", 58, "whisperf"))
"""In the order in which they first come."""
BOY, GIRL, BABY = Voice("f1", 80, "whisperf", 1.05), Voice("f4", 84, "whisperf", 1.05), Voice("f4", 97, "whisperf", 0.9)
OLD_MAN, OLD_WOMAN = Voice("m5", 28, "whisper", 0.86), Voice("f3", 36, "whisperf", 0.86)
BEAST, CRITTER, GIANT = Voice("m2", 40), Voice("f4", 92, "whisperf", 1.1), Voice("m6", 4, "whisper", 0.82)
NARRATOR = Voice("m3", 40)

FEMALE = frozenset(
    {
        *("woman", "girl", "lady", "mother", "wife", "queen", "princess", "bride", "grandmother", "grandma", "witch"),
        *("mermaid", "actress", "waitress", "fairy", "nun", "ballerina", "goddess", "sister", "daughter", "aunt"),
    }
)
"""Words that call a subject which speaks with a woman's voice."""
CHILDLIKE = frozenset({"boy", "girl", "child", "kid"})


class Delivery(msgspec.Struct, frozen=True):
    """How a tone is said."""

    pitch: int = 0
    """Added."""
    level: float = 0.0
    """dB."""
    whispers: bool = False


DELIVERIES = dict.fromkeys(Tone, Delivery()) | {
    Tone.GENTLE: Delivery(3, -2.5),
    Tone.WARM: Delivery(-3, -1.0),
    Tone.CHEERFUL: Delivery(10, 1.0),
    Tone.EXCITED: Delivery(16, 2.5),
    Tone.LOUD: Delivery(8, 4.0),
    Tone.ANGRY: Delivery(-4, 4.0),
    Tone.PANICKED: Delivery(22, 3.0),
    Tone.STERN: Delivery(-8, 1.0),
    Tone.PROUD: Delivery(-2, 1.5),
    Tone.CALM: Delivery(-3, -1.0),
    Tone.LOW: Delivery(-16, -2.5),
    Tone.WHISPERING: Delivery(0, -5.0, whispers=True),
    Tone.NERVOUS: Delivery(8, -1.5),
    Tone.SAD: Delivery(-8, -3.0),
    Tone.TIRED: Delivery(-12, -3.0),
    Tone.COLD: Delivery(-10, -0.5),
    Tone.GRUFF: Delivery(-22, 0.5),
    Tone.CURIOUS: Delivery(7, 0.0),
}


def unheard(scene: Scene) -> tuple[str, ...]:
    """A sentence for the caller where lines stand in `scene` that nobody can say on this machine, or in their time."""
    if not any(shot.dialogue for shot in scene.shots):
        return ()
    if not espeak.available():
        return (UNHEARD,)
    hurried = any(length(line.line) > HASTIEST * (line.end - line.start) for s in scene.shots for line in spoken(s))
    return (CUT,) if hurried else ()


def speech(shot: Shot, samples: int) -> Track:
    """The lines of `shot` in their room, in its first `samples`. Silence without espeak-ng."""
    track = np.zeros((samples, 2), np.float32)
    for line in spoken(shot) if espeak.available() else ():
        voice = _levelled(filtered(fitted(line, voice_of(shot, line)), WARM), DELIVERIES[line.line.tone].level)
        put(track, voice, line.start, 0.5)
    return resounding(track, ROOMS[shot.place]) if track.any() else track


def fitted(line: Spoken, voice: Voice) -> Line:
    """`line` said by `voice` in its time: a first try tells how much faster or slower it must be said."""
    told = _utterance(line, voice)
    slot = line.end - line.start
    made = said(told)
    lasts = len(made) / RATE / slot
    if made.any() and not 1 / 1.1 < lasts < SLACK:
        pace = int(np.clip(told.pace * max(lasts, SLOWEST), *PACES))
        made = said(msgspec.structs.replace(told, pace=pace))
    return _ended(made[: round(SLACK * slot * RATE)])


def _utterance(line: Spoken, voice: Voice) -> Utterance:
    tone, delivery = line.line.tone, DELIVERIES[line.line.tone]
    haste = HASTE.get(tone, 1.0)
    variant = voice.whispers if delivery.whispers else voice.variant
    pitch = int(np.clip(voice.pitch + delivery.pitch, 0, 99))
    pace = round(PLAIN * haste * voice.pace)
    letters = round(SAYABLE * PACE[line.line.language] * (line.end - line.start))
    return Utterance(
        text=line.line.says[:letters], language=line.line.language, variant=variant, pace=pace, pitch=pitch
    )


def _ended(line: Line) -> Line:
    edge = min(len(line) // 2, RATE // 50)
    line = line.copy()
    line[len(line) - edge :] *= np.linspace(1, 0, edge, dtype=np.float32)
    return line


def _levelled(line: Line, decibels: float) -> Line:
    if not line.any():
        return line
    heard = loudness(np.repeat(line[:, None] / np.float32(np.sqrt(2)), 2, axis=1))
    return line * np.float32(10 ** ((LEVEL + decibels - heard) / 20))


def voice_of(shot: Shot, line: Spoken) -> Voice:
    """The voice of who says `line`: those of one kind in a shot are told apart."""
    if line.line.speaker is None:
        return NARRATOR
    return _voice(shot.cast[line.line.speaker], line.line.speaker)


def _voice(performer: Performer, number: int) -> Voice:
    subject = SUBJECTS[performer.subject]
    words = {word for phrase in (subject.name.replace("-", " "), *subject.words[:2]) for word in phrase.split()}
    female, childlike = bool(words & FEMALE), bool(words & CHILDLIKE) or performer.age is Age.CHILD
    if subject.kind not in ("people", "fantasy"):
        return _creature(subject.height, performer.size)
    if performer.age is Age.BABY:
        return BABY
    if childlike:
        return GIRL if female else BOY
    if performer.age is Age.OLD:
        return OLD_WOMAN if female else OLD_MAN
    return (WOMEN if female else MEN)[number % 3]


def _creature(height: float, size: Size | None) -> Voice:
    """What is small has a small voice."""
    if size is Size.GIANT or height > 2.5:
        return GIANT
    return CRITTER if size is Size.TINY or height < 0.7 else BEAST


def times(shot: Shot) -> Iterator[tuple[float, float]]:
    """From and to when somebody is heard, seconds into `shot`."""
    if espeak.available():
        yield from ((line.start, line.end) for line in spoken(shot))
