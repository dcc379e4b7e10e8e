# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The lines that a waiting task prints: after 10, 30 and 60 seconds, and then once a minute."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ..module_utils._run.progress import Progress

_FIRST_LINES = (10.0, 30.0, 60.0)
_VERBS = {
    "create": "creating",
    "update": "updating",
    "delete": "deleting",
    "pause": "pausing",
    "resume": "resuming",
}


class ProgressLines:
    """Prints lines about the connectors of a task.

    :param show: prints a line
    """

    def __init__(self, show: Callable[[str], None]) -> None:
        self._show = show
        self._due = _FIRST_LINES[0]

    def __call__(self, subjects: Sequence[Progress], waited: float) -> float:
        """Print the line that is due, and return the seconds until the next one.

        :param waited: seconds since the task started
        """
        if waited >= self._due:
            if subjects:
                self._show(_line(subjects, int(waited)))
            later = [due for due in _FIRST_LINES if due > waited]
            self._due = later[0] if later else (waited // 60 + 1) * 60
        return self._due - waited


def _line(subjects: Sequence[Progress], seconds: int) -> str:
    verb = _VERBS.get(next((one.attempted for one in reversed(subjects) if one.attempted), ""), "checking")
    own = {one.operation["id"] for one in subjects if one.operation}
    blocker = next((one.blocker for one in subjects if one.blocker and one.blocker not in own), "")
    known = f" (waiting for operation {blocker})" if blocker else ""
    if len(subjects) == 1:
        (one,) = subjects
        if one.operation and not blocker:
            known = f" (operation {one.operation['id']})"
        return f"{one.name}: {verb}, {seconds} s{known}"
    done = sum(one.finished for one in subjects)
    running = sum(one.is_in_progress for one in subjects)
    waiting = len(subjects) - done - running
    counts = f"{done} done, {running} in progress, {waiting} waiting"
    return f"{verb} {len(subjects)} connectors: {counts}, {seconds} s{known}"
