# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Many connectors of one cluster in one task: which ones, how many at once, and one result of all."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Condition
from typing import Any

from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._apply import Converger
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._client import Client
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._clock import Deadline
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._cluster import Cluster
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._connector import (
    VERBS,
    Connector,
    Wanted,
    is_pattern,
    is_settled,
    matching,
)
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._errors import (
    DeadlineError,
    Error,
    InputError,
)
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._outcome import Outcome

SIDE_BY_SIDE = 16
# seconds between two polls of each of them; all of them together ask often enough
_QUICKEST_PACE = 0.25


class Lane:
    """How many connectors are changed at once: several, until the service says that changes exclude each other.

    :param deadline: until which to wait for a turn
    :param width: how many turns there are at once
    """

    def __init__(self, deadline: Deadline, width: int = SIDE_BY_SIDE) -> None:
        self._deadline = deadline
        self._width = width
        self._taken = 0
        self._condition = Condition()

    @contextmanager
    def turn(self) -> Iterator[bool]:
        """Wait for a turn, and have it; tell whether it did not come at once.

        :raises DeadlineError: it did not come in time
        """
        with self._condition:
            waited = self._wait()
            self._taken += 1
        try:
            yield waited
        finally:
            with self._condition:
                self._taken -= 1
                self._condition.notify_all()

    def alone(self) -> None:
        """From now on one at a time; who has a turn keeps it, or gets it back when the others have ended theirs.

        :raises DeadlineError: they did not in time
        """
        with self._condition:
            self._width = 1
            if self._taken == 1:
                return
            self._taken -= 1
            self._condition.notify_all()
            try:
                self._wait()
            finally:
                self._taken += 1

    def _wait(self) -> bool:
        waited = False
        while self._taken >= self._width:
            waited = True
            remaining = self._deadline.remaining()
            if remaining <= 0:
                raise DeadlineError(
                    f"timed out after {self._deadline.seconds:g} s (wait_timeout), before its turn came: "
                    "changes to this cluster go one at a time",
                    "Nothing was begun for it: run again with a longer wait_timeout.",
                )
            self._condition.wait(remaining)
        return waited


def manage(
    params: Mapping[str, Any], client: Client, cluster: Cluster, wanted: Wanted, check_mode: bool
) -> dict[str, Any]:
    """Bring the connectors that the option ``names`` stands for to what is wanted of each; return the result.

    :param params: options of the module
    :raises Error: one of them could not be brought there; what became of the others is among its facts
    """
    attempted = f"{VERBS[wanted.state]} connectors of cluster {cluster.id}"
    found = cluster.connectors()
    try:
        chosen, warnings = targets(params["names"], found, missing_is_fine=wanted.state == "absent")
    except InputError as error:
        raise error.during(attempted) from None
    client.warnings.extend(warnings)
    converger = Converger(client, cluster, wanted, check_mode=check_mode, wait=params["wait"], quickest=_QUICKEST_PACE)
    return result(converge_all(converger, wanted, chosen, client.deadline), attempted)


def targets(names: list[str], found: list[Connector], *, missing_is_fine: bool) -> tuple[list[Connector], list[str]]:
    """Return the connectors that names and patterns stand for, and what to warn of.

    :param names: as the task gives them
    :param found: all connectors of the cluster
    :param missing_is_fine: whether a name may be of no connector
    :raises InputError: names are of no connector
    """
    known = {connector["name"] for connector in found}
    missing = sorted({name for name in names if not is_pattern(name)} - known)
    if missing and not missing_is_fine:
        raise InputError(
            f"the cluster has no connector {', '.join(missing)}; nothing was changed",
            "Check the names with kafka_connector_info.",
        )
    warnings = [
        f"No connector of the cluster matches the pattern {name}."
        for name in dict.fromkeys(names)
        if is_pattern(name) and not matching([name], found)
    ]
    return matching(names, found), warnings


def converge_all(
    converger: Converger, wanted: Wanted, connectors: list[Connector], deadline: Deadline
) -> list[Outcome]:
    """Bring each connector to what is wanted; what one fails in does not keep the others.

    :param wanted: of each
    :param connectors: as they were just read
    :return: an outcome each, in the order of the connectors; ``Outcome.error`` tells which failed
    """
    lane = Lane(deadline)

    def converge(number: int, connector: Connector) -> Outcome:
        outcome = Outcome(connector["name"], connector, read_at=read_at)
        try:
            with lane.turn() as waited:
                if waited or number >= SIDE_BY_SIDE:
                    # somebody else may have seen to it since it was read
                    outcome.read_at = -math.inf
                converger.converge(outcome, lane.alone)
        except Error as error:
            outcome.error = error.during(converger.label(outcome))
        return outcome

    read_at = deadline.now()
    waiting = [connector for connector in connectors if not is_settled(wanted, connector)]
    if not waiting:
        return [Outcome(connector["name"], connector) for connector in connectors]
    with ThreadPoolExecutor(min(SIDE_BY_SIDE, len(waiting))) as pool:
        changed = {outcome.name: outcome for outcome in pool.map(converge, range(len(waiting)), waiting)}
    return [changed.get(connector["name"]) or Outcome(connector["name"], connector) for connector in connectors]


def result(outcomes: list[Outcome], attempted: str) -> dict[str, Any]:
    """Return the result of the task.

    :param attempted: what was to be done, for the message
    :raises Error: one of them failed; the result is among its facts
    """
    facts = [outcome.facts() for outcome in outcomes]
    connectors = [fact["connector"] for fact in facts if fact["connector"] is not None]
    operations = [fact["operation"] for fact in facts if "operation" in fact]
    merged = {
        "changed": any(fact["changed"] for fact in facts),
        "connectors": connectors,
        **({"operations": operations} if operations else {}),
    }
    failed = [(outcome.name, outcome.error) for outcome in outcomes if outcome.error]
    if failed:
        shown = "; ".join(f"{name}: {error.reason}" for name, error in failed[:3])
        more = f"; and {len(failed) - 3} more" if len(failed) > 3 else ""
        failure = Error(f"{len(failed)} of {len(outcomes)} failed ({shown}{more})", failed[0][1].advice)
        failure.error = failed[0][1].error
        failure.facts = {
            **merged,
            "failed_connectors": [{"name": name, **error.summary()} for name, error in failed],
        }
        raise failure.during(attempted)
    return {
        **merged,
        "ansible_facts": {"kafka_connectors": {connector["name"]: connector for connector in connectors}},
        "diff": {
            side: {
                outcome.name: fact["diff"][side] for outcome, fact in zip(outcomes, facts) if any(fact["diff"].values())
            }
            for side in ("before", "after")
        },
    }
