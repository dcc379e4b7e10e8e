# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The event source's memory of a cluster, and its form in the state file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

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


def event_key(event: Event) -> tuple[str, str, str]:
    """Return cluster, connector and type: of the events with the same key, only the newest waits for the engine."""
    body = event["connector_status"]
    return str(body["cluster"]["id"]), str((body["connector"] or {}).get("name")), str(body["type"])


def dump(memories: Mapping[str, Memory], pending: list[Event]) -> dict[str, Any]:
    """Return what the state file contains: the clusters by ID, and the events that the engine has not taken yet."""
    clusters = {cluster_id: _dump_cluster(memory) for cluster_id, memory in memories.items() if memory.polled}
    return {"version": _VERSION, "clusters": clusters, "pending": pending}


def load(state: Any, now: Moment) -> tuple[dict[str, Memory], list[Event]]:
    """Return the memories and the pending events of a state file.

    :raises ValueError: it is damaged, or of another version
    """
    try:
        if state["version"] != _VERSION:
            raise ValueError("another version")
        memories = {str(cluster_id): _load_cluster(saved, now) for cluster_id, saved in state["clusters"].items()}
        pending = [event for event in state["pending"] if all(event_key(event))]
    except (AttributeError, KeyError, TypeError, OverflowError) as error:
        raise ValueError("not the state of the event source") from error
    return memories, pending


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
