"""A small video service on the loopback: hands out one task, which goes through the given states, a poll each."""

import json
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

VIDEO = b"not really a video" * 1000


POLICY = {
    "upload_dir": "dashscope-instant/a/b",
    "policy": "cG9s",
    "signature": "c2ln",
    "oss_access_key_id": "id",
    "max_file_size_mb": 100,
}


class VideoService(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, states):
        super().__init__(("127.0.0.1", 0), VideoRequest)
        self.states = list(states)
        self.orders = []
        self.headers = []
        self.uploads = []
        self.cancels = []
        self.on_poll = lambda: None

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}"

    def task(self, status):
        output = {"task_id": "t-1", "task_status": status, "dalang": {"warnings": ["no quokka"], "seed": 7}}
        if status == "SUCCEEDED":
            output["video_url"] = f"{self.url}/files/t-1.mp4"
        if status == "FAILED":
            output |= {"code": "InvalidURL", "message": "Invalid URL provided in your request."}
        return {"request_id": "r-1", "output": output}


class VideoRequest(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.path == "/uploads":
            self.server.uploads.append(body)
            self.send(b"")
        elif self.path.endswith("/cancel"):
            self.server.cancels.append(self.headers.get("X-Dalang-Cancel"))
            ended = {"code": "UnsupportedOperation", "message": "Failed to cancel the task.", "request_id": "r-1"}
            self.reply(ended if "/ended/" in self.path else {"request_id": "r-1"})
        else:
            self.server.orders.append(json.loads(body) if body else self.path)
            self.server.headers.append(self.headers)
            self.reply(self.server.task("PENDING"))

    def do_GET(self):
        if self.path.startswith("/files/"):
            self.send(VIDEO)
        elif self.path.startswith("/api/v1/uploads?"):
            self.reply({"request_id": "r", "data": {**POLICY, "upload_host": f"{self.server.url}/uploads"}})
        elif self.path == "/healthz":
            self.send(b"")
        elif self.path.startswith("/api/v1/tasks/?"):
            row = {"task_id": "t-1", "status": "RUNNING", "model_name": "wan2.6-t2v", "gmt_create": 0}
            self.reply({"request_id": "r", "data": [row], "total": 1, "total_page": 1, "page_no": 1})
        else:
            states = self.server.states
            self.server.on_poll()
            self.reply(self.server.task(states.pop(0) if len(states) > 1 else states[0]))

    def reply(self, content):
        self.send(json.dumps(content).encode())

    def send(self, content):
        self.send_response(200)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_):
        pass


@contextmanager
def serving(*states):
    with VideoService(states) as service:
        threading.Thread(target=service.serve_forever, kwargs={"poll_interval": 0.01}).start()
        yield service
        service.shutdown()
