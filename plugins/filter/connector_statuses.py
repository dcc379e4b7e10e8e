# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: connector_statuses
author:
  - yandex_cloud.managed_kafka contributors (@yandex-cloud-managed-kafka)
version_added: 0.1.0
short_description: Summarize the status of connectors as a table, and compare it with the desired one
description:
  - The playbook C(status) shows this table.
  - The results of one host give one row per connector. The results of several hosts give one row per host.
  - Failures come first. The table has at most 40 lines.
options:
  _input:
    description:
      - Dictionary from host names to registered results of M(yandex_cloud.managed_kafka.kafka_connector_info).
      - The result of a host that was not reached is empty.
    type: dict
    required: true
  names:
    description: The names and patterns of the tasks. A plain name that does not exist is a problem.
    type: list
    elements: str
    default: []
  status:
    description: The statuses that are accepted. All are accepted by default.
    type: list
    elements: str
    default: []
  health:
    description: The values of health that are accepted. All are accepted by default.
    type: list
    elements: str
    default: []
"""

EXAMPLES = r"""
- name: Read the connectors
  yandex_cloud.managed_kafka.kafka_connector_info:
    cluster_id: c9q0ktrria41dv9e5v51
    include_last_operation: true
  register: found

- name: Show a table
  ansible.builtin.debug:
    msg: "{{ ({inventory_hostname: found} | yandex_cloud.managed_kafka.connector_statuses).lines }}"
"""

RETURN = r"""
_value:
  description: The table, what is wrong, and the numbers.
  type: dict
  contains:
    lines:
      description: The lines of the table, the totals first.
      type: list
      elements: str
    problems:
      description: By host name, what is wrong. Hosts without a problem are left out.
      type: dict
    counts:
      description: By cluster ID, the number of connectors with each status.
      type: dict
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ..module_utils._connector.names import is_pattern
from ..plugin_utils.tables import counted, first_ones, plural, shorten, table


class _Wanted:
    """The statuses and values of health that are accepted."""

    def __init__(self, status: Sequence[str], health: Sequence[str]) -> None:
        self._status = [word.upper() for word in status]
        self._health = [word.upper() for word in health]
        self.text = " and ".join(" or ".join(words) for words in (self._status, self._health) if words)

    def accepts(self, connector: Mapping[str, Any]) -> bool:
        return (not self._status or connector["status"] in self._status) and (
            not self._health or connector["health"] in self._health
        )


class _Cluster:
    """The connectors of one cluster."""

    def __init__(self, host: str, result: Mapping[str, Any], names: Sequence[str], wanted: _Wanted) -> None:
        self.host = host
        self.reached = bool(result)
        connectors = result.get("connectors", [])
        self.bad = [connector for connector in connectors if not wanted.accepts(connector)]
        self.connectors = [*self.bad, *(connector for connector in connectors if connector not in self.bad)]
        self.id = next((connector["cluster_id"] for connector in connectors), host)
        found = {connector["name"] for connector in connectors}
        missing = [name for name in names if name not in found and not is_pattern(name)]
        self.problem = ""
        self.was_read = "connectors" in result
        if self.reached and not self.was_read:
            self.problem = " ".join(str(result.get("msg", "the task failed")).split())
        elif missing:
            self.problem = f"No such connector: {', '.join(missing)}. The playbook status without connectors lists all."
        elif self.bad:
            first = first_ones([f"{one['name']} ({one['status']}, {one['health']})" for one in self.bad])
            count = f"{len(self.bad)} of {plural(len(connectors), 'connector')}"
            self.problem = f"{count} not {wanted.text}: {first}."
        elif self.reached and not connectors and wanted.text:
            self.problem = f"No connector matches, so none is {wanted.text}."

    @property
    def rows(self) -> list[tuple[str, ...]]:
        """Return the rows of a table of one cluster."""
        return [
            (connector["name"], connector["status"], connector["health"], *_last_change(connector))
            for connector in self.connectors
        ]

    @property
    def cells(self) -> tuple[str, ...]:
        """Return the row of a table with many clusters."""
        statuses = counted(connector["status"] for connector in self.connectors)
        health = counted(connector["health"] for connector in self.connectors)
        result = f"FAILED: {shorten(self.problem)}" if self.problem else "ok" if self.reached else "not reached so far"
        return self.host, *((statuses, health) if self.was_read else ("-", "-")), result


def _last_change(connector: Mapping[str, Any]) -> tuple[str, str, str]:
    """Return since when a connector is as it is, who changed it last, and how."""
    operation = connector.get("last_operation")
    if not operation:
        return "-", "-", "-"
    when = str(operation.get("modified_at") or operation.get("created_at") or "-")
    description = str(operation.get("description") or "-")
    failed = " (failed)" if operation.get("error") else ""
    state = failed if operation.get("done") else " (in progress)"
    return when.partition(".")[0].rstrip("Z"), str(operation.get("created_by") or "-"), f"{shorten(description)}{state}"


def connector_statuses(
    results: Mapping[str, Mapping[str, Any]],
    names: Sequence[str] = (),
    status: Sequence[str] = (),
    health: Sequence[str] = (),
) -> dict[str, Any]:
    """Return the table, the problems and the counts of the results of one task on several hosts."""
    wanted = _Wanted(status, health)
    clusters = [_Cluster(host, result, names, wanted) for host, result in results.items()]
    connectors = [connector for cluster in clusters for connector in cluster.connectors]
    total = plural(len(connectors), "connector") + (
        f": {counted(one['status'] for one in connectors)}" if connectors else ""
    )
    failed = [cluster for cluster in clusters if cluster.problem]
    if len(clusters) == 1:
        headings: tuple[str, ...] = ("connector", "status", "health", "since (UTC)", "by", "last operation")
        (cluster,) = clusters
        if cluster.bad:
            total += f"; {len(cluster.bad)} not {wanted.text}"
        elif cluster.problem and not cluster.was_read:
            total = f"FAILED: {shorten(cluster.problem)}"
        lines = table(total, headings, cluster.rows, "connectors")
    else:
        clusters.sort(key=lambda cluster: (not cluster.problem, cluster.reached, cluster.host))
        names_of_failed = (
            f"{len(failed)} FAILED ({first_ones([cluster.host for cluster in failed])}); " if failed else ""
        )
        headings = ("cluster", "status", "health", "result")
        total = f"{plural(len(clusters), 'cluster')}: {names_of_failed}{total}"
        lines = table(total, headings, [cluster.cells for cluster in clusters], "clusters")
    return {
        "lines": lines,
        "problems": {cluster.host: cluster.problem for cluster in failed},
        "counts": {
            cluster.id: dict(Counter(connector["status"] for connector in cluster.connectors))
            for cluster in clusters
            if cluster.was_read
        },
    }


class FilterModule:
    """The filters of this file."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Return the filters by name."""
        return {"connector_statuses": connector_statuses}
