# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The client over real sockets: what only a network can do to it. All of it stays on this machine."""

from __future__ import annotations

import datetime
import ipaddress
import socket
import ssl
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import urllib3
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._auth import StaticToken
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._client import Client
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._clock import Clock, Deadline
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._endpoint import parse_endpoint
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._errors import ApiError
from ansible_collections.yandex_cloud.managed_kafka.tests.unit.plugins.wire import FakeClock

BODY = b'{"name": "mirror"}'
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(BODY), BODY)
NOW = datetime.datetime.now(datetime.timezone.utc)
DAY = datetime.timedelta(days=1)

Handler = Callable[[socket.socket], None]


class Server:
    """Listens on this machine and handles each connection by itself, until it is stopped."""

    def __init__(self, handler: Handler) -> None:
        self.handler = handler
        self.connections = 0
        self.stopped = threading.Event()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self.listener.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                connection, _address = self.listener.accept()
                self.connections += 1
                threading.Thread(target=self._handle, args=(connection,), daemon=True).start()

    def _handle(self, connection: socket.socket) -> None:
        # a client that goes away is nothing to report
        with suppress(OSError), connection:
            self.handler(connection)

    def stop(self) -> None:
        self.stopped.set()
        # a thread that waits in accept would keep the listener open
        with suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()


@pytest.fixture
def serve() -> Iterator[Callable[[Handler], Server]]:
    servers: list[Server] = []

    def start(handler: Handler) -> Server:
        servers.append(Server(handler))
        return servers[-1]

    yield start
    for server in servers:
        server.stop()


def read_request(connection: socket.socket) -> bytes:
    """Return the head of a request, and its body, which is short enough to come with it."""
    received = b""
    while b"\r\n\r\n" not in received:
        piece = connection.recv(65536)
        if not piece:
            raise ConnectionAbortedError
        received += piece
    return received


def answering(*pieces: bytes) -> Handler:
    """Return a handler that answers with these bytes and hangs up."""

    def handle(connection: socket.socket) -> None:
        read_request(connection)
        connection.sendall(b"".join(pieces))

    return handle


def client_for(endpoint: str, clock: Clock = time, **options: Any) -> Client:
    client = Client(parse_endpoint(endpoint), Deadline(60, clock), **{"timeout": 5.0, "retries": 0, **options})
    client.credential = StaticToken("t1.static.token")
    return client


def get(client: Client) -> dict[str, Any]:
    return client.get("mdb", "a", expected=lambda body: "name" in body).body


def failed_get(client: Client) -> ApiError:
    with pytest.raises(ApiError) as failure:
        get(client)
    return failure.value


def failed_change(client: Client) -> ApiError:
    with pytest.raises(ApiError) as failure:
        client.change("POST", "a", body={}, idempotency_key="key-1")
    return failure.value


def test_an_answer(serve: Callable[[Handler], Server]) -> None:
    server = serve(answering(ANSWER))
    assert get(client_for(f"http://127.0.0.1:{server.port}"))["name"] == "mirror"


def test_cookies_are_not_kept(serve: Callable[[Handler], Server]) -> None:
    asked = []

    def handle(connection: socket.socket) -> None:
        for dummy in range(2):
            asked.append(read_request(connection))
            connection.sendall(ANSWER.replace(b"\r\n", b"\r\nSet-Cookie: route=7; Path=/\r\n", 1))

    server = serve(handle)
    client = client_for(f"http://127.0.0.1:{server.port}")
    for dummy in range(2):
        assert get(client)["name"] == "mirror"
    assert b"route" not in asked[1]
    assert not client.session.cookies


def test_answers_over_a_connection_that_is_kept(serve: Callable[[Handler], Server]) -> None:
    def handle(connection: socket.socket) -> None:
        for dummy in range(3):
            read_request(connection)
            connection.sendall(ANSWER)

    server = serve(handle)
    client = client_for(f"http://127.0.0.1:{server.port}")
    for dummy in range(3):
        assert get(client)["name"] == "mirror"
    assert server.connections == 1


@pytest.mark.skipif(
    not hasattr(urllib3.HTTPResponse, "read1"), reason="urllib3 1 waits for as much as it was asked for"
)
@pytest.mark.parametrize(
    "head",
    [b"HTTP/1.1 200 OK\r\nContent-Length: 1000000", b"HTTP/1.1 302 Found\r\nLocation: /b\r\nContent-Length: 99999"],
)
def test_an_answer_that_dribbles_ends_at_the_timeout(serve: Callable[[Handler], Server], head: bytes) -> None:
    def handle(connection: socket.socket) -> None:
        read_request(connection)
        connection.sendall(head + b"\r\n\r\n")
        for dummy in range(500):  # ten seconds: a client that listens on and on shall fail the test, not hang it
            connection.sendall(b" ")
            if server.stopped.wait(0.02):
                break

    server = serve(handle)
    began = time.monotonic()
    error = failed_get(client_for(f"http://127.0.0.1:{server.port}", timeout=0.3))
    assert 0.3 <= time.monotonic() - began < 3
    assert f"no whole answer from 127.0.0.1:{server.port} within 0.3 s" in error.msg
    assert error.transient


def test_no_answer_at_all_ends_at_the_timeout(serve: Callable[[Handler], Server]) -> None:
    def handle(_connection: socket.socket) -> None:
        server.stopped.wait(10)

    server = serve(handle)
    client = client_for(f"http://127.0.0.1:{server.port}", timeout=0.2)
    began = time.monotonic()
    assert "within 0.2 s" in failed_get(client).msg
    assert failed_change(client).lost
    assert time.monotonic() - began < 3


CUT_OFF = {
    "in the body": b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n" + BODY,
    "before the body": b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n",
    "in a chunk": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n64\r\n" + BODY,
    "between chunks": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n12\r\n" + BODY + b"\r\n",
    "before the head": b"",
    "a chunk of nonsense": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    "not gzip": b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\nnope",
    "not HTTP": b"SSH-2.0-OpenSSH_9.6\r\n",
}


@pytest.mark.parametrize("answer", CUT_OFF.values(), ids=CUT_OFF)
def test_an_answer_that_is_cut_off_is_no_answer(serve: Callable[[Handler], Server], answer: bytes) -> None:
    server = serve(answering(answer))
    client = client_for(f"http://127.0.0.1:{server.port}", FakeClock(), retries=1)
    error = failed_get(client)
    assert error.transient
    assert "127.0.0.1" in error.msg
    assert "(tried 2 times)" in error.msg
    assert failed_change(client).lost


def test_a_connection_that_is_reset(serve: Callable[[Handler], Server]) -> None:
    def handle(connection: socket.socket) -> None:
        read_request(connection)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    client = client_for(f"http://127.0.0.1:{serve(handle).port}")
    assert "Connection reset by peer" in failed_get(client).msg
    assert failed_change(client).lost


def test_a_connection_that_is_refused() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    client = client_for(f"http://127.0.0.1:{port}")
    error = failed_get(client)
    assert "Connection refused" in error.msg
    assert error.transient
    assert not failed_change(client).lost


def test_a_host_that_does_not_exist() -> None:
    error = failed_get(client_for("kafka.invalid"))
    assert "mdb.kafka.invalid" in error.msg
    assert error.transient


# TLS.


def certificate(
    folder: Path,
    name: str,
    *,
    host: str = "localhost",
    issuer: tuple[x509.Certificate, ec.EllipticCurvePrivateKey] | None = None,
    ends: datetime.datetime = NOW + DAY,
) -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
    """Write NAME.pem, with the key of a new certificate; without an issuer it is signed by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    alternative: x509.GeneralName
    try:
        alternative = x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        alternative = x509.DNSName(host)
    signed = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer[0].subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(ends - 2 * DAY)
        .not_valid_after(ends)
        .add_extension(x509.SubjectAlternativeName([alternative]), critical=False)
        .add_extension(x509.BasicConstraints(ca=issuer is None, path_length=None), critical=True)
        .add_extension(
            x509.KeyUsage(
                digital_signature=True,
                key_cert_sign=issuer is None,
                crl_sign=issuer is None,
                content_commitment=False,
                key_encipherment=False,
                data_encipherment=False,
                key_agreement=False,
                encipher_only=False,
                decipher_only=False,
            ),
            critical=True,
        )
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key((issuer[1] if issuer else key).public_key()),
            critical=False,
        )
        .sign(issuer[1] if issuer else key, hashes.SHA256())
    )
    (folder / f"{name}.pem").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + signed.public_bytes(serialization.Encoding.PEM)
    )
    return signed, key


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder: Path = tmp_path_factory.mktemp("certificates")
    ca = certificate(folder, "ca")
    certificate(folder, "good", issuer=ca)
    certificate(folder, "address", issuer=ca, host="127.0.0.1")
    certificate(folder, "wrong", issuer=ca, host="elsewhere.example")
    certificate(folder, "expired", issuer=ca, ends=NOW - DAY)
    certificate(folder, "api", issuer=ca, host="mdb.kafka.invalid")
    certificate(folder, "self", host="localhost")
    return folder


def tls(file: Path, handler: Handler) -> Handler:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)

    def handle(connection: socket.socket) -> None:
        with context.wrap_socket(connection, server_side=True) as encrypted:
            handler(encrypted)

    return handle


@pytest.mark.parametrize(("name", "host"), [("good", "localhost"), ("address", "127.0.0.1")])
def test_a_certificate_of_the_own_ca_is_trusted(
    serve: Callable[[Handler], Server], certificates: Path, name: str, host: str
) -> None:
    server = serve(tls(certificates / f"{name}.pem", answering(ANSWER)))
    client = client_for(f"https://{host}:{server.port}", verify=str(certificates / "ca.pem"))
    assert get(client)["name"] == "mirror"


@pytest.mark.parametrize(
    ("name", "ca", "reason"),
    [
        ("self", True, "self-signed certificate|self signed certificate"),
        ("good", True, "unable to get local issuer certificate"),
        ("wrong", "ca.pem", "Hostname mismatch|doesn't match"),
        ("address", "ca.pem", "Hostname mismatch|doesn't match"),
        ("expired", "ca.pem", "certificate has expired"),
        ("good", "self.pem", "unable to get local issuer certificate"),
    ],
)
def test_a_certificate_that_is_not_trusted_is_a_clear_error_at_once(
    serve: Callable[[Handler], Server], certificates: Path, name: str, ca: Any, reason: str
) -> None:
    server = serve(tls(certificates / f"{name}.pem", answering(ANSWER)))
    verify = ca if ca is True else str(certificates / ca)
    error = failed_get(client_for(f"https://localhost:{server.port}", verify=verify, retries=5))
    assert f"the TLS certificate of localhost:{server.port} is not trusted" in error.msg
    assert any(text in error.msg for text in reason.split("|"))
    assert "ca_path" in error.msg
    assert not error.transient
    assert not error.lost
    assert server.connections == 1


@pytest.mark.filterwarnings("ignore:Unverified HTTPS request")
@pytest.mark.parametrize("name", ["self", "wrong", "expired"])
def test_without_validation_every_certificate_is_taken(
    serve: Callable[[Handler], Server], certificates: Path, name: str
) -> None:
    server = serve(tls(certificates / f"{name}.pem", answering(ANSWER)))
    assert get(client_for(f"https://localhost:{server.port}", verify=False))["name"] == "mirror"


@pytest.mark.parametrize("variable", ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"])
def test_no_variable_changes_what_is_trusted(
    serve: Callable[[Handler], Server], certificates: Path, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    server = serve(tls(certificates / "good.pem", answering(ANSWER)))
    monkeypatch.setenv(variable, str(certificates / "self.pem"))
    client = client_for(f"https://localhost:{server.port}", verify=str(certificates / "ca.pem"))
    assert get(client)["name"] == "mirror"


def test_a_server_without_tls_is_an_error(serve: Callable[[Handler], Server]) -> None:
    server = serve(answering(ANSWER))
    assert f"localhost:{server.port}" in failed_get(client_for(f"https://localhost:{server.port}", timeout=1)).msg


# Proxies.


def test_a_proxy_sees_neither_token_nor_request(
    serve: Callable[[Handler], Server], certificates: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[bytes] = []
    inside = tls(certificates / "api.pem", answering(ANSWER))

    def proxy(connection: socket.socket) -> None:
        seen.append(read_request(connection))
        connection.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
        inside(connection)

    use_proxy(monkeypatch, serve(proxy).port)
    assert get(client_for("kafka.invalid", verify=str(certificates / "ca.pem")))["name"] == "mirror"
    assert len(seen) == 1
    assert seen[0].startswith(b"CONNECT mdb.kafka.invalid:443 HTTP/1.")
    assert b"t1.static.token" not in seen[0]


def use_proxy(monkeypatch: pytest.MonkeyPatch, port: int) -> None:
    for name in ("all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    for name in ("https_proxy", "http_proxy"):
        monkeypatch.setenv(name, f"http://user:hunter2@127.0.0.1:{port}")
        monkeypatch.setenv(name.upper(), f"http://user:hunter2@127.0.0.1:{port}")


@pytest.mark.parametrize(
    "answer", [b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n", b"HTTP/1.1 403 Forbidden\r\n\r\n"]
)
def test_a_proxy_that_does_not_let_through_is_named_as_such(
    serve: Callable[[Handler], Server], monkeypatch: pytest.MonkeyPatch, answer: bytes
) -> None:
    use_proxy(monkeypatch, serve(answering(answer)).port)
    client = client_for("kafka.invalid")
    error = failed_get(client)
    assert "the proxy does not connect to mdb.kafka.invalid" in error.msg
    assert "hunter2" not in str(error.result())
    assert not failed_change(client).lost


def test_this_machine_is_asked_without_the_proxy(
    serve: Callable[[Handler], Server], monkeypatch: pytest.MonkeyPatch
) -> None:
    proxy, server = serve(answering(b"")), serve(answering(ANSWER))
    use_proxy(monkeypatch, proxy.port)
    assert get(client_for(f"http://localhost:{server.port}"))["name"] == "mirror"
    assert proxy.connections == 0
