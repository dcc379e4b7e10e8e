# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is known of one connector while a task works on it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from .._api.client import Accepted
from .._api.errors import Error
from .._connector.model import Connector, Step
from .cluster import Missing


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
    :param blocker: ID of the operation that blocks its change, while it waits for that one
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
    blocker: str = ""
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
    def is_unfinished(self) -> bool:
        """Whether its operation had not ended when it was last read."""
        return self.operation is not None and not self.operation.get("done")

    @property
    def is_in_progress(self) -> bool:
        """Whether an operation is running."""
        return self.operation is not None and not self.finished


Report = Callable[[Sequence[Progress], float], float]
"""Shows the progress of a waiting task: (connectors, seconds since the start) -> seconds until the next call."""
