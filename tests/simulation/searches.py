# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The searches: complete ones, and random ones where a complete one would take hours."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from unittest import mock

from .cloud import Variant
from .explorer import Choices, all_runs, random_runs
from .judge import judge
from .world import World

PAUSE = {"name": "mirror", "state": "paused"}
RESUME = {"name": "mirror", "state": "running"}
RESTART = {"name": "mirror", "state": "restarted"}
PAUSE_ALL = {"names": ["*"], "state": "paused"}
VARIANTS = [
    Variant(exclusive, noop_is_error, key_first)
    for exclusive in (True, False)
    for noop_is_error in (False, True)
    for key_first in (True, False)
    if exclusive or key_first
]


@dataclass
class Found:
    """The result of a search.

    :param examples: the first runs that broke a promise: their choices, their faults, and which promises
    """

    runs: int = 0
    broken: int = 0
    seconds: float = 0.0
    examples: list[str] = field(default_factory=list)


def search(
    tasks: Sequence[dict[str, Any]],
    variants: Sequence[Variant] = VARIANTS,
    *,
    faults: int = 0,
    status: str = "RUNNING",
    names: Sequence[str] = ("mirror",),
    runs: int | None = None,
    seed: int = 0,
    stop_at: int | None = None,
) -> Found:
    """Search the runs of some tasks.

    :param runs: None: all of them; a number: that many random ones for each variant
    :param stop_at: end the search after so many runs that broke a promise
    """
    found = Found()
    started = time.monotonic()
    for variant in variants:

        def run(choices: Choices, variant: Variant = variant) -> None:
            world = World(choices, tasks, variant, faults=faults, status=status, names=names).run()
            broken = judge(world)
            if broken:
                found.broken += 1
                if len(found.examples) < 3:
                    choice = [chosen for chosen, dummy in choices.taken]
                    found.examples.append(f"{variant} {choice} {world.strikes}: {'; '.join(broken)}")

        for dummy in _runs(run, runs, seed):
            found.runs += 1
            if stop_at and found.broken >= stop_at:
                break
    found.seconds = time.monotonic() - started
    return found


def _runs(run: Callable[[Choices], None], runs: int | None, seed: int) -> Iterator[Choices]:
    # A run must be the same again: the jitter of delays is the only chance in the code.
    with mock.patch.object(random, "random", return_value=0.5):
        yield from all_runs(run) if runs is None else random_runs(run, runs, seed)
