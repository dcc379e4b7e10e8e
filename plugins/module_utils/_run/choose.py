# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which connectors of a cluster a task with ``names`` changes."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from .._api.errors import InputError
from .._connector.model import Connector, Wanted
from .._connector.names import first_names, is_pattern, matching, nearest
from .._connector.plan import needs_change
from . import messages
from .progress import Progress


def choose(
    names: Sequence[str], found: Sequence[Connector], wanted: Wanted, warn: Callable[[str], None]
) -> list[Connector]:
    """Return the connectors that names and patterns select.

    :param found: all connectors of the cluster
    :param warn: receives a warning for each pattern without a match
    :raises InputError: a name does not exist, unless the state is absent
    """
    existing = [connector["name"] for connector in found]
    missing = sorted({name for name in names if not is_pattern(name)}.difference(existing))
    if missing and wanted.state != "absent":
        close = [(name, nearest(name, existing)) for name in missing]
        shown = ", ".join(f"{name} (did you mean {other}?)" if other else name for name, other in close)
        raise InputError(messages.NO_CONNECTORS, names=shown)
    for name in dict.fromkeys(names):
        if is_pattern(name) and not matching([name], found):
            warn(messages.NO_MATCH.format(name=name))
    if not names:
        warn(messages.NO_NAMES)
    return matching(names, found)


def needing_change(subjects: Sequence[Progress], wanted: Wanted, max_changes: int | None) -> list[Progress]:
    """Return the connectors that need a change.

    :param max_changes: None: any number
    :raises InputError: they are more than ``max_changes``
    """
    waiting = [progress for progress in subjects if needs_change(wanted, progress.connector)]
    if max_changes is not None and len(waiting) > max_changes:
        names = first_names([progress.name for progress in waiting])
        raise InputError(messages.TOO_MANY_CHANGES, count=len(waiting), limit=max_changes, names=names)
    return waiting
