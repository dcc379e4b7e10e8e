# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Depth-first search over choices. A run is repeated from its start with another choice, so nothing is undone."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator


class Choices:
    """The choices of one run.

    :param prefix: the first choices; after them, always the first possibility, or a random one
    """

    def __init__(self, prefix: list[int], chance: random.Random | None = None) -> None:
        self._prefix = prefix
        self._chance = chance
        self.taken: list[tuple[int, int]] = []

    def choose(self, count: int) -> int:
        """Return one of the numbers below ``count``."""
        if count < 2:
            return 0
        position = len(self.taken)
        if position < len(self._prefix):
            chosen = self._prefix[position]
        else:
            chosen = self._chance.randrange(count) if self._chance else 0
        self.taken.append((chosen, count))
        return chosen


def all_runs(run: Callable[[Choices], None]) -> Iterator[Choices]:
    """Make every run there is, and yield its choices."""
    prefix: list[int] = []
    while True:
        choices = Choices(prefix)
        run(choices)
        yield choices
        taken = list(choices.taken)
        while taken and taken[-1][0] + 1 == taken[-1][1]:
            taken.pop()
        if not taken:
            return
        prefix = [chosen for chosen, dummy in taken]
        prefix[-1] += 1


def random_runs(run: Callable[[Choices], None], count: int, seed: int) -> Iterator[Choices]:
    """Make some runs with random choices, and yield their choices."""
    for number in range(count):
        choices = Choices([], random.Random(f"{seed}/{number}"))
        run(choices)
        yield choices
