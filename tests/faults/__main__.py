# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The long campaign, by hand: `python -m faults --runs 1000`."""

from __future__ import annotations

import argparse
import sys
import time

from support.world import World

from faults.campaign import campaign, new_seed


def main() -> int:
    """Run the campaign, and say how it went."""
    parser = argparse.ArgumentParser(prog="python -m faults", description=__doc__)
    parser.add_argument("--runs", type=int, default=1000, help="how many (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=new_seed(), help="of an earlier campaign, to have it again")
    parser.add_argument("--only", type=int, help="the number of one run, to look at it alone")
    arguments = parser.parse_args()
    numbers = range(arguments.runs) if arguments.only is None else range(arguments.only, arguments.only + 1)
    print(f"seed {arguments.seed}, {len(numbers)} runs", flush=True)
    started = time.monotonic()
    with World() as world:
        tally = campaign(world, arguments.seed, numbers, lambda line: print(line, flush=True))
    print(f"seed {arguments.seed}: {tally}, in {time.monotonic() - started:.0f} s")
    return 1 if tally.broken else 0


if __name__ == "__main__":
    sys.exit(main())
