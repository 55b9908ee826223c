"""A clock that tests move, and a server that answers from a list."""

import json

import httpx

from dalang.client import Client

URL = "http://video.test/api/v1"


class FakeClock:
    """Time passes only by sleeping; `slept` tells how long each time."""

    def __init__(self):
        self.now = 0.0
        self.slept = []

    def monotonic(self):
        return self.now

    def sleep(self, seconds):
        self.slept.append(seconds)
        self.now += seconds


class Script:
    """Answers each request with the next of `answers`: a response, or an exception to raise."""

    def __init__(self, *answers):
        self.answers = list(answers)
        self.requests = []

    def __call__(self, request):
        request.read()
        self.requests.append(request)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, type) and issubclass(answer, Exception):
            raise answer("broken on purpose", request=request)
        return httpx.Response(answer.status_code, headers=answer.headers, content=answer.content)

    def body(self, index=0):
        return json.loads(self.requests[index].content)


class Waiting(Script):
    """A Dalang server: a query that names a `wait` takes so long, unless the answer is one that ends it."""

    def __init__(self, clock, *answers):
        super().__init__(*answers)
        self.clock = clock

    def __call__(self, request):
        response = super().__call__(request)
        if response.status_code == 200 and response.json()["output"]["task_status"] in ("PENDING", "RUNNING"):
            self.clock.now += float(request.url.params.get("wait", 0))
        return response

    @property
    def waits(self):
        """What each query asked for; None where it named none."""
        return [request.url.params.get("wait") for request in self.requests]


def client_of(script, clock=None):
    return Client(URL, "sk-secret", transport=httpx.MockTransport(script), clock=clock or FakeClock())


def task(status, *, request_id="r-1", usage=None, **output):
    reply = {"request_id": request_id, "output": {"task_id": "t-1", "task_status": status, **output}}
    return httpx.Response(200, json=reply if usage is None else {**reply, "usage": usage})


def refusal(status, code="InvalidParameter", message="wrong", **headers):
    body = {"code": code, "message": message, "request_id": "r-9"}
    return httpx.Response(status, json=body, headers=headers)
