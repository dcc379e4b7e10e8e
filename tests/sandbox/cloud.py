# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The state of the cloud: clusters, connectors, and the operations that change them.

Before each access, the cloud lets all events happen that are due by its clock. It has no thread of its own. A test
can provide its own clock and so decide the time.
"""

from __future__ import annotations

import itertools
import re
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, TypeVar

from google.protobuf.empty_pb2 import Empty
from google.protobuf.json_format import ParseDict
from google.protobuf.message import Message
from google.protobuf.wrappers_pb2 import Int64Value
from yandex.cloud.mdb.kafka.v1 import cluster_pb2, cluster_service_pb2, connector_pb2, connector_service_pb2
from yandex.cloud.operation import operation_pb2

from sandbox import specification
from sandbox.behaviour import Behaviour
from sandbox.faults import Faults, OperationFault
from sandbox.identity import new_id
from sandbox.operations import Operation, timestamp
from sandbox.paging import Pages
from sandbox.samples import CONNECTOR_CONFIG
from sandbox.status import Refused
from sandbox.timeline import Timeline
from sandbox.validation import refuse

FOLDER = "b1g00000000000000000"
SOMEBODY_ELSE = "aje00000000000000000"
CONNECTOR_NAME = re.compile(r"[-_.a-zA-Z0-9]{1,256}")

Change = (
    connector_service_pb2.CreateConnectorRequest
    | connector_service_pb2.UpdateConnectorRequest
    | connector_service_pb2.DeleteConnectorRequest
    | connector_service_pb2.PauseConnectorRequest
    | connector_service_pb2.ResumeConnectorRequest
)
Effect = Callable[[], Message]
"""Changes the state at the end of an operation, and returns the response of the operation."""

_M = TypeVar("_M", bound=Message)


@dataclass
class _Connector:
    message: connector_pb2.Connector
    secrets: specification.Secrets


@dataclass
class _Cluster:
    message: cluster_pb2.Cluster
    brokers: int
    connectors: dict[str, _Connector] = field(default_factory=dict)
    operations: list[Operation] = field(default_factory=list)


class Cloud:
    def __init__(self, behaviour: Behaviour, faults: Faults, clock: Callable[[], float]) -> None:
        self._behaviour = behaviour
        self._faults = faults
        self._clock = clock
        self._lock = threading.RLock()
        self._timeline = Timeline(clock)
        self._pages = Pages(behaviour)
        self._plans: dict[type[Message], tuple[str, Callable[[_Cluster, Any], Effect]]] = {
            connector_service_pb2.CreateConnectorRequest: ("create", self._plan_create),
            connector_service_pb2.UpdateConnectorRequest: ("update", self._plan_update),
            connector_service_pb2.DeleteConnectorRequest: ("delete", self._plan_delete),
            connector_service_pb2.PauseConnectorRequest: ("pause", self._plan_pause),
            connector_service_pb2.ResumeConnectorRequest: ("resume", self._plan_resume),
        }
        self.reset()

    def reset(self) -> None:
        """Remove all folders, clusters and operations."""
        with self._lock:
            self._clusters: dict[str, _Cluster] = {}
            self._operations: dict[str, Operation] = {}
            self._replays: dict[tuple[str, str], tuple[Change, Operation]] = {}
            self._timeline.clear()

    # Methods for tests.

    def add_cluster(
        self,
        name: str = "demo",
        *,
        folder_id: str = FOLDER,
        brokers: int = 3,
        labels: Mapping[str, str] | None = None,
        description: str = "",
    ) -> str:
        """Return the ID of the new cluster. A folder exists if it contains a cluster."""
        message = cluster_pb2.Cluster(
            id=new_id("c9q"),
            folder_id=folder_id,
            created_at=timestamp(self._clock()),
            name=name,
            description=description,
            labels=labels,
            environment=cluster_pb2.Cluster.PRODUCTION,
            config=cluster_pb2.ConfigSpec(
                version="3.9", zone_id=["ru-central1-a"], brokers_count=Int64Value(value=brokers)
            ),
            network_id=new_id("enp"),
            health=cluster_pb2.Cluster.ALIVE,
            status=cluster_pb2.Cluster.RUNNING,
        )
        with self._lock:
            self._clusters[message.id] = _Cluster(message, brokers)
        return message.id

    def add_fleet(
        self, clusters: int = 1000, connectors: int = 20, *, folders: int = 4, status: str | int = "RUNNING"
    ) -> dict[str, list[str]]:
        """Add many clusters with equal connectors: `cluster-0000` with `mirror-00`, `mirror-01`, and so on.

        Copying one connector is much faster than adding each by `add_connector`.

        :return: cluster IDs by folder ID
        """
        fleet: dict[str, list[str]] = {f"{FOLDER[:-4]}{number:04}": [] for number in range(1, folders + 1)}
        template: _Connector | None = None
        for number, (folder_id, ids) in zip(range(clusters), itertools.cycle(fleet.items())):
            cluster_id = self.add_cluster(f"cluster-{number:04}", folder_id=folder_id)
            ids.append(cluster_id)
            cluster = self._clusters[cluster_id]
            if template is None:
                self.add_connector(cluster_id, "template", status=status)
                template = cluster.connectors.pop("template")
            for name in (f"mirror-{index:02}" for index in range(connectors)):
                message = _copy(template.message)
                message.name, message.cluster_id = name, cluster_id
                cluster.connectors[name] = _Connector(message, dict(template.secrets))
        return fleet

    def add_connector(
        self,
        cluster_id: str,
        name: str,
        *,
        kind: str = "mirrormaker",
        config: Mapping[str, Any] | None = None,
        status: str | int = "RUNNING",
        health: str | int = "ALIVE",
        tasks_max: int | None = None,
        properties: Mapping[str, str] | None = None,
    ) -> None:
        """Add a connector.

        :param kind: `mirrormaker`, `s3_sink`, or `iceberg_sink`
        :param config: the part of the specification that belongs to the kind
        """
        given: dict[str, Any] = {
            "name": name,
            "properties": dict(properties or {}),
            f"connector_config_{kind}": CONNECTOR_CONFIG[kind] if config is None else dict(config),
        }
        if tasks_max is not None:
            given["tasks_max"] = str(tasks_max)
        spec = ParseDict(given, connector_pb2.ConnectorSpec())
        with self._looking():
            cluster = self._cluster(cluster_id)
            cluster.connectors[name] = self._build(cluster, spec)
            self.set_status(cluster_id, name, status, health)

    def remove_connector(self, cluster_id: str, name: str) -> None:
        with self._looking():
            del self._cluster(cluster_id).connectors[name]

    def connector(self, cluster_id: str, name: str) -> connector_pb2.Connector | None:
        """Return a copy of the connector, or None if it does not exist."""
        with self._looking():
            found = self._cluster(cluster_id).connectors.get(name)
            return None if found is None else _copy(found.message)

    def secrets(self, cluster_id: str, name: str) -> dict[str, str]:
        """Return the write-only fields by path: `connector_config_mirrormaker....sasl_password`."""
        with self._looking():
            return dict(_existing(self._cluster(cluster_id), name).secrets)

    def set_status(self, cluster_id: str, name: str, status: str | int, health: str | int | None = None) -> None:
        """Set the status immediately. Numbers without a name in the protobufs are allowed."""
        with self._looking():
            message = _existing(self._cluster(cluster_id), name).message
            message.status = _number(connector_pb2.Connector.Status, status)
            if health is not None:
                message.health = _number(connector_pb2.Connector.Health, health)

    def operations(self, cluster_id: str | None = None) -> list[Operation]:
        """Return the operations. The oldest is first."""
        with self._looking():
            operations = self._operations.values()
            return [operation for operation in operations if cluster_id in (None, operation.cluster_id)]

    def begin(self, kind: str, cluster_id: str, name: str, *, by: str = SOMEBODY_ELSE) -> str:
        """Start a `pause`, `resume`, or `delete` as another client. Return the ID of the operation."""
        requests = {planned: request for request, (planned, dummy) in self._plans.items()}
        request: Any = requests[kind]
        return self.change(request(cluster_id=cluster_id, connector_name=name), by=by).id

    def finish(self, operation_id: str) -> None:
        """End an operation now, regardless of its remaining time."""
        with self._looking():
            self._timeline.finish(operation_id)

    # Methods for the services.

    def change(self, request: Change, *, by: str, idempotency_key: str = "") -> operation_pb2.Operation:
        """Accept a change of a connector, or raise `Refused`."""
        with self._looking():
            replayed = self._replays.get((by, idempotency_key))
            if replayed:
                return _replay(request, *replayed)
            kind, plan = self._plans[type(request)]
            cluster = self._cluster(request.cluster_id)
            effect = plan(cluster, request)
            name = _connector_name(request)
            self._refuse_conflict(cluster, name)
            operation = self._accept(kind, cluster, name, effect, by)
            if idempotency_key:
                self._replays[by, idempotency_key] = (_copy(request), operation)
            self._timeline.catch_up()  # An operation without duration is done in the first response.
            return operation.message()

    def get_connector(self, cluster_id: str, name: str) -> connector_pb2.Connector:
        with self._looking():
            return _copy(_existing(self._cluster(cluster_id), name).message)

    def list_connectors(
        self, cluster_id: str, page_size: int, page_token: str
    ) -> connector_service_pb2.ListConnectorsResponse:
        with self._looking():
            connectors = self._cluster(cluster_id).connectors
            names, token = self._pages.page(f"connectors of {cluster_id}", sorted(connectors), page_size, page_token)
            return connector_service_pb2.ListConnectorsResponse(
                connectors=[connectors[name].message for name in names], next_page_token=token
            )

    def get_cluster(self, cluster_id: str) -> cluster_pb2.Cluster:
        with self._looking():
            return _copy(self._cluster(cluster_id).message)

    def list_clusters(
        self, folder_id: str, page_size: int, page_token: str
    ) -> cluster_service_pb2.ListClustersResponse:
        with self._looking():
            found = [cluster.message for cluster in self._clusters.values() if cluster.message.folder_id == folder_id]
            if not found:
                raise Refused("NOT_FOUND", f"Folder {folder_id} not found")
            keys = sorted((message.name, message.id) for message in found)
            page, token = self._pages.page(f"clusters of {folder_id}", keys, page_size, page_token)
            response = cluster_service_pb2.ListClustersResponse(
                clusters=[self._clusters[cluster_id].message for dummy, cluster_id in page], next_page_token=token
            )
            for listed in response.clusters:
                listed.ClearField("config")  # As in the real service, only Get returns the configuration.
            return response

    def list_operations(
        self, cluster_id: str, page_size: int, page_token: str
    ) -> cluster_service_pb2.ListClusterOperationsResponse:
        """Return a page of operations. The newest is first."""
        with self._looking():
            operations = self._cluster(cluster_id).operations
            newest_first = [-index for index in reversed(range(len(operations)))]
            page, token = self._pages.page(f"operations of {cluster_id}", newest_first, page_size, page_token)
            return cluster_service_pb2.ListClusterOperationsResponse(
                operations=[operations[-index].message() for index in page], next_page_token=token
            )

    def get_operation(self, operation_id: str) -> operation_pb2.Operation:
        with self._looking():
            operation = self._operations.get(operation_id)
            if operation is None or operation.not_found_polls > 0:
                if operation is not None:
                    operation.not_found_polls -= 1
                raise Refused("NOT_FOUND", f"Operation {operation_id} not found")
            return operation.message()

    # Changes: plan, conflict, operation, end.

    def _plan_create(self, cluster: _Cluster, request: connector_service_pb2.CreateConnectorRequest) -> Effect:
        spec = request.connector_spec
        if not CONNECTOR_NAME.fullmatch(spec.name):
            refuse(("connector_spec.name", f"Field does not match the pattern /{CONNECTOR_NAME.pattern}/"))
        if spec.WhichOneof("connector_config") is None:
            refuse(("connector_spec.connector_config", "Field is required"))
        if spec.name in cluster.connectors:
            raise Refused("ALREADY_EXISTS", f"Connector {spec.name} already exists")
        built = self._build(cluster, spec)

        def effect() -> connector_pb2.Connector:
            cluster.connectors[spec.name] = built
            return _set_running(built)

        return effect

    def _plan_update(self, cluster: _Cluster, request: connector_service_pb2.UpdateConnectorRequest) -> Effect:
        paths, spec, name = list(request.update_mask.paths), request.connector_spec, request.connector_name
        if not paths:
            refuse(("update_mask", "no fields to change"))
        current = _existing(cluster, name)
        wanted = _copy(current.message)
        secret = specification.update(paths, spec, wanted, dict(current.secrets))
        if wanted == current.message and not secret:
            raise self._no_changes()

        def effect() -> connector_pb2.Connector:
            connector = _existing(cluster, name)
            specification.update(paths, spec, connector.message, connector.secrets)
            return connector.message

        return effect

    def _plan_delete(self, cluster: _Cluster, request: connector_service_pb2.DeleteConnectorRequest) -> Effect:
        name = _existing(cluster, request.connector_name).message.name

        def effect() -> Empty:
            del cluster.connectors[_existing(cluster, name).message.name]
            return Empty()

        return effect

    def _plan_pause(self, cluster: _Cluster, request: connector_service_pb2.PauseConnectorRequest) -> Effect:
        name = request.connector_name
        self._refuse_noop(_existing(cluster, name), connector_pb2.Connector.PAUSED)

        def effect() -> connector_pb2.Connector:
            message = _existing(cluster, name).message
            message.status = connector_pb2.Connector.PAUSED
            return message

        return effect

    def _plan_resume(self, cluster: _Cluster, request: connector_service_pb2.ResumeConnectorRequest) -> Effect:
        name = request.connector_name
        self._refuse_noop(_existing(cluster, name), connector_pb2.Connector.RUNNING)
        return lambda: _set_running(_existing(cluster, name))

    def _refuse_noop(self, connector: _Connector, status: int) -> None:
        if self._behaviour.noop_is_error and connector.message.status == status:
            raise self._no_changes()

    def _no_changes(self) -> Refused:
        return Refused(self._behaviour.noop_code, "no changes detected")

    def _refuse_conflict(self, cluster: _Cluster, connector_name: str) -> None:
        for operation in reversed(cluster.operations):
            if operation.done:
                continue
            if self._behaviour.exclusive or operation.connector_name == connector_name:
                message = self._behaviour.conflict_message.format(operation_id=operation.id)
                raise Refused("FAILED_PRECONDITION", message)

    def _accept(self, kind: str, cluster: _Cluster, name: str, effect: Effect, by: str) -> Operation:
        now = self._clock()
        operation = Operation(
            id=new_id("mqq"),
            kind=kind,
            cluster_id=cluster.message.id,
            connector_name=name,
            created_by=by,
            created_at=now,
            modified_at=now,
            not_found_polls=self._behaviour.operation_not_found_polls,
        )
        cluster.operations.append(operation)
        self._operations[operation.id] = operation
        fault = self._faults.take_operation(kind, name)
        seconds = self._behaviour.operation_seconds
        duration = seconds(kind, name) if callable(seconds) else seconds
        self._timeline.schedule(
            now + duration, operation.id, lambda due: self._end(due, operation, cluster, effect, fault)
        )
        return operation

    def _end(
        self, now: float, operation: Operation, cluster: _Cluster, effect: Effect, fault: OperationFault | None
    ) -> None:
        if fault is not None and fault.error is not None:
            self._fail(now, operation, fault.error, fault.rollback_seconds)
            return
        try:
            response = self._take_effect(now, operation, cluster, effect)
            if fault is not None and fault.status is not None:
                connector = _existing(cluster, operation.connector_name)
                connector.message.status = _number(connector_pb2.Connector.Status, fault.status)
        except Refused as refused:
            self._fail(now, operation, refused)
            return
        operation.response = None if self._behaviour.missing_response else _copy(response)
        _set_done(now, operation)

    def _take_effect(self, now: float, operation: Operation, cluster: _Cluster, effect: Effect) -> Message:
        connector = cluster.connectors.get(operation.connector_name)
        if not self._behaviour.stale_seconds or connector is None or operation.kind == "delete":
            return effect()
        self._timeline.schedule(now + self._behaviour.stale_seconds, operation.id, lambda dummy: _attempt(effect))
        return connector.message

    def _fail(self, now: float, operation: Operation, error: Refused, rollback_seconds: float = 0) -> None:
        operation.error = error.status()
        operation.modified_at = now
        if rollback_seconds:
            self._timeline.schedule(now + rollback_seconds, operation.id, lambda due: _set_done(due, operation))
        else:
            _set_done(now, operation)

    @contextmanager
    def _looking(self) -> Iterator[None]:
        """Hold the lock after all events that are due have happened."""
        with self._lock:
            self._timeline.catch_up()
            yield

    def _build(self, cluster: _Cluster, spec: connector_pb2.ConnectorSpec) -> _Connector:
        message = connector_pb2.Connector(cluster_id=cluster.message.id)
        secrets = specification.copy(spec, message)
        if not message.HasField("tasks_max"):
            message.tasks_max.value = cluster.brokers
        return _Connector(message, secrets)

    def _cluster(self, cluster_id: str) -> _Cluster:
        try:
            return self._clusters[cluster_id]
        except KeyError:
            raise Refused("NOT_FOUND", "Cluster not found") from None


def _existing(cluster: _Cluster, name: str) -> _Connector:
    try:
        return cluster.connectors[name]
    except KeyError:
        raise Refused("NOT_FOUND", "Connector not found") from None


def _connector_name(request: Change) -> str:
    if isinstance(request, connector_service_pb2.CreateConnectorRequest):
        return request.connector_spec.name
    return request.connector_name


def _replay(request: Change, first: Change, operation: Operation) -> operation_pb2.Operation:
    if request != first:
        raise Refused("INVALID_ARGUMENT", "Idempotency key was used for another request")
    return operation.message()


def _set_running(connector: _Connector) -> connector_pb2.Connector:
    connector.message.status = connector_pb2.Connector.RUNNING
    connector.message.health = connector_pb2.Connector.ALIVE
    return connector.message


def _set_done(now: float, operation: Operation) -> None:
    operation.done = True
    operation.modified_at = now


def _attempt(effect: Effect) -> None:
    with suppress(Refused):  # The connector may no longer exist.
        effect()


def _number(enum: Any, value: str | int) -> Any:
    return value if isinstance(value, int) else enum.Value(value)


def _copy(message: _M) -> _M:
    result = type(message)()
    result.CopyFrom(message)
    return result
