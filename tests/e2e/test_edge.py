"""How the server stands in a network: TLS, proxies, other origins; and what operators see of it."""

from __future__ import annotations

import ipaddress
import json
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.e2e.conftest import Launch
from tests.e2e.film import look_at
from tests.e2e.running import CREATE, KEY, Server, free_port, memory
from tests.e2e.until import until


def write_certificate(folder: Path) -> tuple[str, str]:
    """Of 127.0.0.1, by itself; paths of certificate and key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "dalang test")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    cert_file, key_file = folder / "cert.pem", folder / "key.pem"
    cert_file.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    key_file.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return str(cert_file), str(key_file)


def test_tls_serves_the_api_and_the_video(launch: Launch, tmp_path: Path) -> None:
    cert, key = write_certificate(tmp_path)
    server = launch(tls_cert=cert, tls_key=key)
    assert server.url.startswith("https://127.0.0.1:")
    server.http = server.client(KEY, verify=ssl.create_default_context(cafile=cert))
    link = server.succeed(server.create())["video_url"]
    assert link.startswith(f"{server.url}/files/")
    assert look_at(server.http.get(link).content).size == (832, 480)


def test_a_public_url_stands_in_the_links_whatever_the_host(launch: Launch) -> None:
    port = str(free_port())
    server = launch(public_url="https://videos.example/wan/", port=port, is_awaited=False)
    server.url = f"http://127.0.0.1:{port}"
    until(lambda: server.is_ready, "the server is ready")
    server.http = server.client(KEY)
    task = server.create()
    link = server.succeed(task)["video_url"]
    assert link.startswith(f"https://videos.example/wan/files/{task}/1.mp4?")
    assert server.http.get(link.removeprefix("https://videos.example/wan")).status_code == 200


@pytest.fixture(scope="module")
def finished(server: Server) -> str:
    task = server.create()
    server.succeed(task)
    return task


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Trusts no proxy, and logs as JSON."""
    server = Server(tmp_path_factory.mktemp("plain") / "data", log_format="json").start()
    yield server
    server.kill()


def link(server: Server, task: str, **headers: str) -> httpx.URL:
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    return httpx.URL(server.http.get(f"/api/v1/tasks/{task}", headers=names).json()["output"]["video_url"])


def test_links_follow_the_address_the_client_used(server: Server, finished: str) -> None:
    assert link(server, finished, Host="dalang.internal:9000").netloc == b"dalang.internal:9000"


def test_a_trusted_proxy_s_words_are_believed(server: Server, finished: str) -> None:
    seen = link(server, finished, X_Forwarded_Proto="https", X_Forwarded_Host="wan.example")
    assert str(seen).startswith("https://wan.example/files/")


def test_a_stranger_s_forwarded_words_are_not_believed(plain: Server) -> None:
    task = plain.create()
    plain.succeed(task)
    seen = link(plain, task, X_Forwarded_Proto="https", X_Forwarded_Host="wan.example")
    assert str(seen).startswith(f"{plain.url}/files/")


def test_pages_of_the_named_origin_may_call_and_no_others(server: Server) -> None:
    asked = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization"}
    mine = server.client(None).options(CREATE, headers={"Origin": "https://studio.example", **asked})
    assert mine.status_code == 200
    assert mine.headers["access-control-allow-origin"] == "https://studio.example"
    other = server.client(None).options(CREATE, headers={"Origin": "https://evil.example", **asked})
    assert "access-control-allow-origin" not in other.headers
    error = server.client(None).get("/api/v1/tasks/", headers={"Origin": "https://studio.example"})
    assert error.status_code == 401
    assert error.headers["access-control-allow-origin"] == "https://studio.example", "errors are readable too"


def test_health_and_metrics_need_no_key(server: Server, finished: str) -> None:
    get = server.client(None).get
    assert get("/healthz").status_code == get("/readyz").status_code == 200
    metrics = get("/metrics").text
    assert 'status="SUCCEEDED"' in metrics
    assert finished not in metrics, "labels are of bounded number"


def test_metrics_grow_no_series_with_paths(server: Server) -> None:
    def series() -> set[str]:
        lines = server.client(None).get("/metrics").text.splitlines()
        return {line.rpartition(" ")[0] for line in lines if not line.startswith("#")}

    server.client(None).get("/first")
    before = series()
    for number in range(20):
        server.client(None).get(f"/nowhere/{number}")
        server.http.get(f"/api/v1/tasks/{number}")
    assert len(series() - before) <= 2


def test_a_request_id_leads_from_the_reply_to_the_log_in_json(plain: Server) -> None:
    reply = plain.post("wan2.1-t2v-turbo", {"size": "832*480"}, prompt="a card").json()
    plain.succeed(reply["output"]["task_id"])
    plain.http.get("/api/v1/tasks/x", headers={"Authorization": "Bearer sk-not-to-be-logged"})
    lines = [json.loads(line) for line in plain.log.splitlines() if line.startswith("{")]
    events = [line["event"] for line in lines if line.get("request_id") == reply["request_id"]]
    assert events == ["task created", "task running", "task succeeded"]
    assert "sk-not-to-be-logged" not in plain.log
    assert "Signature" not in plain.log


def test_the_server_process_loads_no_library_that_decodes_draws_or_learns(server: Server, finished: str) -> None:
    mapped = Path(f"/proc/{server.pid}/maps").read_text()
    assert not [name for name in ("cv2", "/av/", "PIL", "numpy", "torch") if name in mapped]
    assert memory(server.pid)[0] < 250 << 20
