"""What another server takes for a video."""

from __future__ import annotations

from dalang.config import REGION_HOSTS
from dalang.executors.remote.dialect import Seen, model_there
from dalang.models import MODELS, rate
from dalang.regions import region_of
from dalang.remotes import Remote
from dalang.task import Task

HOSTS = tuple(REGION_HOSTS.items())


def cost(remote: Remote, task: Task, seen: Seen, host: str) -> int:
    """Millionths of a yuan: the seconds that they bill at the config's price, or at the cloud's in the region of
    `host`."""
    seconds = task.request.duration if seen.seconds is None else seen.seconds
    return round(_price(remote, task, host) * seconds)


def _price(remote: Remote, task: Task, host: str) -> float:
    """Of a second."""
    if remote.price is not None:
        return remote.price * 1_000_000
    spec = MODELS.get(model_there(task))
    if remote.kind != "dashscope" or spec is None:
        return 0
    found = rate(spec, region_of(host, HOSTS) or task.region, task.request)
    return found.price if found else 0
