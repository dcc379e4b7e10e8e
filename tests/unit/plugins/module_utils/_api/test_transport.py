# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Requests over real sockets on this machine: what only a network can do to them."""

from __future__ import annotations

import socket
import time
from pathlib import Path

import pytest
import requests
import urllib3
from requests.adapters import HTTPAdapter

from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._api import transport
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._api.errors import LibraryMissingError
from ansible_collections.yandex_cloud.managed_kafka.tests.support.raw_server import answering, read_request
from ansible_collections.yandex_cloud.managed_kafka.tests.unit.plugins.module_utils._api.clients import (
    ANSWER,
    BODY,
    Serve,
    client_for,
    repeating,
)
from ansible_collections.yandex_cloud.managed_kafka.tests.unit.plugins.module_utils._api.samples import (
    failed_get,
    failed_pause,
    get,
)
from ansible_collections.yandex_cloud.managed_kafka.tests.unit.plugins.wire import FakeClock

SECRET = "t1.very-secret-token.signature"
NETWORK = "Check the network, the proxy and endpoint."


def test_a_request_has_exactly_these_headers(serve: Serve) -> None:
    received: list[tuple[bytes, bytes]] = []
    server = serve(repeating(b'HTTP/1.1 200 OK\r\nContent-Length: 31\r\n\r\n{"id": "op1", "name": "mirror"}', received))
    client = client_for(server.url)
    client.change("POST", "a b", "c", body={}, key="key-1")
    get(client)
    usual = {
        "Host": f"{server.address}",
        "User-Agent": "tests/1",
        "Accept": "application/json",
        "Accept-Encoding": "identity",
        "Authorization": "Bearer t1.static.token",
    }
    of_change = {"Content-Type": "application/json", "Content-Length": "2", "Idempotency-Key": "key-1"}
    path = "/managed-kafka/v1/clusters/c9qtest/connectors/mirror"
    expected = [("POST /a%20b/c HTTP/1.1", {**usual, **of_change}, b"{}"), (f"GET {path} HTTP/1.1", usual, b"")]
    assert len(received) == 2
    for (head, body), (line, headers, sent) in zip(received, expected):
        first, *others = head.decode().split("\r\n")
        assert (first, dict(header.split(": ", 1) for header in others), body) == (line, headers, sent)


def test_a_netrc_never_replaces_the_token(serve: Serve, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    netrc = tmp_path / ".netrc"
    netrc.write_text("default login someone password hunter2\n")
    monkeypatch.setenv("NETRC", str(netrc))
    monkeypatch.setenv("HOME", str(tmp_path))
    assert requests.utils.get_netrc_auth("http://127.0.0.1") == ("someone", "hunter2")
    received: list[tuple[bytes, bytes]] = []
    get(client_for(serve(repeating(ANSWER, received)).url))
    assert b"\r\nAuthorization: Bearer t1.static.token" in received[0][0]


def test_cookies_are_not_kept(serve: Serve) -> None:
    received: list[tuple[bytes, bytes]] = []
    answer = ANSWER.replace(b"\r\n", b"\r\nSet-Cookie: route=7; Path=/\r\n", 1)
    client = client_for(serve(repeating(answer, received)).url)
    for dummy in range(2):
        assert get(client)["name"] == "mirror"
    assert b"route" not in received[1][0]


@pytest.mark.parametrize(
    "answer",
    [
        ANSWER,
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n" % (len(BODY), BODY),
    ],
    ids=["length", "chunked"],
)
def test_a_connection_is_used_again(serve: Serve, answer: bytes) -> None:
    server = serve(repeating(answer, []))
    client = client_for(server.url)
    for dummy in range(3):
        assert get(client)["name"] == "mirror"
    assert server.connections == 1


def test_a_long_response_is_complete(serve: Serve) -> None:
    body = b'{"name": "%s"}' % (b"x" * 300_000)
    server = serve(answering(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body), body))
    assert len(get(client_for(server.url))["name"]) == 300_000


# Timeouts.


@pytest.mark.parametrize(
    "head",
    [b"HTTP/1.1 200 OK\r\nContent-Length: 1000000", b"HTTP/1.1 302 Found\r\nLocation: /b\r\nContent-Length: 99999"],
    ids=["200", "302"],
)
def test_a_body_that_comes_byte_by_byte_ends_at_twice_the_timeout(serve: Serve, head: bytes) -> None:
    def handle(connection: socket.socket) -> None:
        read_request(connection)
        connection.sendall(head + b"\r\n\r\n")
        # Ten seconds: a client without a timeout fails the test, and does not block it.
        for dummy in range(500):
            connection.sendall(b" ")
            if server.over.wait(0.02):
                break

    server = serve(handle)
    started = time.monotonic()
    error = failed_get(client_for(server.url, request_timeout=0.5))
    assert 0.5 <= time.monotonic() - started < 3
    assert error.msg == f"{server.address} did not respond within 0.5 s. {NETWORK}"
    assert error.is_transient


def test_a_missing_response_ends_at_the_timeout(serve: Serve) -> None:
    def handle(_connection: socket.socket) -> None:
        server.over.wait(10)

    server = serve(handle)
    client = client_for(server.url, request_timeout=0.2)
    started = time.monotonic()
    assert failed_get(client).msg == f"{server.address} did not respond within 0.2 s. {NETWORK}"
    assert failed_pause(client).response_lost
    assert time.monotonic() - started < 3


# Broken connections.

CUT_OFF = {
    "in the body": b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n" + BODY,
    "before the body": b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n",
    "in a chunk": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n64\r\n" + BODY,
    "between chunks": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n12\r\n" + BODY + b"\r\n",
    "before the head": b"",
    "an invalid chunk": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    "not HTTP": b"SSH-2.0-OpenSSH_9.6\r\n",
}


@pytest.mark.parametrize("answer", CUT_OFF.values(), ids=CUT_OFF)
def test_a_response_that_is_cut_off_is_not_a_response(serve: Serve, answer: bytes) -> None:
    server = serve(answering(answer))
    client = client_for(server.url, FakeClock(), request_retries=1)
    error = failed_get(client)
    assert error.is_transient
    assert error.error is None
    assert error.msg.startswith(f"The connection to {server.address} broke: ")
    assert error.msg.endswith(f" (2 attempts). {NETWORK}")
    assert failed_pause(client).response_lost


def test_a_connection_that_is_refused_loses_nothing() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    client = client_for(f"http://127.0.0.1:{port}")
    error = failed_get(client)
    refused = f"Could not connect to 127.0.0.1:{port}: Connection refused. Check endpoint, the firewall and the proxy."
    assert error.msg == refused
    assert error.is_transient
    assert not failed_pause(client).response_lost


# Exceptions of the libraries.


def fail_with(monkeypatch: pytest.MonkeyPatch, raised: Exception) -> None:
    """Let each attempt to send a request raise an exception."""

    def fail(*args: object, **options: object) -> None:
        raise raised

    monkeypatch.setattr(HTTPAdapter, "send", fail)


@pytest.mark.parametrize(
    ("raised", "lost", "transient"),
    [
        (requests.ConnectionError(ConnectionResetError(104, "Connection reset by peer")), True, True),
        (requests.ConnectionError(urllib3.exceptions.ConnectTimeoutError("timed out")), False, True),
        (requests.exceptions.InvalidHeader("cannot be built"), False, False),
    ],
    ids=lambda value: repr(value)[:60],
)
def test_only_a_change_that_was_sent_can_have_been_accepted(
    monkeypatch: pytest.MonkeyPatch, raised: Exception, lost: bool, transient: bool
) -> None:
    fail_with(monkeypatch, raised)
    client = client_for("api.test")
    error = failed_pause(client)
    assert (error.response_lost, error.is_transient) == (lost, transient)
    assert not failed_get(client).response_lost


@pytest.mark.parametrize("kind", [requests.ConnectionError, requests.exceptions.InvalidHeader, OSError])
def test_the_text_of_an_exception_is_shown_without_secrets(
    monkeypatch: pytest.MonkeyPatch, kind: type[Exception]
) -> None:
    fail_with(monkeypatch, kind(f"Bearer {SECRET} was refused"))
    message = failed_get(client_for("api.test", iam_token=SECRET)).msg
    assert "Bearer ******** was refused" in message
    assert SECRET not in message


def test_a_missing_requests_library_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transport, "HAS_REQUESTS", False)
    with pytest.raises(LibraryMissingError, match="has no library requests"):
        client_for("api.test")
