# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Connections: the whole of an answer has to arrive within the timeout, not just each piece; and what to trust."""

from __future__ import annotations

import io
import socket
import ssl
import time
from http.client import HTTPResponse
from typing import TYPE_CHECKING, Any

from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable

    from requests.adapters import HTTPAdapter


class _Timed(io.RawIOBase):
    """What arrives at a socket until its timeout, counted from now on, is over."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._stream: Any = connection.makefile("rb", buffering=0)
        timeout = connection.gettimeout()
        self._until = None if timeout is None else time.monotonic() + timeout

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        if self._until is not None:
            # zero would mean not to wait at all, and to fail in another way
            self._connection.settimeout(max(self._until - time.monotonic(), 0.001))
        count: int | None = self._stream.readinto(buffer)
        return count

    def close(self) -> None:
        self._stream.close()
        super().close()


class _Response(HTTPResponse):
    """An answer; whoever sends it byte by byte does not hold the reader for longer than the timeout."""

    def __init__(self, sock: socket.socket, *args: Any, **options: Any) -> None:
        super().__init__(sock, *args, **options)
        unbounded, self.fp = self.fp, io.BufferedReader(_Timed(sock))
        unbounded.close()


def bounded_adapter(connections: int) -> HTTPAdapter:
    """Return an adapter for a session of requests.

    :param connections: to a host that are kept open
    """
    from requests.adapters import HTTPAdapter
    from urllib3 import HTTPConnectionPool, HTTPSConnectionPool

    def pool(kind: type[HTTPConnectionPool]) -> Callable[..., HTTPConnectionPool]:
        connection = type("Connection", (kind.ConnectionCls,), {"response_class": _Response})
        return type("Pool", (kind,), {"ConnectionCls": connection})

    pools = {"http": pool(HTTPConnectionPool), "https": pool(HTTPSConnectionPool)}

    class Adapter(HTTPAdapter):
        def init_poolmanager(self, *args: Any, **options: Any) -> None:
            super().init_poolmanager(*args, **options)
            self.poolmanager.pool_classes_by_scheme = pools

        def proxy_manager_for(self, *args: Any, **options: Any) -> Any:
            manager = super().proxy_manager_for(*args, **options)
            manager.pool_classes_by_scheme = pools
            return manager

    return Adapter(pool_maxsize=connections)


def check_ca(ca_path: str) -> str:
    """Return the path of a CA bundle that can be read.

    :raises InputError: it is not there, or is none
    """
    try:
        ssl.create_default_context(cafile=ca_path)
    except (OSError, ValueError) as error:
        said = getattr(error, "strerror", None) or error
        raise InputError(f"ca_path {ca_path} is not a CA bundle that can be read: {said}") from None
    return ca_path
