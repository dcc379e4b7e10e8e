# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Several connectors of one cluster in one task: which ones, and how many at once."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence

from .._api.errors import InputError
from .._connector.model import Connector, Wanted
from .._connector.names import is_pattern, matching, nearest
from .._connector.plan import needs_change
from . import messages
from .converge import Converger
from .explain import first_names
from .health import wait_for_health
from .progress import Change, Progress

# Maximum number of operations in progress.
_MOST = 16


def choose(
    names: Sequence[str], found: Sequence[Connector], wanted: Wanted, warn: Callable[[str], None]
) -> list[Connector]:
    """Return the connectors that names and patterns select.

    :param found: all connectors of the cluster
    :param warn: receives a warning for each pattern without a match
    :raises InputError: a name does not exist, unless the state is absent
    """
    existing = [connector["name"] for connector in found]
    missing = sorted({name for name in names if not is_pattern(name)}.difference(existing))
    if missing and wanted.state != "absent":
        close = [(name, nearest(name, existing)) for name in missing]
        shown = ", ".join(f"{name} (did you mean {other}?)" if other else name for name, other in close)
        raise InputError(messages.NO_CONNECTORS, names=shown)
    for name in dict.fromkeys(names):
        if is_pattern(name) and not matching([name], found):
            warn(messages.NO_MATCH.format(name=name))
    if not names:
        warn(messages.NO_NAMES)
    return matching(names, found)


def needing_change(subjects: Sequence[Progress], wanted: Wanted, max_changes: int | None) -> list[Progress]:
    """Return the connectors that need a change.

    :param max_changes: None: any number
    :raises InputError: they are more than ``max_changes``
    """
    waiting = [progress for progress in subjects if needs_change(wanted, progress.connector)]
    if max_changes is not None and len(waiting) > max_changes:
        names = first_names([progress.name for progress in waiting])
        raise InputError(messages.TOO_MANY_CHANGES, count=len(waiting), limit=max_changes, names=names)
    return waiting


def converge_all(converger: Converger, subjects: Sequence[Progress], waiting: Sequence[Progress]) -> None:
    """Change connectors to the desired state. ``Progress.error`` tells which ones failed.

    A change is sent without waiting for the one before, with at most 16 operations in progress. After a conflict, and
    for restarts, one connector follows the other.

    :param subjects: all connectors of the task, whose health it waits for
    :param waiting: those that need a change
    """
    started: deque[tuple[Progress, Change]] = deque()

    def finish_until(most: int) -> None:
        while len(started) > most:
            progress, change = started.popleft()
            with converger.kept_apart(progress):
                converger.finish(progress, change)
                progress.finished = True

    for progress in waiting:
        one_by_one = converger.has_met_conflict or converger.wanted.state == "restarted"
        finish_until(0 if one_by_one else _MOST - 1)
        with converger.kept_apart(progress):
            change = converger.start(progress)
            if change:
                started.append((progress, change))
            else:
                progress.finished = True
    if converger.wanted.wait:
        finish_until(0)
    if converger.wanted.wait_for_health and not converger.check_mode:
        wait_for_health(converger, subjects)
