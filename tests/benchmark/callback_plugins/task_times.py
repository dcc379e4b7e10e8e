# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Writes one line of JSON for each task that ends: its name, and the seconds from its start to its result."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path
from typing import Any

from ansible.plugins.callback import CallbackBase

DOCUMENTATION = r"""
name: task_times
type: aggregate
short_description: Writes the duration of each task
description:
  - Writes one line of JSON for each task to the file that E(BENCHMARK_LOG) names.
"""


class CallbackModule(CallbackBase):
    """Measures tasks."""

    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "aggregate"
    CALLBACK_NAME = "task_times"

    def v2_playbook_on_task_start(self, task: Any, is_conditional: bool) -> None:
        """Start the clock."""
        self._name, self._start = task.get_name(), time.monotonic()

    def v2_runner_on_ok(self, result: Any) -> None:
        """Write the time of a task that succeeded."""
        with Path(os.environ["BENCHMARK_LOG"]).open("a", encoding="utf-8") as log:
            log.write(json.dumps([self._name, time.monotonic() - self._start]) + "\n")

    v2_runner_on_skipped = v2_runner_on_ok
