# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: connector_changes
author:
  - yandex_cloud.managed_kafka contributors (@yandex-cloud-managed-kafka)
version_added: 0.1.0
short_description: Summarize what tasks of kafka_connector did, as a table
description:
  - The playbooks C(pause), C(resume) and C(restart) show this table at their end.
  - The results of one host give one row per connector. The results of several hosts give one row per host.
  - Failures come first. The table has at most 40 lines.
options:
  _input:
    description:
      - Dictionary from host names to registered results of M(yandex_cloud.managed_kafka.kafka_connector) with C(names).
      - The result of a host that was not reached is empty.
    type: dict
    required: true
  state:
    description: The O(yandex_cloud.managed_kafka.kafka_connector#module:state) of the tasks.
    type: str
    choices: [paused, running, restarted]
    required: true
  check_mode:
    description: Whether the tasks ran in check mode.
    type: bool
    default: false
"""

EXAMPLES = r"""
- name: Pause the mirrors
  yandex_cloud.managed_kafka.kafka_connector:
    cluster_id: c9q0ktrria41dv9e5v51
    names: mirror-*
    state: paused
  register: mirrors

- name: Show a table
  ansible.builtin.debug:
    msg: "{{ ({inventory_hostname: mirrors} | yandex_cloud.managed_kafka.connector_changes(state='paused')).lines }}"
"""

RETURN = r"""
_value:
  description: The table, and the numbers in it.
  type: dict
  contains:
    lines:
      description: The lines of the table, the totals first.
      type: list
      elements: str
    counts:
      description:
        - By cluster ID, the numbers of C(connectors), C(changed) ones and C(failed) ones. A task that failed as a whole
          is counted as one failure, under the name of its host.
      type: dict
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from ..plugin_utils.tables import counted, first_ones, plural, shorten, table

_DONE = {"paused": "paused", "running": "resumed", "restarted": "restarted"}
_UNCHANGED = {"paused": "already paused", "running": "already running", "restarted": "not restarted"}


class _Row(NamedTuple):
    """One connector."""

    name: str
    before: str
    after: str
    operation: str
    seconds: str
    result: str
    failure: str

    @property
    def cells(self) -> tuple[str, ...]:
        return (*self[:5], f"FAILED: {shorten(self.failure)}" if self.failure else self.result)


class _Cluster:
    """What one task did to the connectors of one cluster."""

    def __init__(self, host: str, result: Mapping[str, Any], state: str, check_mode: bool) -> None:
        self.host = host
        self.reached = bool(result)
        self.operations = {
            operation.get("metadata", {}).get("connector_name"): operation for operation in result.get("operations", [])
        }
        self.changed = list(result.get("affected", []))
        # A failed task has no diff, so the former status of a changed connector is unknown.
        before = result["diff"]["before"] if "diff" in result else {name: {"status": "?"} for name in self.changed}
        done = f"would be {_DONE[state]}" if check_mode else _DONE[state]
        failures = {failed["name"]: failed for failed in result.get("failed_connectors", [])}
        found = {connector["name"]: connector for connector in [*failures.values(), *result.get("connectors", [])]}
        self.id = next((one["cluster_id"] for one in found.values() if one.get("cluster_id")), host)
        self.rows = []
        for name, connector in sorted(found.items(), key=lambda item: (item[0] not in failures, item[0])):
            status = connector.get("status", "?")
            is_changed = name in self.changed
            self.rows.append(
                _Row(
                    name,
                    before.get(name, {}).get("status", status),
                    status,
                    self.operations.get(name, {}).get("id", "-"),
                    _seconds([self.operations[name]] if name in self.operations else []),
                    done if is_changed else _UNCHANGED[state],
                    _cause(failures[name].get("msg", "failed")) if name in failures else "",
                )
            )
        # A task that failed as a whole has no result for any connector.
        failed_whole = self.reached and not failures and (result.get("failed") or "connectors" not in result)
        self.failure = " ".join(str(result.get("msg", "the task failed")).split()) if failed_whole else ""
        self.failed = [row for row in self.rows if row.failure]

    @property
    def is_failed(self) -> bool:
        return bool(self.failure or self.failed)

    @property
    def counts(self) -> dict[str, int]:
        """Return the numbers for the artifacts of a job."""
        # A task that failed as a whole changed nothing, and its connectors are unknown: the failure itself counts.
        failed = len(self.failed) + bool(self.failure)
        return {"connectors": len(self.rows), "changed": len(self.changed), "failed": failed}

    def results(self) -> list[str]:
        """Return the result of each connector, in one or two words."""
        return ["FAILED" if row.failure else row.result for row in self.rows]

    @property
    def cells(self) -> tuple[str, ...]:
        """Return the row of a table with many clusters."""
        result = counted(self.results()) if self.rows else "no connector matches"
        if self.failure:
            result = f"FAILED: {shorten(self.failure)}"
        elif self.failed:
            first = self.failed[0]
            result = shorten(f"FAILED: {len(self.failed)} of {len(self.rows)}: {first.name}: {first.failure}")
        elif not self.reached:
            result = "not reached so far"
        return (
            self.host,
            counted(row.before for row in self.rows) if self.rows else "-",
            counted(row.after for row in self.rows) if self.rows else "-",
            str(len(self.operations)),
            _seconds(list(self.operations.values())),
            result,
        )


def _cause(message: str) -> str:
    """Return a message without what was attempted, which the row tells."""
    attempted, colon, cause = " ".join(message.split()).partition(": ")
    return cause if colon and attempted.startswith("Could not ") else attempted + colon + cause


def _seconds(operations: list[Mapping[str, Any]]) -> str:
    """Return the time from the start of the first operation to the end of the last, by the service's clock."""
    try:
        starts = [datetime.fromisoformat(operation["created_at"]) for operation in operations]
        ends = [datetime.fromisoformat(operation["modified_at"]) for operation in operations if operation["done"]]
        return f"{(max(ends) - min(starts)).total_seconds():.1f}" if len(ends) == len(starts) else "-"
    except (KeyError, TypeError, ValueError):
        return "-"


def connector_changes(results: Mapping[str, Mapping[str, Any]], state: str, check_mode: bool = False) -> dict[str, Any]:
    """Return the table and the counts of the results of one task on several hosts."""
    clusters = [_Cluster(host, result, state, check_mode) for host, result in results.items()]
    note = " (check mode: no change was sent)" if check_mode else ""
    clusters.sort(key=lambda cluster: (not cluster.is_failed, cluster.reached, not cluster.changed, cluster.host))
    outcomes = [outcome for cluster in clusters for outcome in cluster.results()]
    if len(clusters) == 1:
        (cluster,) = clusters
        total = f"{plural(len(outcomes), 'connector')}: {counted(outcomes)}{note}"
        if cluster.failure:
            total = f"FAILED: {shorten(cluster.failure)}"
        headings = ("connector", "before", "after", "operation", "seconds", "result")
        lines = table(total, headings, [row.cells for row in cluster.rows], "connectors")
    else:
        failed = [cluster.host for cluster in clusters if cluster.is_failed]
        missing = sum(not cluster.reached for cluster in clusters)
        parts = [f"{len(failed)} FAILED ({first_ones(failed)})"] if failed else []
        parts += [f"{missing} not reached so far"] if missing else []
        parts.append(f"{plural(len(outcomes), 'connector')}: {counted(outcomes)}{note}")
        total = f"{plural(len(clusters), 'cluster')}: {'; '.join(parts)}"
        headings = ("cluster", "before", "after", "operations", "seconds", "result")
        lines = table(total, headings, [cluster.cells for cluster in clusters], "clusters")
    return {"lines": lines, "counts": {cluster.id: cluster.counts for cluster in clusters if cluster.reached}}


class FilterModule:
    """The filters of this file."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Return the filters by name."""
        return {"connector_changes": connector_changes}
