# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The page and the chart of the benchmark of many clusters."""

from __future__ import annotations

import statistics
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from benchmark.fleet import Measured

LICENCE = """\
<!--
Copyright (c) 2026, yandex_cloud.managed_kafka contributors
GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
SPDX-License-Identifier: GPL-3.0-or-later
-->
"""
CHART = "_static/benchmark-fleet.svg"
PAGE = """\
{licence}
# Cost of many clusters

`make benchmark-fleet` measured this page with `ansible-playbook` against the sandbox. One play ran over {clusters}
clusters with {connectors} connectors each, with {forks} forks. All connectors were already paused, so the task had
nothing to change. It sent one request for each cluster.

![CPU time for each cluster, compared with an action that does nothing]({chart})

The table compares CPU time of all processes for each host. Seconds depend on the machine, so the table contains ratios.
In each round, all ways ran one after the other. Each ratio is the median of the rounds ({rounds}).

{table}

- "An action that does nothing" is an action plugin that returns at once. It costs what Ansible needs for a host.
- `ping` is the module `ansible.builtin.ping`. Ansible starts a Python process for it, as for most modules.
- "As a module" is the same pause with `yandex_cloud_in_process: false`.
- `ping` and "as a module" ran over {few} clusters. Their cost for each cluster does not depend on the number.
- Ansible itself needs more CPU time for a host if there are more hosts: from 100 to 1,000 hosts, an action that does
  nothing costs up to 1.2 times as much.

## Real pauses

A task that waits needs almost no CPU time. Two rules describe a run with real pauses:

- Time = (clusters / forks, rounded up) x (time of one cluster).
- Memory = 70 MB + 15 MB x forks.

Ansible's default is 5 forks. Set more with `-f`. See [](many-clusters.md).

Machine: {machine} Load average during the measurements: {load}.
"""


class Row(NamedTuple):
    """A line of the table.

    :param is_met: whether the goal is met
    """

    what: str
    value: str
    goal: str
    is_met: bool = True


def rows(measured: Measured, clusters: int) -> list[Row]:
    """Return the table of the page."""
    counts = list(measured.by_count)
    few, many = (statistics.median(measured.by_count[count]) for count in (counts[0], counts[-1]))
    reading = statistics.median(measured.inventory) * 1000 / clusters / statistics.median(measured.cpu["nothing"])

    def limit(what: str, value: float, most: float, unit: str = "") -> Row:
        shown = f"{value:.0f}{unit}" if unit else f"{value:.2f}"
        return Row(what, shown, f"at most {most:g}{unit}", value <= most)

    requests = set(measured.requests.values())
    return [
        limit("A pause with nothing to do / an action that does nothing", measured.ratio("ours", "nothing"), 2.2),
        limit("A pause with nothing to do / `ping`", measured.ratio("ours", "ping"), 0.15),
        Row(
            "A pause with nothing to do as a module / in the process of Ansible",
            f"{measured.ratio('module', 'ours'):.1f}",
            "",
        ),
        limit(f"Cost for each of {counts[-1]} clusters / for each of {counts[0]}", many / few, 1.2),
        Row("Requests for each cluster", ", ".join(f"{one:g}" for one in requests), "exactly 1", requests == {1}),
        limit("Memory of the main process of Ansible", measured.memory.controller, 150, " MB"),
        limit("Memory of all processes of Ansible", measured.memory.all_processes, 300, " MB"),
        Row("Reading all clusters with the inventory plugin / an action that does nothing", f"{reading:.2f}", ""),
        Row("Requests of the inventory plugin", str(measured.inventory_requests), "1 for each folder"),
    ]


def chart(measured: Measured) -> str:
    """Return horizontal bars as SVG, in units of an action that does nothing."""
    bars = {
        "An action that does nothing": 1.0,
        "Pause, nothing to do": measured.ratio("ours", "nothing"),
        "ping": measured.ratio("ping", "nothing"),
        "The same pause as a module": measured.ratio("module", "nothing"),
    }
    unit = 380 / max(bars.values())
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 660 {len(bars) * 34 + 8}">',
        '<g font-family="sans-serif" font-size="14">',
    ]
    for number, (name, value) in enumerate(bars.items()):
        y = number * 34 + 8
        colour = "#2f6fde" if name.startswith("Pause") else "#8a8f98"
        width = f"{value * unit:.0f}"
        lines += [
            f'<text x="200" y="{y + 17}" text-anchor="end" fill="#808590">{name}</text>',
            f'<rect x="210" y="{y}" width="{width}" height="24" rx="3" fill="{colour}"/>',
            f'<text x="{216 + value * unit:.0f}" y="{y + 17}" fill="#808590">{value:.1f}</text>',
        ]
    return LICENCE + "\n".join([*lines, "</g>", "</svg>", ""])


def write_page(measured: Measured, clusters: int, machine: str, docs: Path | None) -> list[str]:
    """Print the table, and write the page and its chart. Return the goals that are missed.

    :param docs: directory of the documentation; None: only print
    """
    found = rows(measured, clusters)
    cells = [("Measured", "Result", "Goal"), *(row[:3] for row in found)]
    widths = [max(len(line[column]) for line in cells) for column in range(3)]
    lines = ["| " + " | ".join(cell.ljust(width) for cell, width in zip(line, widths)) + " |" for line in cells]
    lines.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    load = f"{min(measured.loads):.1f} to {max(measured.loads):.1f}"
    print("\n".join(lines), f"Load average: {load}", sep="\n")
    if docs:
        page = PAGE.format(
            licence=LICENCE,
            chart=CHART,
            clusters=f"{clusters:,}",
            connectors=measured.connectors,
            forks=measured.forks,
            few=min(measured.by_count),
            rounds=len(measured.inventory),
            table="\n".join(lines),
            machine=machine,
            load=load,
        )
        (docs / "benchmark-fleet.md").write_text(page, encoding="utf-8")
        (docs / CHART).write_text(chart(measured), encoding="utf-8")
    return [row.what for row in found if not row.is_met]
