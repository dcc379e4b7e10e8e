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
from .._connector.names import first_names
from .._connector.plan import STATES, merged_diff
from . import messages
from .progress import Progress
from .times import took

_SHORT = ("name", "cluster_id", "status", "health")
# Maximum number of failures that a message shows.
_CAUSES = 3
_NOUNS = {"create": "Creation", "delete": "Deletion"}


def success(progress: Progress, wanted: Wanted, cluster_id: str, *, check_mode: bool) -> dict[str, Any]:
    """Return the result of a task that changed one connector, or had nothing to do."""
    connector = mask(progress.connector)
    result = _known(
        changed=progress.changed,
        msg=_sentence(progress, wanted, check_mode=check_mode),
        ansible_facts=None if progress.is_unfinished else {"kafka_connector": connector},
        operation=_operation(progress),
        diff=_diff(mask(merged_diff(progress.steps)), f"connector {progress.name} in cluster {cluster_id}"),
    )
    return {**result, "connector": connector}


def failure(error: Error, progress: Progress) -> Error:
    """Return the error of a task about one connector, with the facts of its result."""
    short = _short(progress.connector) if progress.connector else None
    return error.with_facts(_known(changed=progress.changed, connector=short, operation=_operation(progress)))


def success_of_all(
    subjects: Sequence[Progress], wanted: Wanted, cluster_id: str, *, check_mode: bool
) -> dict[str, Any]:
    """Return the result of a task with ``names``."""
    connectors = {one.name: mask(one.connector) for one in subjects if one.connector is not None}
    facts = {one.name: connectors[one.name] for one in subjects if one.name in connectors and not one.is_unfinished}
    diffs = {one.name: mask(merged_diff(one.steps)) for one in subjects}
    sides = {
        side: {name: diff[side] for name, diff in diffs.items() if any(diff.values())} for side in ("before", "after")
    }
    return {
        **_totals(subjects),
        "msg": _summary(subjects, wanted, check_mode=check_mode),
        "connectors": list(connectors.values()),
        "ansible_facts": {"kafka_connectors": facts},
        "diff": _diff(sides, f"connectors in cluster {cluster_id}"),
    }


def failure_of_all(subjects: Sequence[Progress], wanted: Wanted) -> Error:
    """Return the error of a task with ``names`` in which connectors failed."""
    failed = [(one, one.error) for one in subjects if one.error]
    causes = [f"{one.name}: {error.reason}" for one, error in failed[:_CAUSES]]
    if len(failed) > _CAUSES:
        causes.append(f"and {len(failed) - _CAUSES} more, see failed_connectors")
    done = [one.name for one in subjects if one.changed and not one.error]
    whole = Error(
        messages.SOME_FAILED,
        error=failed[0][1].error,
        failed=len(failed),
        total=len(subjects),
        causes="; ".join(causes),
        then=messages.RUN_FAILED_AGAIN if wanted.state == "restarted" else messages.RUN_ALL_AGAIN,
        succeeded=f"{STATES[wanted.state].done.capitalize()}: {first_names(done)}. " if done else "",
    )
    facts = {
        **_totals(subjects),
        "connectors": [_short(one.connector) for one in subjects if one.connector],
        "failed_connectors": [
            _known(
                name=one.name,
                status=(one.connector or {}).get("status"),
                msg=error.msg,
                operation_id=(one.operation or {}).get("id"),
                error=error.error,
            )
            for one, error in failed
        ],
    }
    return whole.with_facts(facts)


def _known(**parts: Any) -> dict[str, Any]:
    """Return the parts of a result that are known."""
    return {name: part for name, part in parts.items() if part is not None}


def _totals(subjects: Sequence[Progress]) -> dict[str, Any]:
    return _known(
        changed=any(one.changed for one in subjects),
        affected=sorted(one.name for one in subjects if one.changed or one.lost),
        operations=[_operation(one) for one in subjects if one.operation is not None] or None,
    )


def _operation(progress: Progress) -> dict[str, Any] | None:
    return None if progress.operation is None else mask(operation_from_api(progress.operation))


def _short(connector: Connector) -> Connector:
    return {name: connector[name] for name in _SHORT if name in connector}


def _diff(sides: Mapping[str, Any], what: str) -> dict[str, Any]:
    return {**sides, "before_header": f"{what} (before)", "after_header": f"{what} (after)"}


def _sentence(progress: Progress, wanted: Wanted, *, check_mode: bool) -> str:
    """Return the message of a task about one connector."""
    if not progress.steps:
        return f"{progress.name} is {STATES[wanted.state].unchanged}"
    if check_mode:
        return f"{progress.name}: {_changes(progress.steps)} (check mode, no change was sent)"
    operation = progress.operation or {}
    if progress.is_unfinished:
        action = progress.steps[-1].action
        noun = _NOUNS.get(action, action.capitalize())
        return f"{noun} of {progress.name} accepted, not finished (operation {operation['id']})"
    by = f" (operation {operation['id']})" if operation else ""
    return f"{progress.name}: {_changes(progress.steps)}{took(operation)}{by}"


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


def _summary(subjects: Sequence[Progress], wanted: Wanted, *, check_mode: bool) -> str:
    """Return the message of a task with ``names``: counts, then names."""
    state = STATES[wanted.state]
    groups = {
        f"would be {state.done}" if check_mode else state.done: [
            one.name for one in subjects if one.steps and not one.is_unfinished
        ],
        "accepted, not finished": [one.name for one in subjects if one.is_unfinished],
        state.unchanged: [one.name for one in subjects if not one.steps],
    }
    parts = [f"{len(names)} {words}: {first_names(names)}" for words, names in groups.items() if names]
    return "; ".join(parts) or "No connector matches names"
