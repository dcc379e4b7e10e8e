# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The connectors of a task, one after the other: how many are changed at once.

A task that has nothing to do does not load this file.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

from .converge import Converger
from .health import wait_for_health
from .progress import Change, Progress

# Maximum number of operations in progress.
_MOST = 16


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
