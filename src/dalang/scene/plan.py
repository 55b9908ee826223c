"""The plan of a clip: what stands before the camera, where, when, and how the camera moves. Pure."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from dalang.scene.heard import Line, Music
from dalang.scene.performer import Action, Performer


class Place(StrEnum):
    """Sets; prompts lead only to those that `engines.animatic.sets` has."""

    MEADOW = "meadow"
    FOREST = "forest"
    MOUNTAIN = "mountain"
    DESERT = "desert"
    SNOW = "snow"
    BEACH = "beach"
    SEA = "sea"
    UNDERWATER = "underwater"
    RIVER = "river"
    STREET = "street"
    ALLEY = "alley"
    LIVING_ROOM = "living room"
    OFFICE = "office"
    KITCHEN = "kitchen"
    CLASSROOM = "classroom"
    STAGE = "stage"
    STADIUM = "stadium"
    SKY = "sky"
    SPACE = "space"
    CASTLE = "castle"


SHELTERED = frozenset(
    {Place.UNDERWATER, Place.SPACE, Place.STAGE, Place.LIVING_ROOM, Place.OFFICE, Place.KITCHEN, Place.CLASSROOM}
)
"""Where no rain or snow falls before the camera."""
FLOATING = frozenset({Place.UNDERWATER, Place.SKY, Place.SPACE})
"""Where a subject hangs free over whatever ground there is."""


class Time(StrEnum):
    DAWN = "dawn"
    DAY = "day"
    DUSK = "dusk"
    NIGHT = "night"


class Weather(StrEnum):
    CLEAR = "clear"
    CLOUDY = "cloudy"
    FOG = "fog"
    WIND = "wind"
    RAIN = "rain"
    STORM = "storm"
    """Rain with lightning."""
    SNOW = "snow"


class Season(StrEnum):
    SPRING = "spring"
    SUMMER = "summer"
    AUTUMN = "autumn"
    WINTER = "winter"


class Camera(StrEnum):
    """How the camera moves."""

    STATIC = "static"
    PAN_LEFT = "pan_left"
    PAN_RIGHT = "pan_right"
    TILT_UP = "tilt_up"
    TILT_DOWN = "tilt_down"
    DOLLY_IN = "dolly_in"
    DOLLY_OUT = "dolly_out"
    TRACKING = "tracking"
    """Beside its subject, at its pace."""
    ORBIT = "orbit"
    CRANE_UP = "crane_up"
    CRANE_DOWN = "crane_down"
    HANDHELD = "handheld"


class View(StrEnum):
    """How much of the place a shot shows about its subject."""

    WIDE = "wide"
    MEDIUM = "medium"
    CLOSE = "close"


class Angle(StrEnum):
    """From how high the camera looks."""

    EYE = "eye"
    LOW = "low"
    HIGH = "high"
    OVERHEAD = "overhead"


class Mood(StrEnum):
    CALM = "calm"
    COSY = "cosy"
    EPIC = "epic"
    HOPEFUL = "hopeful"
    JOYFUL = "joyful"
    LONELY = "lonely"
    MELANCHOLY = "melancholy"
    MYSTERIOUS = "mysterious"
    PLAYFUL = "playful"
    ROMANTIC = "romantic"
    TENSE = "tense"


class Lighting(StrEnum):
    """What kind of light a shot is in, as a gaffer would be told."""

    SOFT = "soft"
    HARD = "hard"
    SIDE = "side"
    BACKLIGHT = "backlight"
    GOLDEN = "golden"
    OVERCAST = "overcast"
    MOONLIGHT = "moonlight"
    CANDLE = "candle"
    NEON = "neon"
    PRACTICAL = "practical"
    """From lamps that stand in the picture."""


class Style(StrEnum):
    CINEMATIC = "cinematic"
    DOCUMENTARY = "documentary"
    NOIR = "noir"
    BLACK_AND_WHITE = "black and white"
    VINTAGE = "vintage film"
    ANIME = "anime"
    CLAYMATION = "claymation"
    WATERCOLOUR = "watercolour"
    INK_WASH = "ink wash"
    OIL_PAINTING = "oil painting"
    SKETCH = "sketch"


class Effect(StrEnum):
    """What moves in the air of a shot, or burns in it, besides its weather."""

    FIRE = "fire"
    SMOKE = "smoke"
    SPARKS = "sparks"
    LEAVES = "leaves"
    PETALS = "petals"
    BUBBLES = "bubbles"
    DUST = "dust"
    FIREFLIES = "fireflies"
    FIREWORKS = "fireworks"
    LIGHTNING = "lightning"
    CONFETTI = "confetti"
    RAINBOW = "rainbow"
    AURORA = "aurora"
    GOD_RAYS = "god rays"


class Thing(StrEnum):
    """What a set paints, or lets hear, of its own accord, and can leave out."""

    FLOWERS = "flowers"
    TREES = "trees"
    BUSHES = "bushes"
    GRASS = "grass"
    CACTI = "cacti"
    ROCKS = "rocks"
    MOUNTAINS = "mountains"
    HILLS = "hills"
    SNOW = "snow"
    CLOUDS = "clouds"
    FOG = "fog"
    SUN = "sun"
    MOON = "moon"
    STARS = "stars"
    BUILDINGS = "buildings"
    LAMPS = "lamps"
    LIGHTS = "lights"
    TRAFFIC = "traffic"
    BIRDS = "birds"
    INSECTS = "insects"


class Shot(msgspec.Struct, frozen=True, kw_only=True):
    """One continuous camera take."""

    place: Place
    time: Time
    weather: Weather
    camera: Camera
    cast: tuple[Performer, ...] = ()
    """Whom it shows, the one it is about first; nobody: the set alone."""
    duration: float
    """Seconds."""
    view: View = View.MEDIUM
    angle: Angle = Angle.EYE
    season: Season | None = None
    mood: Mood | None = None
    light: Lighting | None = None
    """None: that of its time and weather."""
    style: Style | None = None
    effects: frozenset[Effect] = frozenset()
    dialogue: tuple[Line, ...] = ()
    music: Music | None = None
    sounds: tuple[str, ...] = ()
    """Names in `scene.noises.NOISES` of what the prompt says is heard."""
    without: frozenset[Thing] = frozenset()
    """What its set leaves out."""

    @property
    def lead(self) -> Performer | None:
        """The one it is about."""
        return self.cast[0] if self.cast else None

    @property
    def subject(self) -> str | None:
        """The lead's name in `scene.subjects.SUBJECTS`."""
        return self.cast[0].subject if self.cast else None

    @property
    def action(self) -> Action:
        """What the lead does; nobody stands where there is none."""
        return self.cast[0].action if self.cast else Action.STAND


class Scene(msgspec.Struct, frozen=True, kw_only=True):
    """A prompt's plan."""

    shots: tuple[Shot, ...]
    warnings: tuple[str, ...] = ()
    """Sentences for the caller: what was asked for and is not shown."""
