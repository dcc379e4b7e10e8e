# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The work of kafka_connector: one connector, or several."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .._api.errors import attempting
from .._connector.model import Wanted
from .._connector.plan import STATES, is_reached
from .choose import choose, needing_change
from .cluster import Cluster, find_cluster
from .execute import Context
from .progress import Progress
from .result import failure, failure_of_all, success, success_of_all


def manage(context: Context, params: Mapping[str, Any], wanted: Wanted) -> dict[str, Any]:
    """Change connectors to the desired state, and return the result.

    :raises Error: with the facts of the result, if the desired state was not reached
    """
    subject = "connectors" if params["names"] is not None else f"connector {params['name']}"
    place = f"cluster {params['cluster_id'] or params['cluster_name']}"
    with attempting(f"{STATES[wanted.state].verb} {subject} in {place}"):
        cluster = find_cluster(context.client, params)
        if params["names"] is None:
            return _manage_one(context, params["name"], wanted, cluster)
        return _manage_several(context, params, wanted, cluster)


def _manage_one(context: Context, name: str, wanted: Wanted, cluster: Cluster) -> dict[str, Any]:
    deadline = context.client.deadline
    progress = Progress(name, None, deadline.now())
    progress.show(cluster.read(name), deadline.now())
    context.subjects.append(progress)
    if wanted.wait_for_health or not is_reached(wanted, progress.connector):
        _converge(context, wanted, cluster, [progress], [progress])
    if progress.error:
        raise failure(progress.error, progress)
    return success(progress, wanted, cluster.id, check_mode=context.check_mode)


def _manage_several(context: Context, params: Mapping[str, Any], wanted: Wanted, cluster: Cluster) -> dict[str, Any]:
    # Each connector can have changed since the list started.
    read_at = context.client.deadline.now()
    chosen = choose(params["names"], cluster.connectors(), wanted, context.warn)
    subjects = [Progress(connector["name"], connector, read_at) for connector in chosen]
    waiting = needing_change(subjects, wanted, params["max_changes"])
    context.subjects.extend(subjects if wanted.wait_for_health else waiting)
    if wanted.wait_for_health or waiting:
        _converge(context, wanted, cluster, subjects, waiting)
    if any(progress.error for progress in subjects):
        raise failure_of_all(subjects, wanted)
    return success_of_all(subjects, wanted, cluster.id, check_mode=context.check_mode)


def _converge(
    context: Context, wanted: Wanted, cluster: Cluster, subjects: Sequence[Progress], waiting: Sequence[Progress]
) -> None:
    """Change connectors. Most tasks find nothing to do, and a module would load this code for each of them."""
    from .converge import Converger  # noqa: PLC0415
    from .fleet import converge_all  # noqa: PLC0415

    converge_all(Converger(context.client, cluster, wanted, context.check_mode, context.warn), subjects, waiting)
