# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tables of text: what the filters that report on connectors have in common."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

MAX_LINES = 40
_MAX_TEXT = 120


def table(total: str, headings: Sequence[str], rows: Sequence[Sequence[str]], noun: str) -> list[str]:
    """Return the total, then the rows in columns, at most MAX_LINES lines in all.

    :param rows: the most important ones first: the last ones are left out if there are too many
    :param noun: what a row is about, in the plural
    """
    if not rows:
        return [total]
    shown = rows if len(rows) <= MAX_LINES - 2 else rows[: MAX_LINES - 3]
    widths = [max(map(len, column)) for column in zip(headings, *shown)]
    lines = ["  ".join(map(str.ljust, row, widths)).rstrip() for row in (headings, *shown)]
    more = len(rows) - len(shown)
    return [total, *lines, *([f"... and {more} more {noun}"] if more else [])]


def counted(words: Iterable[str]) -> str:
    """Return how often each word occurs, in the order of the first occurrences: `2 PAUSED, 1 RUNNING`."""
    return ", ".join(f"{count} {word}" for word, count in Counter(words).items()) or "none"


def plural(count: int, noun: str) -> str:
    """Return a number with its noun: `1 cluster`, `2 clusters`."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def first_ones(items: Sequence[str], count: int = 3) -> str:
    """Return the first items, and how many others there are."""
    more = len(items) - count
    return ", ".join(items[:count]) + (f" and {more} more" if more > 0 else "")


def shorten(text: str) -> str:
    """Return a text on one line that fits into a table."""
    line = " ".join(text.split())
    return line if len(line) <= _MAX_TEXT else f"{line[: _MAX_TEXT - 3].rstrip()}..."
