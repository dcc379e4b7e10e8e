# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reading: clusters, and the connectors of one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._client import Client
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._connector import (
    Connector,
    check_cluster_id,
    connector_from_api,
    is_connector,
)
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._errors import ApiError, Error, InputError
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._json import from_json

_CLUSTERS = ("managed-kafka", "v1", "clusters")


class Cluster:
    """A cluster, for its connectors.

    :param cluster_id: checked
    """

    def __init__(self, client: Client, cluster_id: str) -> None:
        self._client = client
        self.id = cluster_id
        self.segments = (*_CLUSTERS, cluster_id)

    def read(self, name: str, patient: bool = False) -> Connector | None:
        """Return a connector, None when the cluster has none of that name.

        :param patient: try until the deadline
        :raises ApiError: it cannot be read
        :raises InputError: there is no such cluster
        """
        try:
            body = self._client.get(
                "mdb",
                *self.segments,
                "connectors",
                name,
                expected=lambda body: body.get("name") == name and is_connector(body),
                patient=patient,
            ).body
        except ApiError as error:
            if not error.not_found:
                raise error.during(f"read connector {name} of cluster {self.id}") from None
        else:
            return connector_from_api(body)
        # the API says NOT_FOUND for a missing connector and for a missing cluster: the list tells which
        try:
            return next((connector for connector in self.connectors() if connector["name"] == name), None)
        except Error as error:
            raise error.during(f"read connector {name} of cluster {self.id}") from None

    def connectors(self) -> list[Connector]:
        """Return all connectors, sorted by name.

        :raises ApiError: they cannot be read
        :raises InputError: there is no such cluster
        """
        try:
            pages = self._client.pages(*self.segments, "connectors", items="connectors", each=is_connector)
            # one that is created meanwhile may move another to a later page, which then shows it again
            found = {item["name"]: connector_from_api(item) for item in pages}
        except ApiError as error:
            if error.not_found:
                missing = InputError(f"there is no cluster {self.id}, or the credential may not see it")
                missing.advice = "Check cluster_id, and that the credential belongs to the right cloud."
                missing.error = error.error
                raise missing from None
            raise error.during(f"list the connectors of cluster {self.id}") from None
        return [found[name] for name in sorted(found)]


def clusters(client: Client, folder_id: str) -> list[dict[str, Any]]:
    """Return all clusters of a folder in the form of results, sorted by name.

    :raises ApiError: they cannot be read
    """
    try:
        pages = client.pages(*_CLUSTERS, items="clusters", query={"folderId": folder_id}, each=_is_cluster)
        found = [from_json(item) for item in pages]
    except ApiError as error:
        raise error.during(f"list the clusters of folder {folder_id}") from None
    return sorted(found, key=lambda cluster: str(cluster.get("name", "")))


def _is_cluster(body: Mapping[str, Any]) -> bool:
    """Tell whether JSON can be a Cluster."""
    return isinstance(body.get("labels", {}), dict)


def find_cluster(client: Client, options: Mapping[str, Any]) -> Cluster:
    """Return the cluster that the options name: by ``cluster_id``, or ``cluster_name`` and ``folder_id``.

    :raises InputError: the folder has no such cluster
    :raises ApiError: the clusters cannot be read
    """
    if options.get("cluster_id") is not None:
        return Cluster(client, options["cluster_id"])
    name, folder_id = options["cluster_name"], options["folder_id"]
    query = {"folderId": folder_id, "filter": f'name="{name}"'}
    try:
        found = [item for item in client.pages(*_CLUSTERS, items="clusters", query=query) if item.get("name") == name]
    except Error as error:
        raise error.during(f"find cluster {name} in folder {folder_id}") from None
    if len(found) != 1:
        many = "no" if not found else "more than one"
        raise InputError(
            f"folder {folder_id} has {many} cluster named {name}",
            "Check cluster_name and folder_id, or use cluster_id.",
        )
    return Cluster(client, check_cluster_id(str(found[0].get("id", ""))))


def check_cluster(options: Mapping[str, Any]) -> None:
    """Refuse what cannot name a cluster, before anything is sent.

    :raises InputError: the ID, the name or the folder is illegal or missing
    """
    if options.get("cluster_id") is not None:
        check_cluster_id(options["cluster_id"])
        return
    # Source: ``name`` in the API's CreateClusterRequest ([a-zA-Z0-9_-]*, at most 63)
    if not re.fullmatch(r"[-_a-zA-Z0-9]{1,63}", options["cluster_name"]):
        raise InputError(f"{options['cluster_name'][:64]!r} is not the name of a cluster")
    check_folder(options)


def check_folder(options: Mapping[str, Any]) -> None:
    """Refuse what cannot name a folder.

    :raises InputError: ``folder_id`` is illegal or missing
    """
    if not options.get("folder_id"):
        raise InputError("folder_id is missing", "Set folder_id, or YC_FOLDER_ID, to the ID of the clusters' folder.")
    if not re.fullmatch(r"[-_a-zA-Z0-9]{1,50}", options["folder_id"]):
        raise InputError(f"{options['folder_id'][:60]!r} is not the ID of a folder")
