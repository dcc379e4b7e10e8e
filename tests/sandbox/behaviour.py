# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Settings for everything that the real service may do in several ways."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

CONFLICT_QUOTED = 'conflicting operation "{operation_id}" detected'
CONFLICT_PLAIN = "Conflicting operation {operation_id} detected"


@dataclass
class Behaviour:
    operation_seconds: float | Callable[[str, str], float] = 0.2
    """Duration of an operation: a number, or a function of its kind ("pause") and its connector's name."""

    exclusive: bool = True
    """Operations of one cluster exclude each other. Otherwise only operations of one connector do."""

    conflict_message: str = CONFLICT_QUOTED
    """Error message for a change while another operation is in progress. `{operation_id}` is replaced."""

    noop_is_error: bool = False
    """A pause of a paused connector and a resume of a running connector are errors. Otherwise they are operations."""

    noop_code: str = "FAILED_PRECONDITION"
    """gRPC code of the error "no changes detected"."""

    operation_not_found_polls: int = 0
    """Number of first reads of a new operation that return NOT_FOUND."""

    poll_interval: float | None = None
    """Seconds in the header `x-operation-poll-interval`. Every response with an operation has the header."""

    stale_seconds: float = 0
    """Above zero: the operation's response shows the old connector. The change becomes visible after these seconds."""

    missing_response: bool = False
    """Operations end without a response."""

    page_cap: int = 1000
    """Maximum number of items on one page of a list. It limits the requested page size."""

    token_lifetime: float = 12 * 3600
    """Seconds until an IAM token expires."""

    oauth_errors: bool = True
    """The token exchange returns errors in the form of RFC 6749. Otherwise it returns google.rpc.Status."""

    def reset(self) -> None:
        vars(self).update(vars(Behaviour()))
