# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The inventory plugin: clusters as hosts."""

from __future__ import annotations

DOCUMENTATION = r"""
---
name: kafka_clusters
short_description: Clusters of Managed Service for Apache Kafka as hosts
version_added: 0.1.0
author:
  - yandex_cloud.managed_kafka contributors (@yandex-cloud-managed-kafka)
description:
  - Makes each cluster of one or more folders a host.
  - The hosts are not machines. Tasks for them run on the control node, so the group C(kafka_clusters), which always
    exists, sets C(ansible_connection=local) and the Python interpreter of Ansible. Your C(group_vars) override both.
  - Keep the source in an inventory directory of its own. A play over C(all) runs on the control node once for each
    cluster.
  - If a folder cannot be read, the source adds no host at all. Ansible then only prints a warning, unless you set
    C(any_unparsed_is_failed) in the section C([inventory]) of C(ansible.cfg).
notes:
  - The name of the source file must end in C(kafka_clusters.yml) or C(kafka_clusters.yaml).
  - Each host has the variables C(kafka_cluster_id), C(kafka_cluster_name), C(kafka_cluster_folder_id),
    C(kafka_cluster_labels), C(kafka_cluster_status), C(kafka_cluster_health) and C(kafka_cluster_environment).
  - Clusters that are not C(RUNNING) are hosts too. Use O(statuses) to leave them out.
  - The values of these variables come from the service. Ansible never runs templates in them, so
    C(ansible-inventory --list) shows them with C(__ansible_unsafe).
  - Templates in options can use extra variables (C(-e)) and lookups. They cannot use C(group_vars) or C(host_vars),
    because Ansible reads these later.
  - The cache contains the clusters of all folders before filters. It contains no credential. Its key does not depend on
    the credential, so use one cache for one account. The default cache plugin C(memory) keeps nothing between runs.
extends_documentation_fragment:
  - yandex_cloud.managed_kafka.connection.plugin
  - ansible.builtin.constructed
  - ansible.builtin.inventory_cache
options:
  plugin:
    description:
      - Name of this plugin.
    type: str
    required: true
    choices:
      - yandex_cloud.managed_kafka.kafka_clusters
  folder_ids:
    description:
      - List of the IDs of the folders that contain the clusters. Text with commas also means a list.
      - Templates are allowed, also one template for the whole list.
    type: raw
    required: true
    env:
      - name: YC_FOLDER_ID
  names:
    description:
      - Names or shell patterns of clusters. Other clusters are left out.
    type: list
    elements: str
  exclude_names:
    description:
      - Names or shell patterns of clusters that are left out.
    type: list
    elements: str
  labels:
    description:
      - Labels that a cluster must have, all of them.
    type: dict
  statuses:
    description:
      - Statuses of the clusters to keep, for example V(RUNNING). By default, all are kept.
    type: list
    elements: str
  hostname:
    description:
      - Jinja expression for the name of a host. If it gives nothing, the name is the ID of the cluster.
      - Two clusters with the same name are an error. Use for example
        V(kafka_cluster_name ~ '.' ~ kafka_cluster_folder_id) if folders contain clusters with the same name.
    type: str
    default: kafka_cluster_name
  connectors:
    description:
      - Add the variable C(kafka_cluster_connectors), a list with the name, status and health of each connector.
      - It costs one request for each cluster. The plugin sends up to 10 of these requests at the same time.
      - Never decide about a pause by a cached status.
    type: bool
    default: false
  skip_forbidden_folders:
    description:
      - Print a warning and continue if your account has no permission for a folder (HTTP 403).
      - Other errors always fail.
    type: bool
    default: false
"""

EXAMPLES = r"""
# The file kafka/kafka_clusters.yml: all clusters of two folders, with a group for each label "env".
---
plugin: yandex_cloud.managed_kafka.kafka_clusters
folder_ids:
  - b1gfolderone
  - b1gfoldertwo
keyed_groups:
  - key: kafka_cluster_labels.env
    prefix: env

# Production clusters that are running. The credential comes from a file that ansible-vault encrypted.
---
plugin: yandex_cloud.managed_kafka.kafka_clusters
service_account_key: "{{ lookup('ansible.builtin.unvault', '/etc/ansible/kafka-key.json') }}"
names:
  - prod-*
exclude_names:
  - "*-test"
statuses:
  - RUNNING
"""

# mypy: disable-error-code="no-untyped-call"
import hashlib
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

from ansible.errors import AnsibleError, AnsibleParserError
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.plugins.inventory import BaseInventoryPlugin, Cacheable, Constructable
from ansible.utils.unsafe_proxy import wrap_var

from ..module_utils._api.client import Client
from ..module_utils._api.clock import Deadline
from ..module_utils._api.connect import connect
from ..module_utils._api.errors import ApiError, CredentialError, Error, InputError, attempting
from ..module_utils._api.secrets import Secrets
from ..module_utils._connector.messages import CLUSTER_CLASH, HOST_CLASH, TEMPLATE_AS_NAME
from ..module_utils._connector.names import check_folder, check_names, matching
from ..module_utils._connector.parse import as_text
from ..module_utils._run.cluster import Cluster, clusters
from ..module_utils._run.execute import USER_AGENT
from ..module_utils._run.options import CONNECTION_OPTIONS, DEFAULT_WAIT_TIMEOUT

try:
    from ansible.template import trust_as_template
except ImportError:  # ansible-core 2.18 trusts every text
    trust_as_template = str  # type: ignore[assignment]

_GROUP = "kafka_clusters"
_GROUP_VARIABLES = {
    "ansible_connection": trust_as_template("local"),
    "ansible_python_interpreter": trust_as_template("{{ ansible_playbook_python }}"),
}
_VARIABLES = ("id", "name", "folder_id", "labels", "status", "health", "environment")
_CONNECTOR = ("name", "status", "health")
# As many as one session of the requests library keeps connections.
_MOST_REQUESTS = 10


class InventoryModule(BaseInventoryPlugin, Constructable, Cacheable):
    """Reads the clusters and adds them as hosts."""

    NAME = "yandex_cloud.managed_kafka.kafka_clusters"

    def verify_file(self, path: str) -> bool:
        """Return whether a file is a source of this plugin."""
        return bool(super().verify_file(path)) and path.endswith(("kafka_clusters.yml", "kafka_clusters.yaml"))

    def parse(self, inventory: Any, loader: Any, path: str, cache: bool = True) -> None:
        """Add the clusters of a source.

        :param cache: False: read all clusters again
        """
        super().parse(inventory, loader, path, cache)
        self._read_config_data(path)
        self.templar.available_variables = self._vars or {}
        try:
            passes = self._filter()
            hosts = self._hosts(inventory, filter(passes, self._clusters(path, cache)))
        except Error as error:
            raise AnsibleParserError(error.msg) from None
        try:
            self._add(inventory, hosts)
        except AnsibleError:
            for name in hosts:
                inventory.remove_host(inventory.get_host(name))
            raise

    def _clusters(self, path: str, cache: bool) -> list[dict[str, Any]]:
        """Return the clusters of all folders, from the cache or from the service.

        :raises Error: a folder cannot be read, or an option is invalid
        """
        folder_ids = list(dict.fromkeys(self._list("folder_ids") or ()))
        for folder_id in folder_ids or [""]:
            check_folder({"folder_id": folder_id})
        client = self._client()
        self.load_cache_plugin()
        content = repr((client.endpoint, sorted(folder_ids), self.get_option("connectors")))
        key = f"{self.get_cache_key(path)}_{hashlib.sha256(content.encode()).hexdigest()[:16]}"
        use_cache = self.get_option("cache")
        if use_cache and cache and key in self._cache:
            cached: list[dict[str, Any]] = self._cache[key]
            return cached
        found: list[dict[str, Any]] = []
        is_complete = True
        for folder_id in folder_ids:
            try:
                with attempting(f"list clusters of folder {folder_id}"):
                    found += self._folder(client, folder_id)
            except ApiError as error:
                is_of_folder = error.http_status == 403 and not isinstance(error, CredentialError)
                if not is_of_folder or not self.get_option("skip_forbidden_folders"):
                    raise
                is_complete = False
                self.display.warning(f"{error.msg} The folder is skipped.")
        if use_cache and is_complete:
            self._cache[key] = found
        return found

    def _folder(self, client: Client, folder_id: str) -> list[dict[str, Any]]:
        """Return the clusters of a folder, with the fields that become variables."""
        listed = ({"labels": {}, **cluster} for cluster in clusters(client, folder_id))
        found = [{name: cluster.get(name) for name in _VARIABLES} for cluster in listed]
        if self.get_option("connectors"):
            with ThreadPoolExecutor(_MOST_REQUESTS) as pool:
                for cluster, connectors in zip(found, pool.map(partial(_connectors, client), found)):
                    cluster["connectors"] = connectors
        return found

    def _client(self) -> Client:
        """Return the client that the options describe. They are checked as a module checks them.

        :raises Error: an option is invalid
        """
        options = {name: self._option(name) for name in CONNECTION_OPTIONS}
        given = {name: _plain(value) for name, value in options.items() if value is not None}
        checked = ArgumentSpecValidator(CONNECTION_OPTIONS).validate(given)
        if checked.error_messages:
            raise AnsibleParserError(checked.errors.msg)
        deadline = Deadline(DEFAULT_WAIT_TIMEOUT)
        params = checked.validated_parameters
        return connect(params, os.environ, deadline, Secrets(), self.display.warning, user_agent=USER_AGENT)

    def _option(self, name: str) -> Any:
        """Return an option. Templates in it can use extra variables."""
        return self.templar.template(self.get_option(name))

    def _list(self, name: str) -> list[str] | None:
        """Return an option that is a list, also if it is text with commas, or if a template made a list in the list."""
        value = self._option(name)
        return None if value is None else list(_flat(value))

    def _hosts(self, inventory: Any, kept: Iterable[dict[str, Any]]) -> dict[str, dict[str, Any]]:
        """Return the variables of each host.

        :raises InputError: two clusters, or a cluster and a host of another source, have the same name
        """
        hosts: dict[str, dict[str, Any]] = {}
        for cluster in kept:
            variables = {f"kafka_cluster_{name}": wrap_var(value) for name, value in cluster.items()}
            # A join removes the mark of an untrusted text: ansible-core 2.18 would list such a name as a dictionary.
            name = "".join(str(self._compose(self.get_option("hostname"), variables) or cluster["id"]))
            if "{" in name:
                raise InputError(TEMPLATE_AS_NAME, name=name, id=cluster["id"])
            if name in hosts:
                ids = f"{hosts[name]['kafka_cluster_id']} and {cluster['id']}"
                raise InputError(CLUSTER_CLASH, name=name, ids=ids)
            if inventory.get_host(name):
                raise InputError(HOST_CLASH, name=name, id=cluster["id"])
            hosts[name] = variables
        return hosts

    def _filter(self) -> Callable[[dict[str, Any]], bool]:
        """Return a function that tells whether a cluster passes the filters.

        :raises InputError: a filter is invalid
        """
        names, excluded, statuses = (self._list(name) for name in ("names", "exclude_names", "statuses"))
        check_names([*(names or ()), *(excluded or ())], "cluster")
        labels = {str(key): as_text(value, f"labels.{key}") for key, value in (self._option("labels") or {}).items()}

        def passes(cluster: dict[str, Any]) -> bool:
            return (
                (names is None or bool(matching(names, [cluster])))
                and not matching(excluded or (), [cluster])
                and labels.items() <= cluster["labels"].items()
                and (statuses is None or cluster["status"] in statuses)
            )

        return passes

    def _add(self, inventory: Any, hosts: Mapping[str, Mapping[str, Any]]) -> None:
        """Add hosts, and the groups that the source describes."""
        strict = self.get_option("strict")
        inventory.add_group(_GROUP)
        for name, value in _GROUP_VARIABLES.items():
            inventory.set_variable(_GROUP, name, value)
        for host, variables in hosts.items():
            inventory.add_host(host, group=_GROUP)
            for name, value in variables.items():
                inventory.set_variable(host, name, value)
            self._set_composite_vars(self.get_option("compose"), variables, host, strict=strict)
            self._add_host_to_composed_groups(self.get_option("groups"), variables, host, strict=strict)
            self._add_host_to_keyed_groups(self.get_option("keyed_groups"), variables, host, strict=strict)


def _connectors(client: Client, cluster: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the connectors of a cluster, with the fields that become variables."""
    with attempting(f"list connectors of cluster {cluster['name']} in folder {cluster['folder_id']}"):
        connectors = Cluster(client, str(cluster["id"])).connectors()
    return [{name: connector[name] for name in _CONNECTOR} for connector in connectors]


def _flat(value: Any) -> Iterator[str]:
    """Yield the texts in a list."""
    if isinstance(value, (list, tuple)):
        for item in value:
            yield from _flat(item)
    else:
        yield from (part.strip() for part in str(value).split(",") if part.strip())


def _plain(value: Any) -> Any:
    """Return the value of an option in the form in which a module receives it: values from a vault as text."""
    return dict(value) if isinstance(value, Mapping) else value if isinstance(value, (bool, int, float)) else str(value)
