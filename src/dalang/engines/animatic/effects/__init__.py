"""Effects: what moves in the air of a shot, or burns in it."""

from __future__ import annotations

from dalang.engines.animatic.effects.aurora import aurora
from dalang.engines.animatic.effects.bubbles import bubbles
from dalang.engines.animatic.effects.confetti import confetti
from dalang.engines.animatic.effects.dust import dust
from dalang.engines.animatic.effects.fire import fire
from dalang.engines.animatic.effects.fireflies import fireflies
from dalang.engines.animatic.effects.fireworks import fireworks
from dalang.engines.animatic.effects.god_rays import god_rays
from dalang.engines.animatic.effects.leaves import leaves
from dalang.engines.animatic.effects.lightning import lightning
from dalang.engines.animatic.effects.petals import petals
from dalang.engines.animatic.effects.rainbow import rainbow
from dalang.engines.animatic.effects.site import Painter
from dalang.engines.animatic.effects.smoke import smoke
from dalang.engines.animatic.effects.sparks import sparks
from dalang.scene.plan import Effect

EFFECTS: dict[Effect, Painter] = {
    Effect.RAINBOW: rainbow,
    Effect.AURORA: aurora,
    Effect.FIREWORKS: fireworks,
    Effect.LIGHTNING: lightning,
    Effect.GOD_RAYS: god_rays,
    Effect.SMOKE: smoke,
    Effect.FIRE: fire,
    Effect.SPARKS: sparks,
    Effect.DUST: dust,
    Effect.FIREFLIES: fireflies,
    Effect.BUBBLES: bubbles,
    Effect.LEAVES: leaves,
    Effect.PETALS: petals,
    Effect.CONFETTI: confetti,
}
"""In the order in which they lie over one another."""
