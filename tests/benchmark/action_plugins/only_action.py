# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The minimum of a task in Ansible's worker process: it returns the result in a file, or nothing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from ansible.plugins.action import ActionBase


class ActionModule(ActionBase):
    """An action plugin that does no work."""

    _supports_check_mode = False

    def run(self, tmp: Any = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        """Return the result."""
        super().run(tmp, task_vars)
        path = self._task.args.get("path")
        result: dict[str, Any] = json.loads(Path(path).read_text(encoding="utf-8")) if path else {}
        return result
