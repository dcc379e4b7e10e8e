# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How often an operation is polled, and when its end is noticed: the real code with a clock that jumps."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._api.clock import Deadline
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._api.connect import connect
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._api.operation import wait
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._api.secrets import Secrets
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._api.transport import Request, Response
from benchmark.row import Row

_DURATIONS = 1, 2, 5, 10, 30, 120
_MOST_POLLS = {2: 6, 120: 50}
_STEPS = 50
_OPTIONS = {"iam_token": "t1.token", "endpoint": None, "request_timeout": 30.0, "request_retries": 0}


class _Operation:
    """The clock and the transport of a client that waits for one operation.

    :param end: seconds until the operation ends
    """

    def __init__(self, end: float) -> None:
        self.end = end
        self.allowed = round(max(0.5, end / 10), 2)
        self.now = 0.0
        self.polls = 0

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float, /) -> None:
        self.now += seconds

    def __call__(self, request: Request, timeout: float, proxies: Mapping[str, str]) -> Response:
        """Answer a poll. It takes 50 ms."""
        self.now += 0.05
        self.polls += 1
        return Response(200, {}, json.dumps({"id": "op", "done": self.now >= self.end}).encode())


def _waited(end: float) -> _Operation:
    operation = _Operation(end)
    deadline = Deadline(3600, operation)
    client = connect(_OPTIONS, {}, deadline, Secrets(), print, user_agent="benchmark", transport=operation)
    wait(client, {"id": "op"}, since=0.0, note=lambda newer: None)
    return operation


def polls() -> Iterator[Row]:
    """Yield the number of polls, and the longest time from the end of an operation until it is noticed."""
    for duration in _DURATIONS:
        # The end can be at any time between two polls.
        waits = [_waited(duration * (1 + 0.5 * step / _STEPS)) for step in range(_STEPS)]
        worst = max(waits, key=lambda one: (one.now - one.end) / one.allowed)
        late, longest = worst.now - worst.end, duration * 1.5
        yield Row(f"Operation of {duration} s", "polls", waits[0].polls, "polls", goal=_MOST_POLLS.get(duration))
        yield Row(f"Operation of {duration} to {longest:g} s", "end noticed after", late, goal=worst.allowed)
