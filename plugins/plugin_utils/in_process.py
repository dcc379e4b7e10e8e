# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The front that runs a task inside Ansible's worker process. The action plugins share it.

Ansible imports an action plugin in its main process, before it forks a worker for each task. So the libraries and the
TLS settings, which take much longer to load than a request takes, are loaded once.
"""

from __future__ import annotations

import datetime
import json
import os
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from ansible import constants as C
from ansible.errors import AnsibleError
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.module_utils.common.parameters import remove_values
from ansible.module_utils.errors import UnsupportedError
from ansible.module_utils.parsing.convert_bool import boolean
from ansible.plugins.action import ActionBase
from ansible.utils.display import Display

from ..module_utils._api import exchange
from ..module_utils._api.errors import Error
from ..module_utils._api.transport import HAS_REQUESTS, RequestsTransport, tls_context
from ..module_utils._run import fleet
from ..module_utils._run.execute import Task, execute
from ..module_utils._run.options import shown_arguments
from .interrupt import Interruptible
from .progress import ProgressLines

display = Display()
# A module loads these only if it needs them. The workers inherit them.
_LOADED = exchange, fleet
# The workers inherit the CA bundle, and what the first use of the libraries prepares. If the bundle cannot be loaded,
# the task reports that.
with suppress(Error):
    RequestsTransport(tls_context(True, os.environ.get("YC_CA_PATH")), str)


class InProcess(ActionBase):
    """Runs a task in this process if that is possible, and as a module otherwise."""

    task: Task
    TRANSFERS_FILES = False
    _supports_async = True

    def run(self, tmp: Any = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        """Run the task and return its result.

        :param tmp: not used
        :param task_vars: variables of the host
        """
        task_vars = task_vars or {}
        super().run(tmp, task_vars)
        if not self._can_run_here(task_vars):
            result: dict[str, Any] = self._execute_module(task_vars=task_vars, wrap_async=self._task.async_val)
            return result
        return self._run_here(task_vars)

    def _can_run_here(self, task_vars: Mapping[str, Any]) -> bool:
        """Return whether nothing in the task requires a process of its own."""
        return (
            HAS_REQUESTS
            and self._connection.transport == "local"
            and not self._connection.become
            and not self._task.async_val
            and not any(self._task.environment or ())
            and boolean(self._variable("yandex_cloud_in_process", task_vars), strict=False)
        )

    def _variable(self, name: str, task_vars: Mapping[str, Any]) -> Any:
        """Return a variable that turns something off; it is on by default."""
        return self._templar.template(task_vars.get(name, True))

    def _run_here(self, task_vars: Mapping[str, Any]) -> dict[str, Any]:
        # An argument spec checks the arguments as AnsibleModule does. An AnsibleModule would end this process.
        validated = ArgumentSpecValidator(self.task.argument_spec, **self.task.constraints).validate(
            _plain(self._task.args)
        )
        params = validated.validated_parameters
        # Private in ansible-core, without a public equivalent: the values of no_log options, and what the check noted.
        hidden = set(validated._no_log_values)
        noted = {"warnings": validated._warnings, "deprecations": validated._deprecations}
        invocation = {"module_args": shown_arguments(params, self.task.argument_spec)}
        if validated.error_messages:
            msg = validated.errors.msg
            if isinstance(validated.errors[0], UnsupportedError):
                msg = f"Unsupported parameters for ({self._task.action}) module: {msg}"
            return _finished({"failed": True, "msg": msg, "invocation": invocation, **noted}, hidden, task_vars)
        with Interruptible(self._report(task_vars)) as report:
            ended = execute(self.task, params, os.environ, self._task.check_mode, report, hidden=hidden)
        noted["warnings"] = [*noted["warnings"], *ended.warnings]
        result = {**ended.result, **({"failed": True} if ended.failed else {}), "invocation": invocation, **noted}
        return _finished(result, {*hidden, *ended.secrets}, task_vars)

    def _report(self, task_vars: Mapping[str, Any]) -> ProgressLines:
        shown = not self._task.no_log and boolean(self._variable("yandex_cloud_progress", task_vars), strict=False)
        return ProgressLines(display.display if shown else _show_nothing)


def _finished(result: dict[str, Any], hidden: set[str], task_vars: Mapping[str, Any]) -> dict[str, Any]:
    """Return a result as a module returns it: without secrets and without empty notes."""
    kept = {name: value for name, value in result.items() if value or name not in ("warnings", "deprecations")}
    if not _shows_invocation(task_vars):
        del kept["invocation"]
    # Usually there is no secret to remove. To look at each value would cost more than the request.
    text = json.dumps(kept, default=str)
    if not any(json.dumps(secret)[1:-1] in text for secret in hidden):
        return kept
    # A boolean never contains a secret.
    plain = {name: value for name, value in kept.items() if value is None or isinstance(value, bool)}
    return {**remove_values(kept, hidden), **plain}


def _shows_invocation(task_vars: Mapping[str, Any]) -> bool:
    """Return whether results contain the arguments of a task. Before ansible-core 2.21 they always do."""
    try:
        return bool(C.config.get_config_value("INJECT_INVOCATION", variables=task_vars))
    except AnsibleError:
        return True


def _plain(value: Any) -> Any:
    """Return arguments in the form in which a module receives them: as from JSON."""
    if isinstance(value, Mapping):
        return {_key(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if value is None or isinstance(value, (bool, int, float)):
        return value
    if isinstance(value, datetime.date):
        return value.isoformat()
    # Also values from a vault.
    return str(value)


def _key(key: Any) -> str:
    """Return the key of a dictionary as JSON has it."""
    return {True: "true", False: "false", None: "null"}[key] if key is None or isinstance(key, bool) else str(key)


def _show_nothing(line: str) -> None:
    """Show no line."""
