"""Two videos through the HTTP API: one from a prompt, one from a prompt and a picture."""

import sys
import time
from pathlib import Path

from dalang import Client
from dalang.cli.embedded import embedded
from dalang.cli.progress import display
from dalang.client import Task
from dalang.client.order import Wishes

HERE = Path(__file__).parent
OUTPUT = HERE.parent / "demo"

TEXT = "A horse gallops across a meadow at sunset, the camera pans right"
TEXT_WISHES = Wishes(size="1280*720", duration=5, seed=7)

IMAGE = "The camera moves slowly towards the boats in the harbour"
IMAGE_WISHES = Wishes(image=HERE / "harbour.jpg", resolution="720P", duration=5, seed=7)


def main() -> None:
    with embedded() as place, Client(place.url, place.key) as client:
        print(f"serving at {client.base_url}")
        make(client, "text to video", TEXT, TEXT_WISHES, OUTPUT / "text.mp4")
        make(client, "image to video", IMAGE, IMAGE_WISHES, OUTPUT / "image.mp4")
    dalang = Path(sys.executable).with_name("dalang")
    print(f"\n{OUTPUT / 'text.mp4'}\n{OUTPUT / 'image.mp4'}\n\nTo serve: {dalang} serve")


def make(client: Client, title: str, prompt: str, wishes: Wishes, path: Path) -> Task:
    start = time.monotonic()
    with display(sys.stdout, title) as shown:
        task = client.generate(prompt, path, on_update=shown.show, **wishes)
    print(f"  “{prompt}”, engine {task.engine}: {time.monotonic() - start:.1f} s", *task.warnings, sep="\n  ")
    return task


if __name__ == "__main__":
    main()
