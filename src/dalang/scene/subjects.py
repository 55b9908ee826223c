"""Everything that can stand before the camera, by name."""

from __future__ import annotations

from dalang.scene.animals import ANIMALS
from dalang.scene.people import PEOPLE
from dalang.scene.subject import Subject
from dalang.scene.vehicles import VEHICLES

SUBJECTS: dict[str, Subject] = {subject.name: subject for subject in (*ANIMALS, *PEOPLE, *VEHICLES)}

__all__ = ["SUBJECTS", "Subject"]
