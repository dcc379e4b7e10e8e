# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The life of a task, from its options to its result. Every front calls ``execute``."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from ansible.module_utils.ansible_release import __version__ as ANSIBLE_VERSION

from .._api.client import Client
from .._api.clock import Clock, Deadline
from .._api.connect import connect
from .._api.errors import as_error
from .._api.secrets import Secrets, secret_values
from .._api.transport import Transport
from .._api.version import VERSION
from .options import CONNECTION_OPTIONS, DEFAULT_WAIT_TIMEOUT
from .progress import Progress, Report

USER_AGENT = f"yandex_cloud.managed_kafka/{VERSION} ansible-core/{ANSIBLE_VERSION}"


class Context(NamedTuple):
    """What a task works with.

    :param warn: receives warnings
    :param subjects: the connectors whose progress is reported; the task adds them
    """

    client: Client
    check_mode: bool
    warn: Callable[[str], None]
    subjects: list[Progress]


@dataclass(frozen=True)
class Task:
    """A module: its options, and its work.

    :param options: in the form of an ``argument_spec``, without the shared ones
    :param parse: checks the options before anything is sent, and returns what the task wants
    :param run: does the work on (context, options, what ``parse`` returned), and returns the result
    :param in_failures: returns what every failure contains, from the options
    :param constraints: other arguments of AnsibleModule, such as ``mutually_exclusive``
    """

    options: Mapping[str, Any]
    parse: Callable[[Mapping[str, Any]], Any]
    run: Callable[[Context, Mapping[str, Any], Any], dict[str, Any]]
    constraints: Mapping[str, Any] = field(default_factory=dict)
    in_failures: Callable[[Mapping[str, Any]], dict[str, Any]] = lambda params: {}  # noqa: ARG005

    @property
    def argument_spec(self) -> dict[str, Any]:
        """All options of the module."""
        return {**CONNECTION_OPTIONS, **self.options}


class Ended(NamedTuple):
    """How a task ended.

    :param failed: whether it failed; ``result`` is then the one of the failure
    :param secrets: values that must not be shown
    """

    failed: bool
    result: dict[str, Any]
    warnings: list[str]
    secrets: Collection[str]


def execute(
    task: Task,
    params: Mapping[str, Any],
    environ: Mapping[str, str],
    check_mode: bool,
    report: Report,
    *,
    hidden: Collection[str] = (),
    clock: Clock = time,
    transport: Transport | None = None,
) -> Ended:
    """Run a task. No exception leaves it, except those that end the process.

    :param params: options, as the ``argument_spec`` of the task validated them
    :param environ: environment variables of the credentials
    :param report: shows the progress while the task waits
    :param hidden: secret values of the options
    :param transport: None: the requests library
    """
    secrets = Secrets([*hidden, *secret_values(params)])
    warnings: list[str] = []
    warn = warnings.append
    subjects: list[Progress] = []
    try:
        wanted = task.parse(params)
        seconds = params.get("wait_timeout", DEFAULT_WAIT_TIMEOUT)
        deadline = Deadline(seconds, clock, lambda waited: report(subjects, waited))
        client = connect(params, environ, deadline, secrets, warn, user_agent=USER_AGENT, transport=transport)
        result = task.run(Context(client, check_mode, warn, subjects), params, wanted)
    except Exception as cause:
        error = as_error(cause)
        facts = {"changed": False, **task.in_failures(params), **error.facts}
        result = {**facts, "msg": error.msg, **({"error": error.error} if error.error else {})}
        return Ended(True, result, warnings, secrets.of_task)
    return Ended(False, result, warnings, secrets.of_task)
