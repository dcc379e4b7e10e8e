# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The sandbox with its clusters, and the tasks that are compared."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from typing import Any

from sandbox import Sandbox

MODULE = "yandex_cloud.managed_kafka.kafka_connector"
URI = "ansible.builtin.uri"

Tasks = list[dict[str, Any]]


class World:
    """A sandbox, and a new cluster for each measurement.

    :param ca: path of the certificate that the clients trust
    """

    def __init__(self, sandbox: Sandbox, ca: str) -> None:
        self.sandbox = sandbox
        self.ca = ca
        self.token = sandbox.iam_token()
        self.environ = {"YC_ENDPOINT": sandbox.url, "YC_IAM_TOKEN": self.token, "YC_CA_PATH": ca}

    def cluster(
        self,
        count: int,
        status: str = "RUNNING",
        *,
        operation_seconds: float | Callable[[str, str], float] = 0.2,
        exclusive: bool = False,
    ) -> str:
        """Return the ID of a new cluster with the connectors c-0, c-1, ...; all others are removed."""
        self.sandbox.reset()
        self.sandbox.behaviour.operation_seconds = operation_seconds
        self.sandbox.behaviour.exclusive = exclusive
        cluster_id: str = self.sandbox.cloud.add_cluster()
        for number in range(count):
            self.sandbox.cloud.add_connector(cluster_id, f"c-{number}", status=status)
        return cluster_id

    def url(self, cluster_id: str, path: str) -> str:
        """Return the URL of a connector, or of a change to it."""
        return f"{self.sandbox.url}/managed-kafka/v1/clusters/{cluster_id}/connectors/{path}"

    def uri(self, way: str, url: str, **options: Any) -> dict[str, Any]:
        """Return a task that sends one request with the module uri."""
        headers = {"Authorization": f"Bearer {self.token}"}
        return {"name": way, URI: {"url": url, "headers": headers, "ca_path": self.ca, **options}}

    def recipe(self, way: str, cluster_id: str, name: str, delay: int) -> Tasks:
        """Return the tasks that pause a connector without the collection.

        :param delay: seconds between two polls
        """
        post = self.uri(way, self.url(cluster_id, f"pause/{name}"), method="POST", body_format="json", body={})
        poll = self.uri(way, f"{self.sandbox.url}/operations/{{{{ accepted.json.id }}}}")
        until = {"until": "polled.json.done | default(false)", "retries": 600, "delay": delay}
        return [
            {**self.uri(way, self.url(cluster_id, name)), "register": "found"},
            {**post, "register": "accepted", "when": "found.json.status != 'PAUSED'"},
            {**poll, "register": "polled", **until, "when": "accepted is not skipped"},
        ]


def pause(way: str, cluster_id: str, *, in_process: bool = True, **options: Any) -> dict[str, Any]:
    """Return a task of the collection that pauses connectors."""
    return {
        "name": way,
        MODULE: {"cluster_id": cluster_id, "state": "paused", **options},
        "vars": {"yandex_cloud_in_process": in_process},
    }


def command(cluster_id: str, **options: Any) -> list[str]:
    """Return the command that runs the module without Ansible."""
    arguments = {"cluster_id": cluster_id, "state": "paused", **options}
    name = "ansible_collections.yandex_cloud.managed_kafka.plugins.modules.kafka_connector"
    return [sys.executable, "-m", name, json.dumps({"ANSIBLE_MODULE_ARGS": arguments})]
