# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The page of the documentation: three values, a chart, the table, and how it was measured."""

from __future__ import annotations

from html import escape
from pathlib import Path

from benchmark.row import Row, shown
from benchmark.rows import IN_PROCESS, NO_OP, PAUSE, TEN, THOUSAND

TEMPLATE = Path(__file__).with_suffix(".md").read_text(encoding="utf-8")
LICENSE = TEMPLATE.partition("\n\n")[0]
TITLES = "Measured", "Collection", "Alternative", "Value", "Ratio", "Goal"

LABELS, BARS, LINE = 300, 300, 26
OURS, OTHERS = "#2f6fd0", "#a9b2c0"


def table(rows: list[Row]) -> str:
    """Return the rows as Markdown."""
    lines = [TITLES, *(row.cells for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(TITLES))]
    text = ["| " + " | ".join(cell.ljust(width) for cell, width in zip(line, widths)) + " |" for line in lines]
    return "\n".join([text[0], "|" + "|".join("-" * (width + 2) for width in widths) + "|", *text[1:]])


def chart(rows: list[Row]) -> str:
    """Return the bars of the most important times as SVG."""
    parts = [
        '<text x="12" y="28">Blue: this collection. Grey: alternatives, and the minimum that Ansible allows.</text>'
    ]
    y = 46
    for subject in (NO_OP, PAUSE, TEN, THOUSAND):
        bars: dict[str, tuple[float, str]] = {}
        for row in (row for row in rows if row.subject == subject and row.unit == "s"):
            bars[row.way] = row.value, OURS
            bars.setdefault(row.other, (row.other_value, OTHERS))
        scale = BARS / max(value for value, _colour in bars.values())
        parts.append(f'<text x="12" y="{y + 18}" font-weight="bold">{subject}</text>')
        y += LINE
        for name, (value, colour) in sorted(bars.items(), key=lambda bar: bar[1][0]):
            width = max(1, round(value * scale))
            parts.append(f'<text x="{LABELS - 8}" y="{y + 17}" text-anchor="end">{escape(name)}</text>')
            parts.append(f'<rect x="{LABELS}" y="{y + 3}" width="{width}" height="{LINE - 7}" fill="{colour}"/>')
            parts.append(f'<text x="{LABELS + width + 6}" y="{y + 17}">{shown(value, "s")}</text>')
            y += LINE
        y += 12
    size = f'viewBox="0 0 {LABELS + BARS + 80} {y}" font-size="14" fill="#112"'
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" role="img" font-family="sans-serif" {size}>',
            f"{LICENSE}\n<title>Times of the collection and of the alternatives</title>",
            '<rect width="100%" height="100%" fill="#fff"/>',
            *parts,
            "</svg>\n",
        ]
    )


def page(rows: list[Row], **facts: object) -> str:
    """Return the whole page.

    :param facts: the number of runs, the machine, its load and the versions
    """
    first = {row.subject: row for row in reversed(rows) if row.way == IN_PROCESS}
    return TEMPLATE.format(
        no_op=shown(first[NO_OP].value, "s"),
        no_op_ratio=f"{first[NO_OP].ratio:.2f}",
        pause=shown(first[PAUSE].value, "s"),
        pause_ratio=f"{first[PAUSE].ratio:.2f}",
        thousand=shown(first[THOUSAND].value, "s"),
        table=table(rows),
        **facts,
    )
