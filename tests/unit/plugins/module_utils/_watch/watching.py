# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Builders for the tests of the event source."""

from __future__ import annotations

from typing import Any

from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._watch import changes, options
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._watch.memory import Memory
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._watch.moment import Moment, to_text

START = 1_800_000_000.0
PLACE = changes.Place("c9q1", "demo", "b1g1")
EVERY_EVENT = frozenset(options.USUAL_EVENTS + options.QUIET_EVENTS)
ERROR = {"http_status": 503, "code": 14, "status": "UNAVAILABLE", "message": "down", "request_id": None}


def moment(seconds: float) -> Moment:
    """Return a moment so many seconds after the start of a test."""
    return Moment(START + seconds, 50.0 + seconds)


def text(seconds: float) -> str:
    return to_text(START + seconds)


def new_memory(seconds: float = 0) -> Memory:
    return Memory(moment(seconds))


def connector(name: str = "mirror", status: str = "RUNNING", health: str = "ALIVE", **more: Any) -> dict[str, Any]:
    config = {"connector_config_mirrormaker": {"topics": "secret-topic"}, "properties": {"password": "hidden-value"}}
    return {"name": name, "status": status, "health": health, "tasks_max": 2, **config, **more}


def operation(
    kind: str, name: str = "mirror", *, started: float = 0, ended: float | None = 1, by: str = "aje1", **more: Any
) -> dict[str, Any]:
    return {
        "id": f"{kind.lower()}-{started}",
        "description": f"{kind} Apache Kafka connector",
        "created_at": text(started),
        "created_by": by,
        "modified_at": text(started if ended is None else ended),
        "done": ended is not None,
        "metadata": {
            "@type": f"type.googleapis.com/yandex.cloud.mdb.kafka.v1.{kind}ConnectorMetadata",
            "cluster_id": PLACE.id,
            "connector_name": name,
        },
        **more,
    }


def chosen(**more: Any) -> options.Options:
    """Return options that watch everything, unless a test wants others."""
    values: dict[str, Any] = {
        "cluster_ids": (PLACE.id,),
        "folder_id": None,
        "cluster_names": (),
        "labels": {},
        "names": (),
        "events": EVERY_EVENT - {"snapshot"},
        "interval": 30.0,
        "clusters_interval": 300.0,
        "paused_longer_than": None,
        "unreachable_after": 300.0,
        "snapshot": False,
        "state_file": None,
        "find_operation": True,
    }
    return options.Options(**{**values, **more})
