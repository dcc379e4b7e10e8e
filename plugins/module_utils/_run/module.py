# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The front that runs a task as a module: AnsibleModule in, ``exit_json`` or ``fail_json`` out."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any, NoReturn

from ansible.module_utils.basic import AnsibleModule

from .._api.secrets import Secrets, secret_values
from .execute import Task, execute
from .options import shown_arguments
from .progress import Progress


class _Module(AnsibleModule):
    """An AnsibleModule that shows its arguments without the secrets in properties."""

    def exit_json(self, **result: Any) -> NoReturn:
        """Report success."""
        super().exit_json(**self._safe(result))

    def fail_json(self, msg: str, **result: Any) -> NoReturn:
        """Report failure. Ansible also calls it for invalid arguments."""
        super().fail_json(msg, **self._safe(result))

    def log(self, msg: Any, log_args: Any = None) -> None:
        """Write nothing to the system log of the target, because it would show properties."""

    def _safe(self, result: dict[str, Any]) -> dict[str, Any]:
        self.no_log_values.update(Secrets(secret_values(self.params)).of_task)
        return {"invocation": {"module_args": shown_arguments(self.params or {}, self.argument_spec)}, **result}


def _no_report(subjects: Sequence[Progress], waited: float) -> float:  # noqa: ARG001
    """Show nothing: a module can print only its result."""
    return float("inf")


def run_module(task: Task) -> None:
    """Run a task as a module. It ends the process."""
    module = _Module(  # type: ignore[no-untyped-call]
        argument_spec=task.argument_spec, supports_check_mode=True, **task.constraints
    )
    ended = execute(task, module.params, os.environ, module.check_mode, _no_report, hidden=module.no_log_values)
    module.no_log_values.update(ended.secrets)
    for warning in ended.warnings:
        module.warn(warning)
    if ended.failed:
        module.fail_json(**ended.result)
    module.exit_json(**ended.result)
