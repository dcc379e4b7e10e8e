# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs kafka_connector over a scripted wire, and once more in check mode."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import takewhile
from typing import Any, NamedTuple

from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._run.execute import Ended
from ansible_collections.yandex_cloud.managed_kafka.plugins.modules.kafka_connector import TASK
from ansible_collections.yandex_cloud.managed_kafka.tests.unit.plugins.wire import (
    CLUSTER_ID,
    CONNECTOR,
    CONNECTORS,
    EMPTY,
    NOT_FOUND,
    PAUSE,
    RESUME,
    Call,
    Wire,
    connector,
    operation,
)

OTHER = "operation /operations/op9"
"""The operation of CONFLICT."""
NO_CONNECTOR = Call("GET", CONNECTOR, NOT_FOUND, status=404)
MISSING = (NO_CONNECTOR, Call("GET", CONNECTORS, EMPTY, query={"pageSize": "1000"}))
"""The reads of a connector that does not exist."""

MIRROR = "connector_config_mirrormaker"
SPEC: dict[str, Any] = {
    "tasks_max": 3,
    "properties": {"a": True},
    MIRROR: {
        "source_cluster": {"external_cluster": {"bootstrap_servers": ["k1", "k2"], "sasl_password": "hunter2"}},
        "target_cluster": {"this_cluster": {}},
        "topics": ["a", "b"],
    },
}
SENT = {
    "connectorSpec": {
        "name": "mirror",
        "tasksMax": "3",
        "properties": {"a": "true"},
        "connectorConfigMirrormaker": {
            "sourceCluster": {"externalCluster": {"bootstrapServers": "k1,k2", "saslPassword": "hunter2"}},
            "targetCluster": {"thisCluster": {}},
            "topics": "a,b",
        },
    }
}
"""The body of the request that creates the connector of SPEC."""


def shown(status: str = "RUNNING", **fields: Any) -> dict[str, Any]:
    """Return the connector of SPEC as the API shows it."""
    config = {
        "sourceCluster": {"externalCluster": {"bootstrapServers": "k1,k2"}},
        "targetCluster": {"thisCluster": {}},
        "topics": "a,b",
    }
    return connector(status, **{"properties": {"a": "true"}, "connectorConfigMirrormaker": config, **fields})


def ended(status: str = "RUNNING", **fields: Any) -> dict[str, Any]:
    """Return an operation that ended with the connector of SPEC."""
    response = {"@type": "type.googleapis.com/yandex.cloud.mdb.kafka.v1.Connector", **shown(status, **fields)}
    return operation(done=True, response=response)


class Action(NamedTuple):
    """A change of a connector: a task that needs it alone, the reads before it, and the route of its request."""

    options: dict[str, Any]
    reads: tuple[Call, ...]
    route: tuple[str, str]


READ_RUNNING = (Call("GET", CONNECTOR, shown()),)
ACTIONS = {
    "create": Action({"state": "present", **SPEC}, MISSING, ("POST", CONNECTORS)),
    "update": Action({"state": "present", "tasks_max": 5}, READ_RUNNING, ("PATCH", CONNECTOR)),
    "pause": Action({"state": "paused"}, READ_RUNNING, ("POST", PAUSE)),
    "resume": Action({"state": "running"}, (Call("GET", CONNECTOR, shown("PAUSED")),), ("POST", RESUME)),
    "delete": Action({"state": "absent"}, READ_RUNNING, ("DELETE", CONNECTOR)),
}


def update_mask(*paths: str) -> str:
    return ",".join(f"connectorSpec.{path}" for path in paths)


@dataclass
class Run:
    """How a task ended, and the wire that it used."""

    ended: Ended
    wire: Wire

    @property
    def result(self) -> dict[str, Any]:
        return self.ended.result


def run(*script: Call, check_mode: bool = False, **options: Any) -> Run:
    """Run a task. All calls of the script have to be used."""
    cluster = {} if "cluster_name" in options else {"cluster_id": CLUSTER_ID}
    name = {} if "names" in options else {"name": "mirror"}
    with Wire(*script) as wire:
        return Run(wire.run(TASK, check_mode=check_mode, **{**cluster, **name, **options}), wire)


def predict(*script: Call, **options: Any) -> Run:
    """Run a task in check mode: it sends the reads before the first change of a script, and nothing else."""
    return run(*takewhile(lambda call: call.method == "GET", script), check_mode=True, **options)


def succeed(*script: Call, as_predicted: bool = True, **options: Any) -> Run:
    """Run a task that succeeds, and again in check mode, which sends no change and returns the same changes.

    :param as_predicted: whether no other client interferes
    """
    done = run(*script, **options)
    assert not done.ended.failed, done.result["msg"]
    if as_predicted:
        predicted = predict(*script, **options)
        assert not predicted.ended.failed, predicted.result["msg"]
        for key in ("changed", "diff", "affected"):
            assert predicted.result.get(key) == done.result.get(key), key
        assert not predicted.result.keys() & {"operation", "operations"}
    assert "hunter2" not in str(done.result)
    return done


def fail(*script: Call, **options: Any) -> Run:
    """Run a task that fails."""
    done = run(*script, **options)
    assert done.ended.failed, done.result["msg"]
    assert "hunter2" not in str(done.result)
    return done
