# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From what is known of connectors to the result of a task. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .._api.errors import Error
from .._api.secrets import mask
from .._connector.model import Connector, Step, Wanted, operation_from_api
from .._connector.plan import merged_diff
from . import messages
from .explain import duration, first_names, with_facts
from .progress import Progress

_SHORT = ("name", "cluster_id", "status", "health")
# Maximum number of failures that a message shows.
_CAUSES = 3
_NOUNS = {"create": "Creation", "delete": "Deletion"}
_UNCHANGED = {
    "present": "has all settings of the task",
    "absent": "does not exist",
    "paused": "is already PAUSED",
    "running": "is already RUNNING",
    "restarted": "is unchanged",
}
_GROUPS = {
    "absent": ("deleted", "missing"),
    "paused": ("paused", "already PAUSED"),
    "running": ("resumed", "already RUNNING"),
    "restarted": ("restarted", "unchanged"),
}


def success(progress: Progress, wanted: Wanted, cluster_id: str, *, check_mode: bool) -> dict[str, Any]:
    """Return the result of a task that changed one connector, or had nothing to do."""
    connector = mask(progress.connector)
    unfinished = progress.operation is not None and not progress.operation.get("done")
    return {
        "changed": progress.changed,
        "msg": _sentence(progress, wanted, check_mode=check_mode),
        "connector": connector,
        **({} if unfinished else {"ansible_facts": {"kafka_connector": connector}}),
        **_operation(progress),
        "diff": _diff(mask(merged_diff(progress.steps)), f"connector {progress.name} in cluster {cluster_id}"),
    }


def failure(error: Error, progress: Progress) -> Error:
    """Return the error of a task about one connector, with the facts of its result."""
    return with_facts(error, {"changed": progress.changed, **_short_connector(progress), **_operation(progress)})


def success_of_all(
    subjects: Sequence[Progress], wanted: Wanted, cluster_id: str, *, check_mode: bool
) -> dict[str, Any]:
    """Return the result of a task with ``names``."""
    connectors = [mask(progress.connector) for progress in subjects if progress.connector is not None]
    diffs = {progress.name: mask(merged_diff(progress.steps)) for progress in subjects if progress.steps}
    sides = {
        side: {name: diff[side] for name, diff in diffs.items() if any(diff.values())} for side in ("before", "after")
    }
    unfinished = {
        progress.name for progress in subjects if progress.operation is not None and not progress.operation.get("done")
    }
    facts = {connector["name"]: connector for connector in connectors if connector["name"] not in unfinished}
    return {
        **_totals(subjects),
        "msg": _summary(subjects, wanted, unfinished, check_mode=check_mode),
        "connectors": connectors,
        "ansible_facts": {"kafka_connectors": facts},
        "diff": _diff(sides, f"connectors in cluster {cluster_id}"),
    }


def failure_of_all(subjects: Sequence[Progress], wanted: Wanted) -> Error:
    """Return the error of a task with ``names`` in which connectors failed."""
    failed = [(progress, progress.error) for progress in subjects if progress.error]
    causes = [f"{progress.name}: {error.reason}" for progress, error in failed[:_CAUSES]]
    if len(failed) > _CAUSES:
        causes.append(f"and {len(failed) - _CAUSES} more, see failed_connectors")
    done = [progress.name for progress in subjects if progress.changed and not progress.error]
    whole = Error(
        messages.SOME_FAILED,
        error=failed[0][1].error,
        failed=len(failed),
        total=len(subjects),
        causes="; ".join(causes),
        then=messages.RUN_FAILED_AGAIN if wanted.state == "restarted" else messages.RUN_ALL_AGAIN,
        succeeded=f"{_GROUPS[wanted.state][0].capitalize()}: {first_names(done)}. " if done else "",
    )
    facts = {
        **_totals(subjects),
        "connectors": [_short_connector(progress)["connector"] for progress in subjects if progress.connector],
        "failed_connectors": [_failed_connector(progress, error) for progress, error in failed],
    }
    return with_facts(whole, facts)


def operation_result(operation: Mapping[str, Any]) -> dict[str, Any]:
    """Return the result of operation_info.

    :param operation: as the API returned it; empty: it is not known
    """
    if not operation:
        return {"changed": False}
    what = f" ({operation['description']})" if operation.get("description") else ""
    seconds = duration(operation)
    took = "" if seconds is None else f" in {seconds:.1f} s"
    if operation.get("error") is not None:
        ended = "failed"
    else:
        ended = f"finished{took}" if operation.get("done") else "is running"
    return {
        "changed": False,
        "msg": f"Operation {operation['id']}{what} {ended}",
        "operation": mask(operation_from_api(operation)),
    }


def _totals(subjects: Sequence[Progress]) -> dict[str, Any]:
    operations = [_operation(progress)["operation"] for progress in subjects if progress.operation is not None]
    return {
        "changed": any(progress.changed for progress in subjects),
        "affected": sorted(progress.name for progress in subjects if progress.changed or progress.lost),
        **({"operations": operations} if operations else {}),
    }


def _operation(progress: Progress) -> dict[str, Any]:
    if progress.operation is None:
        return {}
    return {"operation": mask(operation_from_api(progress.operation))}


def _short_connector(progress: Progress) -> dict[str, Any]:
    connector: Connector = progress.connector or {}
    short = {name: connector[name] for name in _SHORT if name in connector}
    return {"connector": short} if short else {}


def _failed_connector(progress: Progress, error: Error) -> dict[str, Any]:
    return {
        "name": progress.name,
        **({"status": progress.connector["status"]} if progress.connector else {}),
        "msg": error.msg,
        **({"operation_id": progress.operation["id"]} if progress.operation else {}),
        **({"error": error.error} if error.error else {}),
    }


def _diff(sides: Mapping[str, Any], what: str) -> dict[str, Any]:
    return {**sides, "before_header": f"{what} (before)", "after_header": f"{what} (after)"}


def _sentence(progress: Progress, wanted: Wanted, *, check_mode: bool) -> str:
    """Return the message of a task about one connector."""
    if not progress.steps:
        return f"{progress.name} {_UNCHANGED[wanted.state]}"
    if check_mode:
        return f"{progress.name}: {_changes(progress.steps)} (check mode, no change was sent)"
    operation = progress.operation or {}
    if operation and not operation.get("done"):
        action = progress.steps[-1].action
        noun = _NOUNS.get(action, action.capitalize())
        return f"{noun} of {progress.name} accepted, not finished (operation {operation['id']})"
    seconds = duration(operation)
    took = "" if seconds is None else f" in {seconds:.1f} s"
    by = f" (operation {operation['id']})" if operation else ""
    return f"{progress.name}: {_changes(progress.steps)}{took}{by}"


def _changes(steps: Sequence[Step]) -> str:
    """Return steps as words: ``RUNNING -> PAUSED``, ``updated (tasks_max)``."""
    words: list[str] = []
    for step in steps:
        if step.action == "update":
            words.append(f"updated ({', '.join(step.after)})")
        elif "status" not in step.after:
            words.append(f"{step.action}d")
        elif words and words[-1].endswith(f"-> {step.before['status']}"):
            words[-1] += f" -> {step.after['status']}"
        else:
            words.append(f"{step.before['status']} -> {step.after['status']}")
    return ", ".join(words)


def _summary(subjects: Sequence[Progress], wanted: Wanted, unfinished: set[str], *, check_mode: bool) -> str:
    """Return the message of a task with ``names``: counts, then names."""
    done, unchanged = _GROUPS[wanted.state]
    groups = {
        f"would be {done}" if check_mode else done: [
            progress.name for progress in subjects if progress.steps and progress.name not in unfinished
        ],
        "accepted, not finished": sorted(unfinished),
        unchanged: [progress.name for progress in subjects if not progress.steps],
    }
    parts = [f"{len(names)} {words}: {first_names(names)}" for words, names in groups.items() if names]
    return "; ".join(parts) or "No connector matches names"
