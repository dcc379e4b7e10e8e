# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is due when. Nothing happens by itself: whoever looks first catches up with the clock."""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Callable
from dataclasses import dataclass, field

Action = Callable[[float], None]
"""Called with the time at which it was due."""


@dataclass(order=True)
class _Event:
    due: float
    sequence: int
    owner: str = field(compare=False)
    action: Action = field(compare=False)


class Timeline:
    """Not thread-safe: the cloud holds its lock around it."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._sequence = itertools.count()
        self._events: list[_Event] = []

    def schedule(self, due: float, owner: str, action: Action) -> None:
        heapq.heappush(self._events, _Event(due, next(self._sequence), owner, action))

    def catch_up(self) -> None:
        while self._events and self._events[0].due <= self._clock():
            event = heapq.heappop(self._events)
            event.action(event.due)

    def finish(self, owner: str) -> None:
        """Let everything of an owner happen now, with all that it leads to."""
        while events := [event for event in self._events if event.owner == owner]:
            event = min(events)
            self._events.remove(event)
            heapq.heapify(self._events)
            event.action(self._clock())

    def clear(self) -> None:
        self._events.clear()
