# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is known of one connector while a task works on it, and the lines that a waiting task prints."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from .._api.client import Accepted
from .._api.errors import Error
from .._connector.model import Connector, Step
from .cluster import Missing

# Seconds after which a waiting task prints its first lines. Further lines follow once a minute.
_FIRST_LINES = (10.0, 30.0, 60.0)
_PRESENT = {
    "create": "creating",
    "update": "updating",
    "delete": "deleting",
    "pause": "pausing",
    "resume": "resuming",
    "": "waiting for",
}


class Change(NamedTuple):
    """A change that the service accepted.

    :param goal: that needed it
    :param at: when it was accepted, on the deadline's clock
    """

    goal: str
    step: Step
    accepted: Accepted
    at: float


class Lost(NamedTuple):
    """A change whose response was lost."""

    step: Step
    key: str


@dataclass
class Progress:
    """What is known of one connector.

    :param connector: as last read, or as expected in check mode; None: it does not exist
    :param read_at: when it was read, on the deadline's clock
    :param missing: what the API said if it does not exist
    :param attempted: the action that was last attempted
    :param steps: those that the service accepted, or that check mode predicts
    :param operation: of the last accepted step, as the API returned it
    :param lost: the change whose response was lost, if it may have been accepted
    :param finished: whether the work on it has ended
    :param error: why the desired state was not reached
    """

    name: str
    connector: Connector | None
    read_at: float
    missing: Missing | None = None
    attempted: str = ""
    steps: list[Step] = field(default_factory=list)
    operation: Mapping[str, Any] | None = None
    lost: Lost | None = None
    finished: bool = False
    error: Error | None = None

    def show(self, found: Connector | Missing, read_at: float) -> None:
        """Take over what was read."""
        self.missing = found if isinstance(found, Missing) else None
        self.connector = None if isinstance(found, Missing) else found
        self.read_at = read_at

    def note(self, operation: Mapping[str, Any]) -> None:
        """Take over the newest state of the operation."""
        self.operation = operation

    @property
    def changed(self) -> bool:
        """Whether the service accepted a change."""
        return bool(self.steps)

    @property
    def is_in_progress(self) -> bool:
        """Whether an operation is running."""
        return self.operation is not None and not self.finished


class Lines:
    """Prints a line about a waiting task after 10, 30 and 60 seconds, and then once a minute.

    :param report: prints a line
    :param subjects: the connectors that the task works on; the task adds them
    """

    def __init__(self, report: Callable[[str], None]) -> None:
        self._report = report
        self._due = _FIRST_LINES[0]
        self.subjects: list[Progress] = []

    def __call__(self, waited: float) -> float:
        """Print the line that is due, and return the seconds until the next one.

        :param waited: seconds since the task started
        """
        if waited >= self._due:
            if self.subjects:
                self._report(self._line(int(waited)))
            later = [due for due in _FIRST_LINES if due > waited]
            self._due = later[0] if later else (waited // 60 + 1) * 60
        return self._due - waited

    def _line(self, seconds: int) -> str:
        if len(self.subjects) == 1:
            one = self.subjects[0]
            operation = f" (operation {one.operation['id']})" if one.operation else ""
            return f"{one.name}: {_PRESENT[one.attempted]}, {seconds} s{operation}"
        total = len(self.subjects)
        done = sum(one.finished for one in self.subjects)
        running = sum(one.is_in_progress for one in self.subjects)
        waiting = total - done - running
        verb = _PRESENT[next((one.attempted for one in reversed(self.subjects) if one.attempted), "")]
        return f"{verb} {total} connectors: {done} done, {running} in progress, {waiting} waiting, {seconds} s"
