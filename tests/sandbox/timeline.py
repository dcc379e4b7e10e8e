# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Events and their times. An event happens when a caller catches up with the clock, never by itself."""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Callable
from dataclasses import dataclass, field

Action = Callable[[float], None]
"""A function of the time for which the event was scheduled."""


@dataclass(order=True)
class _Event:
    due: float
    sequence: int
    owner: str = field(compare=False)
    action: Action = field(compare=False)


class Timeline:
    """A queue of events. It is not thread-safe: the cloud protects it with its lock."""

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
        """Let all events of an owner happen now, and also the events that these events schedule."""
        while events := [event for event in self._events if event.owner == owner]:
            event = min(events)
            self._events.remove(event)
            heapq.heapify(self._events)
            event.action(self._clock())

    def clear(self) -> None:
        self._events.clear()
