# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Many connectors of one cluster in one task: which ones, how many at once, and one result of all."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from threading import Condition, Lock
from typing import Any

from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._apply import FRESH, Converger
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
    InternalError,
)
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._outcome import Outcome

SIDE_BY_SIDE = 16
# kinds of failures that the message of a task shows, each by the first connector that failed so
_SHOWN = 3


class Lane:
    """How many connectors are changed at once: several, until the service says that changes exclude each other.

    :param deadline: until which to wait for a turn
    :param width: how many turns there are at once
    """

    def __init__(self, deadline: Deadline, width: int = SIDE_BY_SIDE) -> None:
        self._deadline = deadline
        self._width = width
        self._taken = 0
        # of those that wait for another turn: for how many a change was accepted already
        self._begun = 0
        self._condition = Condition()

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for a turn, and have it.

        :raises DeadlineError: it did not come in time
        """
        with self._condition:
            self._wait()
            self._taken += 1
        try:
            yield
        finally:
            with self._condition:
                self._taken -= 1
                self._condition.notify_all()

    @property
    def is_wide(self) -> bool:
        """Whether several have turns at once."""
        return self._width > 1

    def alone(self, begun: bool) -> None:
        """From now on one at a time; who has a turn keeps it, or gets it back when the others have ended theirs.

        :param begun: whether a change was accepted already; then it goes before those that none was for
        :raises DeadlineError: they did not in time
        """
        with self._condition:
            self._width = 1
            if self._taken == 1:
                return
            self._taken -= 1
            self._begun += begun
            self._condition.notify_all()
            try:
                self._wait(begun)
            finally:
                self._taken += 1
                self._begun -= begun

    def _wait(self, begun: bool = False) -> None:
        while self._taken >= self._width or (self._begun and not begun):
            remaining = self._deadline.remaining()
            if remaining <= 0:
                raise DeadlineError(
                    f"timed out after {self._deadline.seconds:g} s (wait_timeout), before its turn came: "
                    "changes to this cluster go one at a time",
                    "" if begun else "Run again for it, with a longer wait_timeout.",
                )
            self._condition.wait(remaining)


class Listing:
    """The connectors of a cluster, listed anew for all together where each would have to be read again.

    :param cluster: that they belong to
    :param deadline: whose clock tells how old a list is
    :raises Error: they cannot be listed
    """

    def __init__(self, cluster: Cluster, deadline: Deadline) -> None:
        self._cluster = cluster
        self._deadline = deadline
        self._lock = Lock()
        self._list()

    def _list(self) -> None:
        began = self._deadline.now()
        self.connectors = {connector["name"]: connector for connector in self._cluster.connectors()}
        # any of them may have changed since the list began
        self.read_at = began
        self._is_quick = self._deadline.now() - began < FRESH / 2

    def refresh(self, outcome: Outcome) -> None:
        """Show an outcome its connector as a fresh list has it.

        Where that is not to be had quickly, the outcome stays as old as it is, and its connector is read by itself.
        """
        with self._lock:
            if self._deadline.passed or not self._is_quick:
                return
            # no older than half of what is allowed: a change takes a moment to be sent
            if self._deadline.now() - self.read_at > FRESH / 2:
                try:
                    self._list()
                except Error:
                    self._is_quick = False
                    return
            if outcome.name in self.connectors:
                outcome.connector, outcome.read_at = self.connectors[outcome.name], self.read_at


def manage(
    params: Mapping[str, Any], client: Client, cluster: Cluster, wanted: Wanted, check_mode: bool
) -> dict[str, Any]:
    """Bring the connectors that the option ``names`` stands for to what is wanted of each; return the result.

    :param params: options of the module
    :raises Error: one of them could not be brought there; what became of the others is among its facts
    """
    attempted = f"{VERBS[wanted.state]} connectors of cluster {cluster.id}"
    try:
        listing = Listing(cluster, client.deadline)
        found = list(listing.connectors.values())
        chosen, warnings = targets(params["names"], found, missing_is_fine=wanted.state == "absent")
    except Error as error:
        raise error.during(attempted) from None
    client.warnings.extend(warnings)
    converger = Converger(client, cluster, wanted, check_mode=check_mode, wait=params["wait"])
    outcomes = [Outcome(connector["name"], connector, read_at=listing.read_at) for connector in chosen]
    waiting = [outcome for outcome in outcomes if not is_settled(wanted, outcome.connector)]
    converge_all(converger, waiting, listing, Lane(client.deadline))
    return result(outcomes, attempted)


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
    if not names:
        warnings.append("The option names is empty: it stands for no connector.")
    return matching(names, found), warnings


def converge_all(converger: Converger, outcomes: list[Outcome], listing: Listing, lane: Lane) -> None:
    """Bring each connector to what is wanted; what one fails in does not keep the others.

    :param outcomes: of the connectors as they were listed; ``Outcome.error`` tells in the end which failed
    :param listing: where they are from
    """

    def converge(outcome: Outcome) -> None:
        try:
            with lane.turn():
                if lane.is_wide:
                    listing.refresh(outcome)
                else:
                    # it waited while others were changed one by one: somebody else may have seen to it meanwhile
                    outcome.read_at = -math.inf
                converger.converge(outcome, lane.alone)
        except Exception as cause:
            error = cause if isinstance(cause, Error) else InternalError(cause)
            outcome.error = error.during(converger.label(outcome))
        left.remove(outcome.name)

    if not outcomes:
        return
    left = {outcome.name for outcome in outcomes}
    with ThreadPoolExecutor(min(SIDE_BY_SIDE, len(outcomes))) as pool:
        for outcome in outcomes:
            # where there is no room for another thread, those that there are see to all
            with suppress(RuntimeError):
                pool.submit(converge, outcome)
    for outcome in outcomes:
        if outcome.name in left:
            # there was not even room for one
            converge(outcome)


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
        failure = Error(f"{len(failed)} of {len(outcomes)} failed ({_kinds(failed)})", _advice(failed))
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


def _kinds(failed: list[tuple[str, Error]]) -> str:
    """Return what went wrong, each kind of failure once, by the first connector that failed so."""
    kinds: dict[str, list[tuple[str, Error]]] = {}
    for name, error in failed:
        # the same but for the connector, IDs and numbers
        kind = re.sub(r"\S*\d\S*", "", error.reason.replace(name, ""))
        kinds.setdefault(kind, []).append((name, error))
    shown = [
        f"{found[0][0]}{f' and {len(found) - 1} more' if len(found) > 1 else ''}: {found[0][1].reason}"
        for found in kinds.values()
    ]
    more = [f"kinds of failures that are not shown: {len(shown) - _SHOWN}"] if len(shown) > _SHOWN else []
    return "; ".join(shown[:_SHOWN] + more)


def _advice(failed: list[tuple[str, Error]]) -> str:
    """Return what to do, where it is the same for all."""
    advice = {error.advice for dummy, error in failed}
    return advice.pop() if len(advice) == 1 else "Each failure says in failed_connectors what to do."
