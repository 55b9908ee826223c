"""God rays: shafts of light from the sun, that waver, with dust in them."""

from __future__ import annotations

from dalang.engines.animatic.air.light import mix
from dalang.engines.animatic.canvas.noise import generator
from dalang.engines.animatic.effects.dust import dust
from dalang.engines.animatic.effects.site import Depths, Site
from dalang.engines.animatic.places.shafts import paint_shafts


def god_rays(site: Site) -> Depths:
    colour = mix(site.light.sun, (255, 236, 196), 0.4)
    shafts = paint_shafts(generator(site.seed, "god rays"), site.lens, colour, site.sun_x, 0.9)
    motes = dust(site)
    return Depths(behind=(shafts, motes.behind[1]), before=motes.before)
