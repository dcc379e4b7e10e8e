# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""All searches: ``make simulation``. It prints the number of runs of each, and fails if one broke a promise."""

from __future__ import annotations

import sys
from typing import Any

from .searches import PAUSE, PAUSE_ALL, RESTART, RESUME, search

SEARCHES: dict[str, tuple[list[dict[str, Any]], dict[str, Any]]] = {
    "pause + pause, complete": ([PAUSE, PAUSE], {}),
    "pause + pause, at most one fault, complete": ([PAUSE, PAUSE], {"faults": 1}),
    "pause + resume, at most one fault, complete": ([PAUSE, RESUME], {"faults": 1}),
    "resume + pause of a paused connector, complete": ([RESUME, PAUSE], {"status": "PAUSED"}),
    "restart, at most two faults, complete": ([RESTART], {"faults": 2}),
    "restart + pause, complete": ([RESTART, PAUSE], {}),
    "pause + pause, two faults, random": ([PAUSE, PAUSE], {"faults": 2, "runs": 5000}),
    "pause + resume, two faults, random": ([PAUSE, RESUME], {"faults": 2, "runs": 5000}),
    "three connectors + two clients, one fault, random": (
        [PAUSE_ALL, PAUSE_ALL],
        {"faults": 1, "runs": 5000, "names": ("a", "b", "c")},
    ),
    "three connectors + a restart, two faults, random": (
        [PAUSE_ALL, {"name": "a", "state": "restarted"}],
        {"faults": 2, "runs": 5000, "names": ("a", "b", "c")},
    ),
}


def main() -> int:
    """Run the searches."""
    broken = 0
    for name, (tasks, options) in SEARCHES.items():
        found = search(tasks, **options)
        broken += found.broken
        print(f"{name}: {found.runs} runs, {found.broken} broke a promise, {found.seconds:.0f} s", flush=True)
        print("".join(f"  {example}\n" for example in found.examples), end="")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
