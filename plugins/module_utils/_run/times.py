# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The times of operations."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any


def took(operation: Mapping[str, Any]) -> str:
    """Return how long an operation took, by its own times; empty: they are not known."""
    start, end = time_of(operation, "createdAt"), time_of(operation, "modifiedAt")
    return f" in {max(0.0, (end - start).total_seconds()):.1f} s" if start and end else ""


def time_of(operation: Mapping[str, Any], name: str) -> datetime.datetime | None:
    """Return a time of an operation (UTC, up to nine decimal places); None: it is not known."""
    seconds, _dot, fraction = str(operation.get(name, "")).rstrip("Z").partition(".")
    try:
        time = datetime.datetime.strptime(seconds, "%Y-%m-%dT%H:%M:%S").replace(tzinfo=datetime.timezone.utc)
        return time + datetime.timedelta(seconds=float(f"0.{fraction or 0}"))
    except ValueError:
        return None
