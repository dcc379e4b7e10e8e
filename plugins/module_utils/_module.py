# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Between Ansible and the rest: shared options, the client they describe, and the only place that fails a module."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from typing import Any, NoReturn

from ansible.module_utils.ansible_release import __version__ as ANSIBLE_VERSION
from ansible.module_utils.basic import AnsibleModule, missing_required_lib
from ansible.module_utils.common.parameters import env_fallback

from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._auth import credential
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._client import HAS_REQUESTS, Client
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._clock import Deadline
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._endpoint import (
    DEFAULT_ENDPOINT,
    parse_endpoint,
)
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._errors import (
    Error,
    InputError,
    InternalError,
    LibraryMissingError,
)
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._json import (
    MASK,
    SHORTEST_SECRET,
    masked,
    secret_values,
)
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._transport import check_ca
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._version import VERSION

# seconds that a task may take; the vendor's Terraform provider waits as long
DEFAULT_WAIT_TIMEOUT = 1200
_CREDENTIALS = ("iam_token", "service_account_key")

Manage = Callable[[Mapping[str, Any], Client, bool], dict[str, Any]]


def _env(variable: str) -> tuple[Callable[[], Any], list[str]]:
    return (env_fallback, [variable])


CONNECTION_OPTIONS: dict[str, dict[str, Any]] = {
    "iam_token": {"type": "str", "no_log": True},
    "service_account_key_file": {"type": "path", "no_log": False},
    "service_account_key": {"type": "json", "no_log": True},
    "endpoint": {"type": "str", "default": DEFAULT_ENDPOINT, "fallback": _env("YC_ENDPOINT")},
    "validate_certs": {"type": "bool", "default": True},
    "ca_path": {"type": "path", "fallback": _env("YC_CA_PATH")},
    "request_timeout": {"type": "float", "default": 30.0},
    "request_retries": {"type": "int", "default": 5},
}
FOLDER_OPTION: dict[str, dict[str, Any]] = {
    "folder_id": {"type": "str", "fallback": _env("YC_FOLDER_ID")},
}
CLUSTER_OPTIONS: dict[str, dict[str, Any]] = {
    "cluster_id": {"type": "str"},
    "cluster_name": {"type": "str"},
    **FOLDER_OPTION,
}
WAIT_TIMEOUT_OPTION: dict[str, dict[str, Any]] = {
    "wait_timeout": {"type": "int", "default": DEFAULT_WAIT_TIMEOUT},
}
ONE_CLUSTER: dict[str, Any] = {
    "mutually_exclusive": [("cluster_id", "cluster_name")],
    "required_one_of": [("cluster_id", "cluster_name")],
}


class _Module(AnsibleModule):
    """An AnsibleModule that shows its own arguments only with the secrets in properties masked."""

    def exit_json(self, **result: Any) -> NoReturn:
        """Report success."""
        super().exit_json(**self._safe(result))

    def fail_json(self, msg: str, **result: Any) -> NoReturn:
        """Report failure; also called by Ansible itself, for arguments that do not fit."""
        super().fail_json(msg, **self._safe(result))

    def log(self, msg: Any, log_args: Any = None) -> None:
        """Write nothing to the log of the target machine, which would show properties as they are."""

    def _safe(self, result: dict[str, Any]) -> dict[str, Any]:
        self.no_log_values.update(value for value in secret_values(self.params) if len(value) >= SHORTEST_SECRET)
        params = self.params or {}
        shown = masked(_fitting(params, self.argument_spec))
        shown.update({name: MASK for name in _CREDENTIALS if params.get(name) is not None})
        if "@" in str(shown.get("endpoint")):
            # refused, but the password that it may hold is not to be shown
            shown["endpoint"] = MASK
        return {"invocation": {"module_args": shown}, **result}


def _fitting(params: Mapping[str, Any], spec: Mapping[str, Any]) -> dict[str, Any]:
    """Return arguments with those masked that do not fit: nobody knows what a misspelt or unreadable one holds."""
    options = {alias: option for name, option in spec.items() for alias in (name, *option.get("aliases", ()))}
    shown: dict[str, Any] = {}
    for name, value in params.items():
        option = options.get(name, {})
        if value is None:
            shown[name] = None
        elif not option or (option.get("type") == "dict" and not isinstance(value, Mapping)):
            shown[name] = MASK
        else:
            shown[name] = _fitting(value, option["options"]) if option.get("options") else value
    return shown


def run(
    manage: Manage,
    argument_spec: Mapping[str, Any],
    *,
    check: Callable[[Mapping[str, Any]], None],
    **constraints: Any,
) -> None:
    """Run a module: options, client, work, result.

    :param manage: does the work on (options, client, check mode) and returns the result
    :param argument_spec: of the module itself; the options of the connection come with it
    :param check: refuses options that cannot be, before there is a client
    :param constraints: for AnsibleModule, such as ``mutually_exclusive``
    """
    module = _Module(  # type: ignore[no-untyped-call]
        argument_spec={**CONNECTION_OPTIONS, **argument_spec},
        supports_check_mode=True,
        **constraints,
    )
    if not HAS_REQUESTS:
        module.fail_json(msg=missing_required_lib("requests"))
    client: Client | None = None
    failure: Error | None = None
    result: dict[str, Any] = {}
    try:
        check(module.params)
        client = _client(module)
        client.hide([*module.no_log_values, *secret_values(module.params)])
        client.credential = credential(module.params, os.environ, client)
        result = manage(module.params, client, module.check_mode)
    except Error as error:
        failure = error
    except Exception as error:
        failure = InternalError(error)
    if client is not None:
        module.no_log_values.update(client.secrets)
        for warning in client.warnings:
            module.warn(warning)
    if isinstance(failure, LibraryMissingError):
        module.fail_json(msg=missing_required_lib(failure.library, reason="for a service account key"))
    if failure is not None:
        module.fail_json(**failure.result())
    module.exit_json(**result)


def _client(module: AnsibleModule) -> Client:
    """Return the client that the options describe.

    :raises InputError: an option cannot be
    """
    params = module.params
    if params["request_timeout"] <= 0:
        raise InputError("request_timeout must be more than 0")
    if params["request_retries"] < 0:
        raise InputError("request_retries must not be negative")
    if params.get("wait_timeout", 1) < 1:
        raise InputError("wait_timeout must be at least 1", "For a task that does not wait there is wait: false.")
    verify: bool | str = params["validate_certs"]
    if verify and params["ca_path"]:
        verify = check_ca(params["ca_path"])
    return Client(
        parse_endpoint(params["endpoint"] or DEFAULT_ENDPOINT),
        Deadline(params.get("wait_timeout", DEFAULT_WAIT_TIMEOUT)),
        verify=verify,
        timeout=params["request_timeout"],
        retries=params["request_retries"],
        user_agent=f"yandex_cloud.managed_kafka/{VERSION} ansible-core/{ANSIBLE_VERSION}",
    )
