# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: maintenance_plan
author:
  - yandex_cloud.managed_kafka contributors (@yandex-cloud-managed-kafka)
version_added: 0.1.0
short_description: Decide what maintenance of a cluster pauses, or why it cannot start
description:
  - The role P(yandex_cloud.managed_kafka.connector_maintenance#role) uses this filter before it pauses anything.
options:
  _input:
    description: Registered result of M(yandex_cloud.managed_kafka.kafka_connector_info), or of a skipped task.
    type: dict
    required: true
  settings:
    description:
      - The variables of the role C(names), C(paused) (names by cluster ID), C(on_error), C(tasks_file), C(roles),
        C(resume) and C(max_fail), and C(tasks_path), where the tasks file was found.
    type: dict
    required: true
  cluster_id:
    description: ID of the cluster, if it is known.
    type: str
    default: ''
  host_cluster_id:
    description: ID of the cluster that the host stands for in the inventory.
    type: str
    default: ''
  hosts:
    description: Lists of all hosts of the play (C(all)), those that have not failed (C(not_failed)) and the C(batch).
    type: dict
    default: {}
"""

EXAMPLES = r"""
- name: Show what maintenance pauses
  ansible.builtin.debug:
    msg: "{{ (found | yandex_cloud.managed_kafka.maintenance_plan(settings)).text }}"
"""

RETURN = r"""
_value:
  description: The plan, with the options that it was made of.
  type: dict
  contains:
    is_possible:
      description: Whether maintenance can start.
      type: bool
    text:
      description: What will be paused and how to resume it, or why maintenance cannot start.
      type: str
    cluster_id:
      description: ID of the cluster.
      type: str
    pause:
      description: Names of the connectors to pause.
      type: list
      elements: str
    earlier:
      description: Names of the connectors that an earlier run left paused.
      type: list
      elements: str
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ..module_utils._connector.names import is_pattern
from ..plugin_utils.maintenance import resume_command
from ..plugin_utils.tables import first_ones

_KNOWN = ("RUNNING", "PAUSED", "ERROR")


def maintenance_plan(
    found: Mapping[str, Any],
    settings: Mapping[str, Any],
    cluster_id: str | None = "",
    host_cluster_id: str = "",
    hosts: Mapping[str, Sequence[str]] | None = None,
) -> dict[str, Any]:
    """Return what to pause and what to resume at the end, or why maintenance cannot start."""
    connectors = found.get("connectors", [])
    cluster = next((connector["cluster_id"] for connector in connectors), cluster_id or "")
    named = connectors if settings["names"] else []
    # Plain names have no cluster ID. They are connectors of this cluster.
    earlier = sorted({*settings["paused"].get(cluster, ()), *settings["paused"].get("", ())})
    is_own = bool(host_cluster_id) and cluster == host_cluster_id
    problems = [
        *_problems_of_hosts(is_own, hosts or {}, float(settings["max_fail"])),
        *_problems_of_variables(settings, cluster, is_own),
        *_problems_of_connectors(named, settings, cluster),
    ]
    running = [connector["name"] for connector in named if connector["status"] == "RUNNING"]
    sick = [f"{one['name']} ({one['health']})" for one in named if one["name"] in running and one["health"] != "ALIVE"]
    already = [one["name"] for one in named if one["status"] == "PAUSED" and one["name"] not in earlier]
    if problems:
        text = f"Maintenance cannot start: {' '.join(problems)} No change was made."
        if earlier:
            text += f" An earlier run left paused: {', '.join(earlier)}. Resume: {resume_command(cluster, earlier)}"
    elif running or earlier:
        text = f"Pausing: {', '.join(running) or 'nothing'}."
        if earlier:
            text += f" Paused by an earlier run: {', '.join(earlier)}."
        if sick:
            text += f" Not healthy before: {', '.join(sick)}."
        if already:
            text += f" Already paused, and not resumed at the end: {', '.join(already)}."
        text += f" If this run is interrupted, resume with: {resume_command(cluster, sorted({*running, *earlier}))}"
    else:
        text = "There is nothing to pause and nothing to resume."
        if already:
            text += f" Already paused: {', '.join(already)}."
    return {
        "is_possible": not problems,
        "text": text,
        "cluster_id": cluster,
        "pause": running,
        "earlier": earlier,
        "resume": settings["resume"],
    }


def _problems_of_hosts(is_own_cluster: bool, hosts: Mapping[str, Sequence[str]], max_fail: float) -> list[str]:
    """Return why this host of a play must not start."""
    if len(hosts.get("batch", ())) > 1 and not is_own_cluster:
        return ["On several hosts, each host must be a cluster of the inventory. Run the play on one host."]
    # Ansible itself ignores max_fail_percentage if the failed task is in a block with always.
    everyone = list(hosts.get("all", ()))
    earlier = everyone[: min((everyone.index(host) for host in hosts.get("batch", ())), default=0)]
    failed = [host for host in earlier if host not in hosts["not_failed"]]
    if failed and 100 * len(failed) > max_fail * len(earlier):
        return [f"{len(failed)} of {len(earlier)} clusters failed, more than max_fail={max_fail:g} percent."]
    return []


def _problems_of_variables(settings: Mapping[str, Any], cluster: str, is_own_cluster: bool) -> list[str]:
    """Return which variables are missing or wrong."""
    problems = []
    paused = settings["paused"]
    if not settings["names"] and not paused:
        problems.append("No connectors are selected, and connector_maintenance_paused contains none of an earlier run.")
    # On a host of a fleet, the record of an earlier run also contains other clusters.
    elif not settings["names"] and any(paused.values()) and not {cluster, ""} & paused.keys() and not is_own_cluster:
        others = first_ones(sorted(paused))
        problems.append(f"connector_maintenance_paused has no entry for this cluster, but for {others}.")
    if settings["names"] and settings["resume"] and not settings["tasks_file"] and not settings["roles"]:
        problems.append("There is no work. Set a tasks file or roles, or resume=false.")
    if settings["tasks_file"] and not settings["tasks_path"]:
        problems.append(f"The tasks file {settings['tasks_file']} does not exist.")
    return problems


def _problems_of_connectors(
    connectors: Sequence[Mapping[str, Any]], settings: Mapping[str, Any], cluster: str
) -> list[str]:
    """Return which connectors do not exist or cannot be paused."""
    names = settings["names"]
    found = {connector["name"]: connector["status"] for connector in connectors}
    missing = [name for name in names if name not in found and not is_pattern(name)]
    unknown = [name for name, status in found.items() if status not in _KNOWN]
    broken = [name for name, status in found.items() if status == "ERROR"]
    problems = []
    if missing:
        problems.append(f"Cluster {cluster} has no connector {first_ones(missing)}.")
    elif names and not found:
        problems.append(f"No connector matches {first_ones(names)}.")
    if unknown:
        problems.append(f"The status is unknown: {first_ones(unknown)}.")
    if broken and settings["on_error"] != "skip":
        problems.append(f"The status is ERROR: {first_ones(broken)}. Fix them, or skip them with on_error=skip.")
    return problems


class FilterModule:
    """The filters of this file."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Return the filters by name."""
        return {"maintenance_plan": maintenance_plan}
