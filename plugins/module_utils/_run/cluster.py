# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reading: the clusters of a folder, and the connectors and operations of a cluster."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, NamedTuple

from .._api.client import Client
from .._api.errors import ApiError, InputError
from .._api.http import JSON
from .._connector import model
from .._connector.model import Connector
from .._connector.names import check_id
from . import messages

_CLUSTERS = ("managed-kafka", "v1", "clusters")
# int64 fields of a Cluster. A list leaves out ``config``, which has others.
_INTEGERS = frozenset({"hour"})


class Missing(NamedTuple):
    """A connector that does not exist.

    :param error: what the API said, in the form of a result's ``error``
    :param others: names of the cluster's connectors
    """

    error: dict[str, Any] | None
    others: list[str]


class Cluster:
    """A cluster, for its connectors.

    :param cluster_id: a legal ID
    """

    def __init__(self, client: Client, cluster_id: str) -> None:
        self._client = client
        self.id = cluster_id
        self.segments = (*_CLUSTERS, cluster_id)

    @property
    def patient(self) -> Cluster:
        """The cluster, for reads that retry temporary errors until the deadline."""
        return Cluster(self._client.retrying(math.inf), self.id)

    def read(self, name: str) -> Connector | Missing:
        """Return a connector.

        :raises ApiError: it cannot be read
        :raises InputError: the cluster does not exist
        """

        def is_it(body: JSON) -> bool:
            return body.get("name") == name and model.is_connector(body)

        try:
            answer = self._client.get("mdb", *self.segments, "connectors", name, expected=is_it)
            return model.connector_from_api(answer.body)
        except ApiError as error:
            if not error.is_not_found:
                raise
            said = error.error
        # The API answers NOT_FOUND for a missing connector and for a missing cluster. The list tells which one it is.
        others = {connector["name"]: connector for connector in self.connectors()}
        return others[name] if name in others else Missing(said, list(others))

    def connectors(self) -> list[Connector]:
        """Return all connectors, sorted by name.

        :raises ApiError: they cannot be read
        :raises InputError: the cluster does not exist
        """
        try:
            pages = self._client.pages(*self.segments, "connectors", items="connectors", is_item=model.is_connector)
            # While a list is read, a new connector can move another one to the next page, which then shows it again.
            found = {item["name"]: model.connector_from_api(item) for item in pages}
        except ApiError as error:
            if not error.is_not_found:
                raise
            raise InputError(messages.NO_CLUSTER, error=error.error, cluster=self.id) from None
        return [found[name] for name in sorted(found)]

    def operations(self) -> list[dict[str, Any]]:
        """Return all operations in the form of results.

        :raises ApiError: they cannot be read
        """
        pages = self._client.pages(*self.segments, "operations", items="operations")
        return [model.operation_from_api(body) for body in pages]

    def last_operations(self) -> dict[str, dict[str, Any]]:
        """Return the newest operation of each connector in the form of results, by the connector's name.

        :raises ApiError: the operations cannot be read
        """
        pages = self._client.pages(*self.segments, "operations", items="operations")
        last: dict[str, dict[str, Any]] = {}
        # Without the Z, times can be compared as text: a fraction of a second is optional.
        for body in sorted(pages, key=lambda body: str(body.get("createdAt", "")).rstrip("Z"), reverse=True):
            name = model.connector_name(body)
            if name:
                last.setdefault(name, model.operation_from_api(body))
        return last


def clusters(client: Client, folder_id: str) -> list[dict[str, Any]]:
    """Return all clusters of a folder in the form of results, sorted by name.

    :raises ApiError: they cannot be read
    """
    pages = client.pages(*_CLUSTERS, items="clusters", query={"folderId": folder_id}, is_item=_is_cluster)
    found = [model.from_json(item, _INTEGERS) for item in pages]
    return sorted(found, key=lambda cluster: str(cluster.get("name", "")))


def find_cluster(client: Client, options: Mapping[str, Any]) -> Cluster:
    """Return the cluster that the options name: by ``cluster_id``, or by ``cluster_name`` and ``folder_id``.

    :raises InputError: the folder does not contain exactly one such cluster
    :raises ApiError: the clusters cannot be read
    """
    if options.get("cluster_id") is not None:
        return Cluster(client, options["cluster_id"])
    name, folder_id = options["cluster_name"], options["folder_id"]
    # The service ignores the parameter ``filter`` of this list.
    found = [cluster for cluster in clusters(client, folder_id) if cluster.get("name") == name]
    if len(found) != 1:
        raise InputError(messages.NOT_ONE_CLUSTER, folder=folder_id, count=len(found) or "no", name=name)
    cluster_id = str(found[0].get("id", ""))
    check_id(cluster_id, "cluster ID")
    return Cluster(client, cluster_id)


def _is_cluster(body: Mapping[str, Any]) -> bool:
    """Return whether JSON can be a Cluster."""
    return isinstance(body.get("labels", {}), dict)
