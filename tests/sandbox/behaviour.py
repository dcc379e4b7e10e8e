# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The knobs: how the cloud behaves where the real one may behave either way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

CONFLICT_QUOTED = 'conflicting operation "{operation_id}" detected'
CONFLICT_PLAIN = "Conflicting operation {operation_id} detected"


@dataclass
class Behaviour:
    operation_seconds: float | Callable[[str, str], float] = 0.2
    """How long an operation takes: a number, or a function of its kind ("pause") and its connector's name."""

    exclusive: bool = True
    """Operations of one cluster exclude each other; otherwise only those of one connector do."""

    conflict_message: str = CONFLICT_QUOTED
    """What a change is refused with while another one runs; `{operation_id}` is filled in."""

    noop_is_error: bool = False
    """Pausing what is paused, or resuming what runs, is refused instead of done once more."""

    noop_code: str = "FAILED_PRECONDITION"
    """The code that goes with "no changes detected"."""

    operation_not_found_polls: int = 0
    """So many first reads of a new operation answer NOT_FOUND."""

    poll_interval: float | None = None
    """Seconds, sent as the header `x-operation-poll-interval` with every operation."""

    stale_seconds: float = 0
    """Above zero: a response shows the connector as it was before, and the change becomes visible so much later."""

    missing_response: bool = False
    """Operations end without a response."""

    page_cap: int = 1000
    """The most items on one page of a list, whatever page size is asked for."""

    token_lifetime: float = 12 * 3600
    """Seconds that an IAM token lives."""

    def reset(self) -> None:
        vars(self).update(vars(Behaviour()))
