"""What /metrics says. Labels come from fixed sets: routes, status codes, models, engines, task states."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, generate_latest

from dalang.store import Store


class Metrics:
    """One registry per app, so that two servers in a process do not share counts."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "dalang_http_requests", "Requests answered.", ["route", "status"], registry=self._registry
        )
        self._answers: dict[tuple[str, int], Counter] = {}  # `labels` takes longer than all else that is counted
        self._created = Counter("dalang_tasks_created", "Tasks accepted.", ["model"], registry=self._registry)
        self._tasks = Gauge("dalang_tasks", "Tasks kept, by state.", ["engine", "status"], registry=self._registry)
        self._waiting = Gauge("dalang_waiting", "Queries and streams that wait.", registry=self._registry)

    def answered(self, route: str, status: int) -> None:
        counter = self._answers.get((route, status))
        if counter is None:
            counter = self._answers[route, status] = self._requests.labels(route, status)
        counter.inc()

    def created(self, model: str) -> None:
        self._created.labels(model).inc()

    async def render(self, store: Store, waiting: int) -> bytes:
        """The Prometheus text format; `waiting` is how many wait now."""
        self._waiting.set(waiting)
        self._tasks.clear()
        for (engine, status), number in (await store.count()).items():
            self._tasks.labels(engine, status).set(number)
        return generate_latest(self._registry)
