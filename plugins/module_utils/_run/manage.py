# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The work of kafka_connector: one connector, or several."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .._api.errors import attempting
from .._connector.model import Wanted
from .._connector.plan import STATES
from .cluster import find_cluster
from .converge import Converger
from .execute import Context
from .fleet import choose, converge_all, needing_change
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
        converger = Converger(context.client, cluster, wanted, context.check_mode, context.warn)
        work = _manage_one if params["names"] is None else _manage_several
        return work(context, params, converger)


def _manage_one(context: Context, params: Mapping[str, Any], converger: Converger) -> dict[str, Any]:
    deadline = context.client.deadline
    progress = Progress(params["name"], None, deadline.now())
    progress.show(converger.cluster.read(progress.name), deadline.now())
    context.subjects.append(progress)
    converge_all(converger, [progress], [progress])
    if progress.error:
        raise failure(progress.error, progress)
    return success(progress, converger.wanted, converger.cluster.id, check_mode=context.check_mode)


def _manage_several(context: Context, params: Mapping[str, Any], converger: Converger) -> dict[str, Any]:
    wanted = converger.wanted
    # Each connector can have changed since the list started.
    read_at = context.client.deadline.now()
    chosen = choose(params["names"], converger.cluster.connectors(), wanted, context.warn)
    subjects = [Progress(connector["name"], connector, read_at) for connector in chosen]
    waiting = needing_change(subjects, wanted, params["max_changes"])
    context.subjects.extend(subjects if wanted.wait_for_health else waiting)
    converge_all(converger, subjects, waiting)
    if any(progress.error for progress in subjects):
        raise failure_of_all(subjects, wanted)
    return success_of_all(subjects, wanted, converger.cluster.id, check_mode=context.check_mode)
