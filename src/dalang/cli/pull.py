"""`dalang pull`: the open weights by name, from the hub, a mirror or a folder."""

from __future__ import annotations

import argparse
import sys
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from dalang import config
from dalang.cli.gauge import gauge, gigabytes
from dalang.cli.table import table
from dalang.errors import ConfigError, NoSuchWeightsError
from dalang.weights.checkpoint import checkpoints
from dalang.weights.lora import open_loras
from dalang.weights.origin import Origin, Want
from dalang.weights.place import Place
from dalang.weights.pull import pull


def parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="dalang pull",
        description="Fetch open weights into the folder of the server's weights; without a name, list them.",
        epilog="What breaks off is gone on with by the same command. A checkpoint brings its published LoRA weights.",
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help="a checkpoint, or LoRA weights by their alias")
    parser.add_argument("--from", dest="source", metavar="SOURCE", help="a mirror's address, or a folder")
    parser.add_argument("--check", action="store_true", help="read what is here again, and fetch nothing")
    add_places(parser)
    return parser


def add_places(parser: argparse.ArgumentParser) -> None:
    """Where the weights lie: as the server's settings say, unless a flag does."""
    parser.add_argument("--weights", type=Path, metavar="DIR", help="folder of the weights")
    parser.add_argument("--data", type=Path, metavar="DIR", help="the server's data folder")
    parser.add_argument("--config", type=Path, metavar="FILE", help="the server's settings, as TOML")


def settings_of(arguments: argparse.Namespace) -> config.Config:
    """Raises ConfigError."""
    data, weights = (None if path is None else str(path) for path in (arguments.data, arguments.weights))
    return config.load(arguments.config, data=data, weights=weights)


def run(arguments: argparse.Namespace) -> int:
    settings = settings_of(arguments)
    weights = settings.weights_folder
    if arguments.check:
        named = [want for name in arguments.names for want in wants(name)]
        here = [want for want in every_want() if Place.of(want, weights).is_here]
        return max((checked(want, weights) for want in named or here), default=0)
    if not arguments.names:
        print(listed(weights))
        return 0
    orders = [want for name in arguments.names for want in wants(name)]
    origin = origin_of(arguments.source or settings.hub, weights)
    for want in orders:
        try:
            fetch(want, origin, weights)
        except NoSuchWeightsError as error:
            if want.name in arguments.names:
                raise
            print(f"dalang: {error} Profiles that name it fail until it is pulled.", file=sys.stderr)
    return 0


def wants(name: str) -> list[Want]:
    """The checkpoint or LoRA weights `name`; with a checkpoint, those that were made for it.

    Raises ConfigError for a name that is neither.
    """
    loras = open_loras()
    if name in loras:
        return [Want(name, loras[name].repository, loras[name].path)]
    if name not in checkpoints():
        raise ConfigError(f"There are no open weights {name!r}; take {', '.join((*checkpoints(), *loras))}.")
    made_for_it = [alias for alias, row in loras.items() if name in row.checkpoints]
    return [Want(name, checkpoints()[name].repository), *(want for alias in made_for_it for want in wants(alias))]


def every_want() -> list[Want]:
    return [wants(name)[0] for name in (*checkpoints(), *open_loras())]


def origin_of(source: str | None, weights: Path) -> Origin:
    """A mirror, a folder outside `weights`, or the hub that the library of the hub knows. Raises ConfigError for none
    of them."""
    address = source or default_hub()
    if address.startswith(("https://", "http://")):
        from dalang.weights.hub import Hub  # httpx takes 80 ms, which no list need pay

        return Hub(address)
    if not Path(address).is_dir():
        raise ConfigError(f"--from {address}: that is neither a folder nor an address that begins with https://.")
    if Path(address).resolve().is_relative_to(weights.resolve()):
        raise ConfigError(f"--from {address}: what lies there is already in the folder of the weights.")
    from dalang.weights.folder import Folder

    return Folder(Path(address))


def default_hub() -> str:
    if find_spec("huggingface_hub") is None:
        raise ConfigError(
            "Nobody says where from: give --from with a mirror's address or a folder, set `hub`, or install "
            "'dalang[wan]', whose library knows the hub."
        )
    return str(import_module("huggingface_hub.constants").ENDPOINT)


def fetch(want: Want, origin: Origin, weights: Path) -> None:
    total = 0
    with gauge(sys.stderr, want.name) as shown:
        for moved in pull(want, origin, weights):
            total = moved.total
            shown.show(moved.done, total)
    print(f"{want.name}: {gigabytes(total)} in {weights}")


def checked(want: Want, weights: Path) -> int:
    """The exit status."""
    found = [(path, fault) for path, fault in Place.of(want, weights).check() if fault]
    for path, fault in found:
        print(f"{want.name}: {path} {fault}")
    if not found:
        print(f"{want.name}: whole")
    return 1 if found else 0


def listed(weights: Path) -> str:
    state = {want.name: _state(weights, want) for want in every_want()}
    rows = [
        (name, ", ".join(row.kinds), ", ".join(row.tiers), f"{row.gigabytes:g}", state[name])
        for name, row in checkpoints().items()
    ]
    rows += [
        (alias, "LoRA", " ".join(row.checkpoints), f"{row.gigabytes:g}", state[alias])
        for alias, row in open_loras().items()
    ]
    return table(("name", "makes", "of", "GB", f"in {weights}"), rows)


def _state(weights: Path, want: Want) -> str:
    place = Place.of(want, weights)
    if place.is_here:
        return "here"
    return "in part" if place.is_begun else "-"
