# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The work of kafka_connector: one connector, or several."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .._api.errors import attempting
from .._connector.model import Wanted
from .._connector.plan import check_exists
from .cluster import Cluster, find_cluster
from .converge import Converger
from .execute import Context
from .explain import VERBS, explained
from .fleet import choose, converge_all, needing_change
from .health import wait_for_health
from .progress import Progress
from .result import failure, failure_of_all, success, success_of_all


def manage(context: Context, params: Mapping[str, Any], wanted: Wanted) -> dict[str, Any]:
    """Change connectors to the desired state, and return the result.

    :raises Error: with the facts of the result, if the desired state was not reached
    """
    subject = "connectors" if params["names"] is not None else f"connector {params['name']}"
    place = f"cluster {params['cluster_id'] or params['cluster_name']}"
    with attempting(f"{VERBS[wanted.state]} {subject} in {place}"):
        cluster = find_cluster(context.client, params)
        converger = Converger(context.client, cluster, wanted, check_mode=context.check_mode, warn=context.warn)
        work = _manage_one if params["names"] is None else _manage_several
        return work(context, params, wanted, cluster, converger)


def _manage_one(
    context: Context, params: Mapping[str, Any], wanted: Wanted, cluster: Cluster, converger: Converger
) -> dict[str, Any]:
    deadline = context.client.deadline
    progress = Progress(params["name"], None, deadline.now())
    progress.show(cluster.read(progress.name), deadline.now())
    context.subjects.append(progress)
    try:
        check_exists(wanted, progress.connector)
        change = converger.start(progress)
        if change and wanted.wait:
            converger.finish(progress, change)
    except Exception as cause:
        progress.error = explained(cause, progress, wanted, cluster.id)
    _wait_for_health(context, wanted, cluster, [progress])
    if progress.error:
        raise failure(progress.error, progress)
    return success(progress, wanted, cluster.id, check_mode=context.check_mode)


def _manage_several(
    context: Context, params: Mapping[str, Any], wanted: Wanted, cluster: Cluster, converger: Converger
) -> dict[str, Any]:
    # Each connector can have changed since the list started.
    read_at = context.client.deadline.now()
    chosen = choose(params["names"], cluster.connectors(), wanted, context.warn)
    subjects = [Progress(connector["name"], connector, read_at) for connector in chosen]
    waiting = needing_change(subjects, wanted, params["max_changes"])
    context.subjects.extend(subjects if wanted.wait_for_health else waiting)
    converge_all(converger, waiting, wanted, cluster)
    _wait_for_health(context, wanted, cluster, subjects)
    if any(progress.error for progress in subjects):
        raise failure_of_all(subjects, wanted)
    return success_of_all(subjects, wanted, cluster.id, check_mode=context.check_mode)


def _wait_for_health(context: Context, wanted: Wanted, cluster: Cluster, subjects: Sequence[Progress]) -> None:
    """Wait for the health of the connectors that have the desired state, if the task wants it."""
    if not wanted.wait_for_health or context.check_mode:
        return
    healthy = [progress for progress in subjects if not progress.error]
    wait_for_health(cluster, context.client.deadline, healthy)
    for progress in healthy:
        if progress.error:
            progress.error = explained(progress.error, progress, wanted, cluster.id)
