# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the event source remembers, and its form in the state file."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from .._api.errors import InputError
from . import messages
from .moment import Moment

Event = dict[str, Any]

_VERSION = 1


@dataclass(frozen=True)
class Known:
    """A connector at the last good poll.

    :param kind: mirrormaker, s3_sink or iceberg_sink; None: another one
    :param since: when the connector was first seen in this status
    :param reported: whether ``paused_too_long`` was an event of this pause
    """

    kind: str | None
    status: str
    health: str
    tasks_max: int | None
    since: Moment
    reported: bool = False


@dataclass(frozen=True)
class Memory:
    """A cluster at the last good poll.

    :param connectors: by name
    :param polled: the last good poll; None: there was none
    :param reached: the last good poll, or when the source started to watch the cluster
    :param unreachable: whether ``unreachable`` was the last event about the cluster
    :param fresh: whether there was no good poll since the source started
    """

    reached: Moment
    connectors: Mapping[str, Known] = field(default_factory=dict)
    polled: Moment | None = None
    unreachable: bool = False
    fresh: bool = True


class State:
    """All that the source knows: the clusters, and the events that the engine has not taken yet.

    Of the events of one cluster, connector and type, only the newest is kept, so that a busy engine costs no memory.

    :param memories: the clusters by ID
    """

    def __init__(self, memories: Mapping[str, Memory] | None = None, events: Iterable[Event] = ()) -> None:
        self.memories = dict(memories or {})
        self._events = {_key(event): event for event in events}

    @property
    def events(self) -> list[Event]:
        """Events to send, in this order."""
        return list(self._events.values())

    def update(self, cluster_id: str, memory: Memory, events: Iterable[Event]) -> bool:
        """Add the result of a poll. Return whether the file has to be written: a time alone is no reason."""
        old = self.memories.get(cluster_id)
        self.memories[cluster_id] = memory
        for event in events:
            # The newest event is also the last one.
            self._events.pop(_key(event), None)
            self._events[_key(event)] = event
        return old is None or (old.connectors, old.unreachable) != (memory.connectors, memory.unreachable)

    def taken(self, event: Event) -> None:
        """Forget an event that the engine has taken, unless a newer one has replaced it in the meantime."""
        if self._events.get(_key(event)) is event:
            del self._events[_key(event)]

    def keep(self, cluster_ids: Container[str]) -> None:
        """Forget all other clusters."""
        self.memories = {name: memory for name, memory in self.memories.items() if name in cluster_ids}

    def dump(self) -> dict[str, Any]:
        """Return the contents of the state file."""
        clusters = {cluster_id: _dump_cluster(memory) for cluster_id, memory in self.memories.items() if memory.polled}
        return {"version": _VERSION, "clusters": clusters, "pending": self.events}

    @classmethod
    def load(cls, saved: Any, now: Moment) -> State:
        """Return the state of a state file.

        :raises InputError: it is damaged, or of another version
        """
        try:
            if saved["version"] == _VERSION:
                memories = {str(name): _load_cluster(item, now) for name, item in saved["clusters"].items()}
                return cls(memories, saved["pending"])
        except (AttributeError, KeyError, TypeError, ValueError, OverflowError):
            raise InputError(messages.BAD_STATE) from None
        raise InputError(messages.OTHER_STATE, version=saved["version"])


def _key(event: Event) -> tuple[str, str, str]:
    body = event["connector_status"]
    return str(body["cluster"]["id"]), str((body["connector"] or {}).get("name")), str(body["type"])


def _dump_cluster(memory: Memory) -> dict[str, Any]:
    connectors = {
        name: {**asdict(known), "since": known.since.wall} for name, known in sorted(memory.connectors.items())
    }
    polled = memory.polled.wall if memory.polled else None
    return {"polled": polled, "unreachable": memory.unreachable, "connectors": connectors}


def _load_cluster(saved: Mapping[str, Any], now: Moment) -> Memory:
    polled = now.at(float(saved["polled"]))
    connectors = {str(name): _load_connector(item, now) for name, item in saved["connectors"].items()}
    return Memory(polled, connectors, polled, unreachable=bool(saved["unreachable"]))


def _load_connector(saved: Mapping[str, Any], now: Moment) -> Known:
    return Known(
        kind=None if saved["kind"] is None else str(saved["kind"]),
        status=str(saved["status"]),
        health=str(saved["health"]),
        tasks_max=None if saved["tasks_max"] is None else int(saved["tasks_max"]),
        since=now.at(float(saved["since"])),
        reported=bool(saved["reported"]),
    )
