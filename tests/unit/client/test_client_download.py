"""Fetching a file over a connection that breaks, from a real server on the loopback."""

import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from client_fakes import FakeClock

from dalang.client import Client, DownloadFailed, Task
from dalang.task import TaskStatus

VIDEO = bytes(range(256)) * 4096


class FileServer(ThreadingHTTPServer):
    """Serves `content` at any path. `faults` are taken one a request: a number of bytes after which the connection is
    cut, a status to answer, or a function of the handler."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), FileRequest)
        self.content = VIDEO
        self.mark = '"v1"'
        self.faults = []
        self.requests = []

    @property
    def link(self):
        return f"http://127.0.0.1:{self.server_port}/files/a.mp4?Expires=1&Signature=x"


class FileRequest(BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.requests.append(dict(self.headers))
        fault = self.server.faults.pop(0) if self.server.faults else None
        if callable(fault):
            fault(self)
        elif fault in (403, 416, 503):
            self.send_error(fault)
        else:
            self.send_content(fault)

    def send_content(self, cut):
        content, start = self.server.content, self.start()
        if start is None:
            self.send_response(200)
        elif start >= len(content):
            self.send_response(416)
            self.send_header("Content-Range", f"bytes */{len(content)}")
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        else:
            self.send_response(206)
            self.send_header("Content-Range", f"bytes {start}-{len(content) - 1}/{len(content)}")
        rest = content[start or 0 :]
        self.send_header("Content-Length", str(len(rest)))
        if self.server.mark:
            self.send_header("ETag", self.server.mark)
        self.end_headers()
        self.wfile.write(rest[:cut])
        self.close_connection = True

    def start(self):
        """Where to go on from: only when asked, and only while the file is the same."""
        asked = re.match(r"bytes=(\d+)-", self.headers.get("Range", ""))
        return int(asked[1]) if asked and self.headers.get("If-Range") == self.server.mark else None

    def log_message(self, *_):
        pass


@pytest.fixture
def server():
    with FileServer() as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}).start()
        yield server
        server.shutdown()


@pytest.fixture
def client():
    with Client("http://video.test", "sk-secret", clock=FakeClock()) as client:
        yield client


def test_a_file_arrives_whole_and_leaves_nothing_beside_it(server, client, tmp_path):
    path = client.download(server.link, tmp_path / "new" / "folder" / "a.mp4")
    assert path.read_bytes() == VIDEO
    assert list(path.parent.iterdir()) == [path]


def test_the_host_of_the_link_does_not_see_the_key(server, client, tmp_path):
    client.download(server.link, tmp_path / "a.mp4")
    assert "Authorization" not in server.requests[0]


def test_a_broken_download_goes_on_where_it_broke(server, client, tmp_path):
    server.mark = '"0f3a"'
    server.faults = [100_000, 200_000]
    client.download(server.link, tmp_path / "a.mp4")
    assert (tmp_path / "a.mp4").read_bytes() == VIDEO
    assert [request.get("Range") for request in server.requests] == [None, "bytes=100000-", "bytes=300000-"]
    assert [request.get("If-Range") for request in server.requests] == [None, '"0f3a"', '"0f3a"']


def test_a_later_download_goes_on_from_an_earlier_ones_bytes(server, client, tmp_path):
    server.faults = [100_000, *[503] * 6]
    with pytest.raises(DownloadFailed, match="100000 bytes"):
        client.download(server.link, tmp_path / "a.mp4")
    assert not (tmp_path / "a.mp4").exists(), "a part never stands under the name of the whole"
    server.requests.clear()
    fresh_link = server.link.replace("Signature=x", "Signature=y")
    client.download(fresh_link, tmp_path / "a.mp4")
    assert server.requests[0]["Range"] == "bytes=100000-"
    assert (tmp_path / "a.mp4").read_bytes() == VIDEO


def test_the_parts_of_two_files_do_not_mix(server, client, tmp_path):
    server.faults = [100_000, *[503] * 6]
    with pytest.raises(DownloadFailed):
        client.download(server.link, tmp_path / "a.mp4")
    server.content = VIDEO[::-1]
    client.download(server.link.replace("a.mp4", "b.mp4"), tmp_path / "a.mp4")
    assert (tmp_path / "a.mp4").read_bytes() == VIDEO[::-1]


def test_a_file_that_changed_meanwhile_starts_anew(server, client, tmp_path):
    def change(request):
        server.content, server.mark = VIDEO[::-1], '"v2"'
        request.send_content(None)

    server.faults = [100_000, change]
    client.download(server.link, tmp_path / "a.mp4")
    assert (tmp_path / "a.mp4").read_bytes() == VIDEO[::-1]


@pytest.mark.parametrize("mark", [None, 'W/"v1"'])
def test_without_a_strong_mark_a_broken_download_starts_anew(server, client, tmp_path, mark):
    server.mark = mark
    server.faults = [100_000]
    client.download(server.link, tmp_path / "a.mp4")
    assert (tmp_path / "a.mp4").read_bytes() == VIDEO
    assert "Range" not in server.requests[1]


def test_a_range_that_was_not_asked_for_is_not_appended(server, client, tmp_path):
    def other_range(request):
        request.send_response(206)
        first = VIDEO[:-100_000]
        request.send_header("Content-Range", f"bytes 0-{len(first) - 1}/{len(VIDEO)}")
        request.send_header("Content-Length", str(len(first)))
        request.end_headers()
        request.wfile.write(first)

    server.faults = [100_000, other_range]
    client.download(server.link, tmp_path / "a.mp4")
    assert (tmp_path / "a.mp4").read_bytes() == VIDEO


def test_all_bytes_here_but_not_yet_in_place_is_enough(server, client, tmp_path):
    server.faults = [len(VIDEO) - 1, *[503] * 6]
    with pytest.raises(DownloadFailed):
        client.download(server.link, tmp_path / "a.mp4")
    part = next(tmp_path.glob("*.part"))
    part.write_bytes(VIDEO)
    client.download(server.link, tmp_path / "a.mp4")
    assert (tmp_path / "a.mp4").read_bytes() == VIDEO


def test_a_longer_part_than_the_file_is_thrown_away(server, client, tmp_path):
    server.faults = [100_000, *[503] * 6]
    with pytest.raises(DownloadFailed):
        client.download(server.link, tmp_path / "a.mp4")
    next(tmp_path.glob("*.part")).write_bytes(VIDEO + b"more")
    client.download(server.link, tmp_path / "a.mp4")
    assert (tmp_path / "a.mp4").read_bytes() == VIDEO


def test_an_expired_link_says_so_at_once(server, client, tmp_path):
    server.faults = [403]
    with pytest.raises(DownloadFailed, match=r"403.*expired"):
        client.download(server.link, tmp_path / "a.mp4")
    assert len(server.requests) == 1


def test_an_encoded_file_is_refused(server, client, tmp_path):
    def encoded(request):
        request.send_response(200)
        request.send_header("Content-Encoding", "gzip")
        request.send_header("Content-Length", "0")
        request.end_headers()

    server.faults = [encoded]
    with pytest.raises(DownloadFailed, match="gzip"):
        client.download(server.link, tmp_path / "a.mp4")


def test_an_older_file_stays_until_the_new_one_is_whole(server, client, tmp_path):
    (tmp_path / "a.mp4").write_bytes(b"older")
    server.faults = [100_000, *[503] * 6]
    with pytest.raises(DownloadFailed):
        client.download(server.link, tmp_path / "a.mp4")
    assert (tmp_path / "a.mp4").read_bytes() == b"older"


def test_a_task_without_video_is_told(client, tmp_path):
    with pytest.raises(DownloadFailed, match="no video"):
        client.download(Task(id="t-1", status=TaskStatus.FAILED), tmp_path / "a.mp4")


def test_a_download_has_an_end_of_its_own(server, tmp_path):
    class HastyClock(FakeClock):
        def monotonic(self):
            self.now += 10
            return self.now

    with (
        Client("http://video.test", "sk-secret", clock=HastyClock()) as client,
        pytest.raises(DownloadFailed, match="within 60 s"),
    ):
        client.download(server.link, tmp_path / "a.mp4", timeout=60)


@pytest.mark.parametrize("fault", [206, 416])
def test_a_part_that_nobody_asked_for_is_refused(server, client, tmp_path, fault):
    def part(request):
        request.send_response(fault)
        request.send_header("Content-Range", f"bytes */{len(VIDEO)}")
        request.send_header("Content-Length", "0")
        request.end_headers()

    server.faults = [part]
    with pytest.raises(DownloadFailed, match=str(fault)):
        client.download(server.link, tmp_path / "a.mp4")


@pytest.mark.parametrize("link", ["http://host:port/a.mp4", "oss://bucket/a.mp4", "a.mp4"])
def test_a_link_that_is_none_is_told(client, tmp_path, link):
    with pytest.raises(DownloadFailed):
        client.download(link, tmp_path / "a.mp4")


def test_links_that_lead_in_a_circle_are_told(server, client, tmp_path):
    def around(request):
        request.send_response(302)
        request.send_header("Location", server.link)
        request.send_header("Content-Length", "0")
        request.end_headers()

    server.faults = [around] * 30
    with pytest.raises(DownloadFailed, match="leads nowhere"):
        client.download(server.link, tmp_path / "a.mp4")
