# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: maintenance_outcome
author:
  - yandex_cloud.managed_kafka contributors (@yandex-cloud-managed-kafka)
version_added: 0.1.0
short_description: Report what maintenance of a cluster paused, resumed and left paused
description:
  - The role P(yandex_cloud.managed_kafka.connector_maintenance#role) shows this at its end.
options:
  _input:
    description: The plan, as P(yandex_cloud.managed_kafka.maintenance_plan#filter) returned it.
    type: dict
    required: true
  pause:
    description: Registered result of the task that paused the connectors. It may have been skipped.
    type: dict
    required: true
  resume:
    description: Registered result of the task that resumed the connectors. It may have been skipped or not yet run.
    type: dict
    default: {}
  is_failed:
    description: Whether the pause or the work failed.
    type: bool
    default: false
  check_mode:
    description: Whether the tasks ran in check mode.
    type: bool
    default: false
"""

EXAMPLES = r"""
- name: Show the result
  ansible.builtin.debug:
    msg: "{{ (plan | yandex_cloud.managed_kafka.maintenance_outcome(pause, resume)).text }}"
"""

RETURN = r"""
_value:
  description: What this run did.
  type: dict
  contains:
    resume:
      description: Names of the connectors to resume.
      type: list
      elements: str
    retry:
      description: Whether another attempt to resume can help. It cannot help connectors that already ran.
      type: bool
    paused:
      description: Names of the connectors that are still paused and have to be resumed.
      type: list
      elements: str
    counts:
      description: Numbers of connectors that were C(paused), C(resumed) and are C(still_paused).
      type: dict
    text:
      description: One line for people.
      type: str
"""

from collections.abc import Callable, Mapping
from typing import Any

from ..plugin_utils.maintenance import resume_command


def maintenance_outcome(
    plan: Mapping[str, Any],
    pause: Mapping[str, Any],
    resume: Mapping[str, Any] | None = None,
    is_failed: bool = False,
    check_mode: bool = False,
) -> dict[str, Any]:
    """Return what this run paused, resumed and left paused, and one line that says it."""
    resume = resume or {}
    mine = list(pause.get("affected", []))
    # A failed pause is undone even if the connectors were to stay paused.
    is_undone = bool(plan["resume"] or pause.get("failed"))
    wanted = sorted({*(plan["earlier"] if plan["resume"] else []), *(mine if is_undone else [])})
    connectors = {connector["name"]: connector for connector in resume.get("connectors", [])}
    running = [name for name in wanted if connectors.get(name, {}).get("status") == "RUNNING"]
    # The task of the resume returns each connector that still exists, unless it failed as a whole.
    gone = [name for name in wanted if name not in connectors] if "connectors" in resume else []
    paused = sorted({*plan["earlier"], *mine}.difference(running, gone))
    # After a resume, a new attempt has the whole time for the health.
    may_help = bool(resume.get("failed")) and (set(wanted) != {*running, *gone} or bool(resume.get("changed")))
    sick = [one["name"] for one in resume.get("failed_connectors", []) if one["name"] in running]
    if check_mode:
        text = _forecast(mine, wanted)
    else:
        failures = [
            *(["the pause failed"] if pause.get("failed") else ["the work failed"] if is_failed else []),
            *(["the resume failed"] if resume.get("failed") else []),
        ]
        text = f"Maintenance failed: {' and '.join(failures)}, see above." if failures else "Maintenance succeeded."
        for label, names in (("Resumed", running), ("Not healthy", sick), ("No longer existing", gone)):
            text += f" {label}: {', '.join(names)}." if names else ""
        if paused:
            text += f" Still paused: {', '.join(paused)}. Resume: {resume_command(plan['cluster_id'], paused)}"
        elif mine or plan["earlier"]:
            text += " Nothing is still paused."
        else:
            text += " Nothing was paused, and nothing was resumed."
    return {
        "resume": wanted,
        "retry": may_help,
        "paused": paused,
        "counts": {"paused": len(mine), "resumed": len(running), "still_paused": len(paused)},
        "text": text,
    }


def _forecast(pause: list[str], resume: list[str]) -> str:
    """Return what a run without check mode would do."""
    would = [f"{verb} {', '.join(names)}" for verb, names in (("pause", pause), ("resume at the end", resume)) if names]
    return f"Check mode: this run would {' and '.join(would) or 'pause and resume nothing'}."


class FilterModule:
    """The filters of this file."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Return the filters by name."""
        return {"maintenance_outcome": maintenance_outcome}
