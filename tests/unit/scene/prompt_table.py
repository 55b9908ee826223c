"""Prompts and the plans they ask for, written before looking at what the parser makes of them."""

from __future__ import annotations

from dataclasses import dataclass

from dalang.scene.performer import Action
from dalang.scene.plan import Camera, Place, Time, Weather


@dataclass(frozen=True)
class Expected:
    prompt: str
    subject: str | None = None
    action: str = "stand"
    place: str = "meadow"
    time: str = "day"
    weather: str = "clear"
    camera: str = "dolly_in"
    warning: str = ""
    """What one of the warnings must contain; empty: there is none."""

    def __post_init__(self) -> None:
        for kind, value in ((Action, self.action), (Place, self.place), (Time, self.time)):
            kind(value)
        Weather(self.weather), Camera(self.camera)


def no_picture(noun: str) -> str:
    return f"No picture for '{noun}'; the set is shown without a subject."


P = Expected

SUBJECTS_AND_SETS = (
    P("A cat walks on the beach at sunset", "cat", "walk", "beach", "dusk"),
    P("A boy made of spray paint comes to life under a railway bridge at night", "boy", "walk", "street", "night"),
    P("CAT", "cat", "walk"),
    P("Kitten", "cat", "walk"),
    P("sleeping cat", "cat", "sleep"),
    P("a small, fluffy kitten playing with yarn", "cat", "run"),
    P("A black and white cat sits on a wall", "cat", "sit"),
    P("my dog is running", "dog", "run"),
    P("A golden retriever puppy plays in a garden", "dog", "run"),
    P("Two dogs running in the snow, camera pans left", "dog", "run", "snow", camera="pan_left"),
    P("A dog in the park", "dog", "walk"),
    P("The dog that chases the ball", "dog", "run"),
    P("A herd of elephants walking through the savanna at golden hour", "elephant", "walk", time="dusk"),
    P("A herd of sheep grazing on a hillside, dolly out", "sheep", "eat", camera="dolly_out"),
    P("In a forest a deer stands still", "deer", place="forest"),
    P("close-up of a tiger, static camera", "tiger", "walk", camera="static"),
    P("Wide shot: a lone camel walks across the dunes. Camera: slow dolly in.", "camel", "walk", "desert"),
    P("A penguin waddles across the ice", "penguin", "walk", "snow"),
    P("A kangaroo hops through the outback", "kangaroo", "jump", "desert"),
    P("A bird flies over the mountains", "dove", "fly", "mountain"),
    P("rocket launch", "rocket", "fly", "desert"),
    P("Pan right across a mountain range", place="mountain", camera="pan_right"),
    P("A story about a brave kitten", "cat", "walk"),
    P("flock of birds", "dove", "fly"),
    P("An eagle soars above snowy mountains", "eagle", "fly", "snow"),
    P("An owl sits on a branch at night", "owl", "sit", "forest", "night"),
    P("a butterfly lands on a flower", "butterfly", "fly"),
    P("fish", "fish", "swim", "sea"),
    P("A school of fish swims in a coral reef", "fish", "swim", "underwater"),
    P("dolphins leaping out of the water at sunset", "dolphin", "jump", "sea", "dusk"),
    P("a duck swims on a pond in the rain, pan right", "duck", "swim", "sea", weather="rain", camera="pan_right"),
    P("A woman dancing in the rain", "woman", "dance", "street", weather="rain"),
    P("A man running through the city", "man", "run", "street"),
    P("a man riding a bicycle", "cyclist", "drive", "street"),
    P("a woman rides her bike along the beach", "cycling-woman", "drive", "beach"),
    P("a group of people walking", "person", "walk", "street"),
    P("The old man sat by the sea at dusk", "man", "sit", "sea", "dusk"),
    P("A beautiful woman with long hair walks down a Paris street", "woman", "walk", "street"),
    P("A skier slides down the slope", "skier", "drive", "snow"),
    P("A surfer rides a giant wave", "surfer", "sail", "sea"),
    P("A yellow taxi drives down a busy New York street in the rain", "taxi", "drive", "street", weather="rain"),
    P("school bus driving down the highway", "bus", "drive", "street"),
    P("A red sports car speeds down a desert highway, tracking shot", "car", "drive", "desert", camera="tracking"),
    P("A car is parked on a street", "car", "stand", "street"),
    P("a train crosses a snowy landscape at night", "train", "drive", "snow", "night"),
    P("drone footage of a sailboat sailing on the ocean, sunrise", "sailboat", "sail", "sea", "dawn"),
    P("a wooden boat on a calm lake", "boat", "sail", "sea"),
    P("A ship sails through a storm", "ship", "sail", "sea", weather="storm"),
    P("A plane taking off at dawn", "airplane", "fly", time="dawn"),
    P("a helicopter hovers over the city", "helicopter", "fly", "street"),
    P("A person's dog runs across a field", "dog", "run"),
    P("a horse galloping through a field, dust in the air, cinematic lighting, 4k, photorealistic", "horse", "run"),
)

SCENERY = (
    P("sunset over the sea", place="sea", time="dusk"),
    P("Mountains", place="mountain"),
    P("Beautiful scenery"),
    P(""),
    P("a rainy Tokyo street at night, neon lights", place="street", time="night", weather="rain"),
    P("Waves crash against rocks under a stormy sky", place="sea", weather="storm"),
    P("The camera slowly zooms out from a lighthouse", "lighthouse", place="beach", camera="dolly_out"),
    P("Snow falls gently on a quiet village", weather="snow"),
    P("Snow falls in Tokyo", place="street", weather="snow"),
    P("A bright snowy field", place="snow"),
    P("A snowy street", place="street", weather="snow"),
    P("A field covered in snow", weather="snow"),
    P("A blizzard in the mountains", place="mountain", weather="snow"),
    P("The sun rises over a calm lake", place="sea", time="dawn"),
    P("Timelapse of clouds moving over a city skyline", place="street"),
    P("An empty road in the desert at noon, static shot", place="desert", camera="static"),
    P("fireworks over the city at night", place="street", time="night"),
    P("a bus stop in the rain", place="street", weather="rain"),
    P("A rainforest in the morning, push in", place="forest", time="dawn"),
    P("a rainbow over a field"),
    P("A windmill in a field of tulips", "windmill"),
    P("Aerial view of a river through a dense forest", place="forest"),
    P("the glacier at twilight, pans left", place="snow", time="dusk", camera="pan_left"),
)

NEGATED = (
    P("A street with no cats", place="street"),
    P("no dogs allowed"),
    P("an empty city without people at night", place="street", time="night"),
    P("A cat and no dog", "cat", "walk"),
    P("A street market with no people and a dog sleeping", "dog", "sleep", "street"),
    P("a dog not running but sitting", "dog", "sit"),
    P("the man doesn't run", "man", "walk", "street"),
    P("a beach, no rain", place="beach"),
)

WITHOUT_PICTURE = (
    P("A quokka in the forest", place="forest", warning=no_picture("quokka")),
    P("Quokka eating leaves", warning=no_picture("quokka")),
    P("A quokka chasing a dog", warning=no_picture("quokka")),
    P("a quokka nibbles a leaf on the beach", place="beach", warning=no_picture("quokka")),
    P("two playful quokkas", warning=no_picture("quokkas")),
    P('"I love my dog," says a quokka', warning=no_picture("quokka")),
    P("a knight on a horse", "knight", "ride", "castle"),
    P("A majestic lion", "lion", "walk"),
    P("a fox wearing a trench coat", "fox", "walk", "forest"),
    P("A cup of coffee and a cat on a table", "coffee", place="kitchen"),
    P("an old fisherman rows a boat", "fisherman", "work", "beach"),
)

TRAPS = (
    P("cat food", warning=no_picture("cat food")),
    P("a cloud shaped like a rabbit"),
    P("a cat shaped cloud over the sea", place="sea"),
    P("A statue of a horse", warning=no_picture("statue")),
    P("waves as tall as a ship, ocean waves", place="sea"),
    P("a tower", warning=no_picture("tower")),
    P("a fish tank", warning=no_picture("fish tank")),
    P("dog toys on the floor", warning=no_picture("dog toys")),
    P("a hot dog on a table", "hot-dog", place="kitchen"),
    P("a plate of spaghetti", "spaghetti", place="kitchen"),
    P("a sea lion on a rock", place="sea", warning=no_picture("sea lion")),
    P("A model on the catwalk", "actor", "walk", "street"),
    P("the dogma", warning=no_picture("dogma")),
    P("horse power"),
    P("a dragonfly over a pond", place="sea", warning=no_picture("dragonfly")),
    P("a bat and ball"),
    P("a toy car on the floor", warning=no_picture("toy car")),
    P("a robot dog in the street", place="street", warning=no_picture("robot dog")),
    P("snow leopard in the himalayas", place="snow", warning=no_picture("snow leopard")),
    P("a horse-drawn carriage", warning=no_picture("carriage")),
    P("a cat's eye", warning=no_picture("eye")),
    P("It is raining cats and dogs", weather="rain"),
    P("a boat house by the lake", place="sea"),
    P("a chef with a frying pan", "chef", "work", "kitchen"),
    P("a girl eats ice cream in the park", "girl", "eat"),
    P("a dog shakes off water", "dog"),
    P("a boy waves", "boy", "wave", "street"),
    P("Cats and dogs in a garden", "cat", "walk"),
    P("a catfish", warning=no_picture("catfish")),
    P("the knight", "knight", "walk", "castle"),
)

TOLD = (
    P("a dog chasing a cat", "dog", "run"),
    P("A girl with a dog walks in the rain", "girl", "walk", "street", weather="rain"),
    P("a cat flying", "cat", "walk", warning="The cat is shown to walk, not to fly."),
    P("a library with a cat on the table", "cat", "walk", place="living room", warning="No set for 'library' yet"),
    P("A rocket launches into space", "rocket", "fly", "space"),
    P("一只猫在海滩上行走", "cat", "walk", "beach"),
    P("Seekor kucing berjalan di pantai saat matahari terbenam", "cat", "walk", "beach", "dusk"),
    P("Un gato camina por la playa", warning="Only English"),
)

PROMPTS = (*SUBJECTS_AND_SETS, *SCENERY, *NEGATED, *WITHOUT_PICTURE, *TRAPS, *TOLD)
