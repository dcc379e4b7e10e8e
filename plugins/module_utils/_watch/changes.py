# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which events follow from a poll of a cluster. Pure: the memory goes in, a new memory and the events come out."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from .._connector.model import Connector
from .._connector.names import matching
from .memory import Event, Known, Memory
from .moment import Moment, from_text, to_text
from .options import Options

Operations = Callable[[], Sequence[Mapping[str, Any]]]
"""Returns the newest operations of the cluster in the form of results; none if they cannot be read."""

_UUIDS = uuid.uuid5(uuid.NAMESPACE_URL, "yandex_cloud.managed_kafka.connector_status")
_KINDS = ("mirrormaker", "s3_sink", "iceberg_sink")
_TYPES = {("ERROR", "RUNNING"): "recovered", ("PAUSED", "RUNNING"): "resumed"}
_TYPES_OF_ANY = {"ERROR": "failed", "PAUSED": "paused"}
# Which operations can lead to an event. All other events about a status: any of the first four.
_CAUSES = {"paused": ("Pause",), "paused_too_long": ("Pause",), "resumed": ("Resume",), "deleted": ("Delete",)}
_USUAL_CAUSES = ("Pause", "Resume", "Update", "Create")
_WITHOUT_CAUSE = frozenset({"health", "snapshot"})
# Seconds by which the clocks of this machine and of the service can differ.
_CLOCK_ERROR = 2.0


class Place(NamedTuple):
    """A cluster. Only the ID is known if the rulebook names the cluster by its ID."""

    id: str
    name: str | None = None
    folder_id: str | None = None


def places(clusters: Iterable[Mapping[str, Any]], options: Options) -> list[Place]:
    """Return the clusters of a folder that the options choose.

    :param clusters: all clusters of the folder in the form of results
    """
    named = matching(options.cluster_names or ("*",), map(dict, clusters))
    found = [item for item in named if options.labels.items() <= (item.get("labels") or {}).items()]
    return [Place(str(item["id"]), str(item.get("name", "")), options.folder_id) for item in found]


class Seen(NamedTuple):
    """The result of a poll."""

    memory: Memory
    events: list[Event]


class _Change(NamedTuple):
    """A part of an event: one connector, before and after."""

    kind: str
    name: str
    known: Known
    previous: Known | None
    since: Moment


def after_poll(
    memory: Memory,
    place: Place,
    found: Iterable[Connector],
    now: Moment,
    options: Options,
    operations: Operations,
) -> Seen:
    """Return the memory and the events after a good poll.

    :param found: all connectors of the cluster in the form of results
    :param operations: called at most once, and only if an event or a pause needs an operation
    """
    read = _Once(operations if options.find_operation else list)
    before = memory.connectors
    after = {
        item["name"]: _known(item, before.get(item["name"]), now) for item in matching(options.names or ("*",), found)
    }
    if memory.polled is None and options.paused_longer_than is not None:
        after = {name: _since_pause(name, known, now, read) for name, known in after.items()}
    changes = [] if memory.polled is None else _transitions(before, after, now)
    if memory.fresh:
        changes += [_Change("snapshot", name, known, before.get(name), known.since) for name, known in after.items()]
    for name, known in after.items():
        if _is_overdue(known, now, options):
            changes.append(_Change("paused_too_long", name, known, before.get(name), known.since))
            after[name] = replace(known, reported=True)
    last = memory.polled
    events = []
    if memory.unreachable and "reachable" in options.events:
        events.append(_cluster_event("reachable", place, now, last, since=now, error=None))
    for change in changes:
        if change.kind in options.events:
            operation = None if change.kind in _WITHOUT_CAUSE else _cause(change, read(), last)
            events.append(_connector_event(change, place, now, last, operation))
    return Seen(Memory(now, after, now, fresh=False), events)


def after_failure(
    memory: Memory, place: Place, error: Mapping[str, Any], now: Moment, options: Options, *, gone: bool
) -> Seen:
    """Return the memory and the events after a poll that failed.

    :param error: in the form of an event
    :param gone: the service says that the cluster does not exist
    """
    lasted = now.steady - memory.reached.steady
    if memory.unreachable or not (gone or lasted >= options.unreachable_after):
        return Seen(memory, [])
    events = []
    if "unreachable" in options.events:
        events.append(_cluster_event("unreachable", place, now, memory.polled, since=memory.reached, error=error))
    return Seen(replace(memory, unreachable=True), events)


class _Once:
    """Reads the operations when they are first needed."""

    def __init__(self, operations: Operations) -> None:
        self._operations = operations
        self._read: list[Sequence[Mapping[str, Any]]] = []

    def __call__(self) -> Sequence[Mapping[str, Any]]:
        if not self._read:
            self._read.append(self._operations())
        return self._read[0]


def _known(item: Connector, before: Known | None, now: Moment) -> Known:
    kind = next((kind for kind in _KINDS if f"connector_config_{kind}" in item), None)
    status, tasks_max = str(item["status"]), item.get("tasks_max")
    known = Known(kind, status, str(item["health"]), tasks_max if isinstance(tasks_max, int) else None, now)
    same = before is not None and before.status == status
    return replace(known, since=before.since, reported=before.reported) if before and same else known


def _transitions(before: Mapping[str, Known], after: Mapping[str, Known], now: Moment) -> list[_Change]:
    changes = []
    for name in sorted({*before, *after}):
        old, new = before.get(name), after.get(name)
        if new is None:
            changes.append(_Change("deleted", name, before[name], old, before[name].since))
        elif old is None:
            changes.append(_Change("created", name, new, None, now))
        elif (old.status, old.health) != (new.status, new.health):
            changes.append(_Change(_transition(old, new), name, new, old, now))
    return changes


def _transition(old: Known, new: Known) -> str:
    if old.status == new.status:
        return "health"
    return _TYPES.get((old.status, new.status)) or _TYPES_OF_ANY.get(new.status, "changed")


def _since_pause(name: str, known: Known, now: Moment, read: Operations) -> Known:
    """Return a connector that was found paused at the first poll, paused since the end of the operation."""
    if known.status != "PAUSED":
        return known
    pause = _newest(name, ("Pause", "Resume"), read())
    ended = _ended(pause) if pause and _operation_kind(pause) == "Pause" else None
    return known if ended is None else replace(known, since=now.at(min(ended, now.wall)))


def _is_overdue(known: Known, now: Moment, options: Options) -> bool:
    longest = options.paused_longer_than
    if known.status != "PAUSED" or known.reported or longest is None:
        return False
    return now.steady - known.since.steady >= longest


def _cause(change: _Change, operations: Sequence[Mapping[str, Any]], last: Moment | None) -> dict[str, Any] | None:
    """Return the operation that led to a change, in the form of an event."""
    found = _newest(change.name, _CAUSES.get(change.kind, _USUAL_CAUSES), operations)
    if found is None:
        return None
    ended = _ended(found)
    # The pause of paused_too_long is older than the last poll.
    if change.kind != "paused_too_long" and last and ended is not None and ended < last.wall - _CLOCK_ERROR:
        return None
    return {key: found.get(key) for key in ("id", "description", "created_by", "created_at")}


def _newest(name: str, kinds: Sequence[str], operations: Sequence[Mapping[str, Any]]) -> Mapping[str, Any] | None:
    fitting = [item for item in operations if _connector_name(item) == name and _operation_kind(item) in kinds]
    return max(fitting, key=lambda item: from_text(item.get("created_at")) or 0.0, default=None)


def _operation_kind(operation: Mapping[str, Any]) -> str:
    """Return ``Pause`` for an operation with PauseConnectorMetadata."""
    metadata = operation.get("metadata")
    kind = str(metadata.get("@type", "")) if isinstance(metadata, Mapping) else ""
    return kind.rpartition(".")[2].partition("ConnectorMetadata")[0]


def _connector_name(operation: Mapping[str, Any]) -> str | None:
    metadata = operation.get("metadata")
    return metadata.get("connector_name") if isinstance(metadata, Mapping) else None


def _ended(operation: Mapping[str, Any]) -> float | None:
    """Return when an operation ended; None: it is still running, or the service does not say."""
    return from_text(operation.get("modified_at")) if operation.get("done") else None


def _connector_event(
    change: _Change, place: Place, now: Moment, last: Moment | None, operation: dict[str, Any] | None
) -> Event:
    known, previous = change.known, change.previous
    paused = int(now.steady - known.since.steady) if known.status == "PAUSED" else None
    body = {
        "type": change.kind,
        "cluster": place._asdict(),
        "connector": {
            "name": change.name,
            "type": known.kind,
            "status": known.status,
            "health": known.health,
            "tasks_max": known.tasks_max,
        },
        "previous": {"status": previous.status, "health": previous.health} if previous else None,
        "observed_at": to_text(now.wall),
        "previously_observed_at": to_text(last.wall) if last else None,
        "since": to_text(change.since.wall),
        "paused_seconds": paused,
        "operation": operation,
        "error": None,
    }
    return _with_meta(body, known.status, known.health)


def _cluster_event(
    kind: str, place: Place, now: Moment, last: Moment | None, *, since: Moment, error: Mapping[str, Any] | None
) -> Event:
    body = {
        "type": kind,
        "cluster": place._asdict(),
        "connector": None,
        "previous": None,
        "observed_at": to_text(now.wall),
        "previously_observed_at": to_text(last.wall) if last else None,
        "since": to_text(since.wall),
        "paused_seconds": None,
        "operation": None,
        "error": dict(error) if error else None,
    }
    return _with_meta(body, "", "")


def _with_meta(body: dict[str, Any], status: str, health: str) -> Event:
    """Return the event with an ID that depends only on the fact, so that a repeat is the same event."""
    name = (body["connector"] or {}).get("name", "")
    fact = " ".join((body["cluster"]["id"], name, body["type"], status, health, body["since"]))
    return {"connector_status": body, "meta": {"uuid": str(uuid.uuid5(_UUIDS, fact))}}
