# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One line of the table."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """A value of the collection, and usually the value of an alternative.

    :param way: how the collection did it
    :param other: name of the alternative
    :param goal: maximum of the ratio, or of the value if there is no alternative
    """

    subject: str
    way: str
    value: float
    unit: str = "s"
    other: str = ""
    other_value: float = 0.0
    goal: float | None = None

    @property
    def ratio(self) -> float | None:
        """The collection's value divided by the alternative's."""
        return self.value / self.other_value if self.other else None

    @property
    def is_missed(self) -> bool:
        """Whether the row has a goal and misses it."""
        reached = self.value if self.ratio is None else self.ratio
        # The last digit that the table shows decides.
        return self.goal is not None and round(reached, 2) > self.goal

    @property
    def cells(self) -> tuple[str, ...]:
        """The row as text."""
        return (
            f"{self.subject}, {self.way}",
            shown(self.value, self.unit),
            self.other,
            shown(self.other_value, self.unit) if self.other else "",
            f"{self.ratio:.2f}" if self.ratio is not None else "",
            "" if self.goal is None else f"{self.goal:g}{', missed' * self.is_missed}",
        )


def shown(value: float, unit: str) -> str:
    """Return a value with its unit."""
    digits = 2 if unit == "s" and value < 10 else 1 if unit == "s" else 0
    return f"{value:.{digits}f} {unit}"
