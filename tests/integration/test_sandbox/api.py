# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The client and the clock of the sandbox's own tests."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import requests

from sandbox import Sandbox

TYPE = "type.googleapis.com"
KAFKA = f"{TYPE}/yandex.cloud.mdb.kafka.v1"
TAKES = 10.0
"""Duration of an operation in seconds of the test's clock."""


@dataclass
class Clock:
    now: float = field(default_factory=time.time)

    def __call__(self) -> float:
        return self.now

    def advance(self, seconds: float) -> None:
        self.now += seconds


class Api(requests.Session):
    """The REST interface. A relative path is below the cluster."""

    def __init__(self, sandbox: Sandbox, cluster_id: str, token: str) -> None:
        super().__init__()
        self.trust_env = False
        self.headers["Authorization"] = f"Bearer {token}"
        self.root = sandbox.url
        self.cluster = f"{sandbox.url}/managed-kafka/v1/clusters/{cluster_id}"

    def request(self, method: str | bytes, url: str | bytes, *args: Any, **kwargs: Any) -> requests.Response:
        base = self.root if str(url).startswith("/") else f"{self.cluster}/"
        kwargs.setdefault("timeout", 10)
        return super().request(method, base + str(url), *args, **kwargs)

    def connector(self, name: str) -> dict[str, Any]:
        return self.ok(self.get(f"connectors/{name}"))

    def pause(self, name: str, key: str | None = None) -> dict[str, Any]:
        return self.ok(self.post(f"connectors/pause/{name}", headers={"Idempotency-Key": key}))

    def update(self, name: str, mask: str, **spec: Any) -> requests.Response:
        return self.patch(f"connectors/{name}", json={"updateMask": mask, "connectorSpec": spec})

    def operation(self, operation_id: str) -> dict[str, Any]:
        return self.ok(self.get(f"/operations/{operation_id}"))

    def pages(self, path: str, items: str, **params: Any) -> Iterator[list[dict[str, Any]]]:
        """Return the items of each page of a list."""
        token = ""
        while True:
            page = self.ok(self.get(path, params={**params, "pageToken": token}))
            yield page.get(items, [])
            token = page.get("nextPageToken", "")
            if not token:
                break

    @staticmethod
    def ok(response: requests.Response) -> dict[str, Any]:
        assert response.status_code == 200, response.text
        body: dict[str, Any] = response.json()
        return body


def error(response: requests.Response) -> tuple[int, int, str]:
    """Return HTTP status, gRPC code and message of an error."""
    body = response.json()
    return response.status_code, body["code"], body["message"]


def violated_field(response: requests.Response) -> str:
    """Return the field that an INVALID_ARGUMENT error names."""
    assert error(response)[:2] == (400, 3)
    field: str = response.json()["details"][0]["fieldViolations"][0]["field"]
    return field
