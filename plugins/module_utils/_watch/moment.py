# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Moments, on the clock that shows the time and on the one that measures durations."""

from __future__ import annotations

import re
from datetime import datetime, timezone
from typing import Any, NamedTuple

_TIMESTAMP = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(\.\d+)?Z")


class Moment(NamedTuple):
    """A moment.

    :param wall: seconds since 1970, for timestamps; this clock can be set
    :param steady: seconds on a monotonic clock, for durations; another process has another one
    """

    wall: float
    steady: float

    def at(self, wall: float) -> Moment:
        """Return an earlier moment, of which only the time is known."""
        return Moment(wall, self.steady - max(0.0, self.wall - wall))


def to_text(wall: float) -> str:
    """Return seconds since 1970 as a timestamp with milliseconds, in UTC."""
    return (
        datetime.fromtimestamp(round(wall, 3), timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    )


def from_text(text: Any) -> float | None:
    """Return a timestamp in UTC as seconds since 1970; None: it is not one."""
    found = _TIMESTAMP.fullmatch(text) if isinstance(text, str) else None
    if not found:
        return None
    try:
        return datetime.fromisoformat(found[1] + "+00:00").timestamp() + float(found[2] or 0)
    except ValueError:
        return None
