# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a task knows of a connector that it works on, and what its result shows of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._connector import (
    Connector,
    Step,
    merged_diff,
    operation_from_api,
)
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._errors import Error
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._json import masked


@dataclass
class Outcome:
    """What is known of one connector so far; it only ever grows more accurate.

    :param name: of the connector
    :param connector: as last read, or as it would be in check mode; None: it does not exist
    :param attempted: what was tried last
    :param steps: those that the API accepted, or would be asked for in check mode
    :param operation: of the last step that was accepted, as the API gave it
    :param read_at: when the connector was read, on the deadline's clock; None: just now
    :param error: why what is wanted could not be reached
    """

    name: str
    connector: Connector | None
    attempted: str = ""
    steps: list[Step] = field(default_factory=list)
    operation: Mapping[str, Any] | None = None
    read_at: float | None = None
    error: Error | None = None

    @property
    def changed(self) -> bool:
        """Whether a change was accepted."""
        return bool(self.steps)

    def facts(self) -> dict[str, Any]:
        """Return what a result shows of it, whether the task succeeded or failed."""
        facts: dict[str, Any] = {
            "changed": self.changed,
            "connector": masked(self.connector),
            "diff": masked(merged_diff(self.steps)),
        }
        if self.operation is not None:
            facts["operation"] = masked(operation_from_api(self.operation))
        return facts
