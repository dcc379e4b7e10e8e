# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Clients with the real transport, for the tests over real sockets."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable
from typing import Any

import pytest

from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._api.client import Client
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._api.clock import Clock, Deadline
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._api.connect import connect
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._api.secrets import Secrets
from ansible_collections.yandex_cloud.managed_kafka.tests.support.raw_server import Handler, Server, read_request

BODY = b'{"name": "mirror"}'
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(BODY), BODY)

Serve = Callable[[Handler], Server]


def client_for(endpoint: str, clock: Clock = time, **options: Any) -> Client:
    defaults = {
        "iam_token": "t1.static.token",
        "endpoint": endpoint,
        "validate_certs": True,
        "ca_path": None,
        "request_timeout": 5.0,
        "request_retries": 0,
    }
    return connect({**defaults, **options}, {}, Deadline(60, clock), Secrets(), print, user_agent="tests/1")


def repeating(answer: bytes, received: list[tuple[bytes, bytes]]) -> Handler:
    """Send the same answer to each request of a connection, and keep the heads and the bodies of the requests."""

    def handle(connection: socket.socket) -> None:
        while True:
            received.append(read_request(connection))
            connection.sendall(answer)

    return handle


def set_proxy(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    """Set the variables that name a proxy, and no other ones."""
    for name in ("all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    for name in ("https_proxy", "http_proxy"):
        monkeypatch.setenv(name, url)
        monkeypatch.setenv(name.upper(), url)
