# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options that modules share, and how a result shows the arguments of a task."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ansible.module_utils.common.parameters import env_fallback

from .._api.endpoint import DEFAULT_ENDPOINT
from .._api.secrets import MASK, mask

Options = dict[str, dict[str, Any]]
"""Options of a module, in the form of an ``argument_spec``."""

# Source: the default timeout of the vendor's Terraform provider.
DEFAULT_WAIT_TIMEOUT = 1200


def _env(variable: str) -> tuple[Callable[[], Any], list[str]]:
    return (env_fallback, [variable])


CONNECTION_OPTIONS: Options = {
    "iam_token": {"type": "str", "no_log": True},
    "service_account_key_file": {"type": "path", "no_log": False},
    "service_account_key": {"type": "json", "no_log": True},
    "service_account_id": {"type": "str"},
    "identity_token_file": {"type": "path", "no_log": False},
    "identity_token": {"type": "str", "no_log": True},
    "auth_endpoint": {"type": "str", "fallback": _env("YC_AUTH_ENDPOINT")},
    "endpoint": {"type": "str", "default": DEFAULT_ENDPOINT, "fallback": _env("YC_ENDPOINT")},
    "validate_certs": {"type": "bool", "default": True},
    "ca_path": {"type": "path", "fallback": _env("YC_CA_PATH")},
    "request_timeout": {"type": "float", "default": 30.0},
    "request_retries": {"type": "int", "default": 5},
}
FOLDER_OPTION: Options = {"folder_id": {"type": "str", "fallback": _env("YC_FOLDER_ID")}}
CLUSTER_OPTIONS: Options = {"cluster_id": {"type": "str"}, "cluster_name": {"type": "str"}, **FOLDER_OPTION}
WAIT_TIMEOUT_OPTION: Options = {"wait_timeout": {"type": "int", "default": DEFAULT_WAIT_TIMEOUT}}
ONE_CLUSTER = ("cluster_id", "cluster_name")
ONE_OR_SEVERAL = ("name", "names")


def shown_arguments(params: Mapping[str, Any], argument_spec: Mapping[str, Any]) -> dict[str, Any]:
    """Return the arguments of a task as a result shows them: without secrets."""
    shown: dict[str, Any] = mask(_known(params, argument_spec))
    secret = {name for name, option in CONNECTION_OPTIONS.items() if option.get("no_log")}
    if "@" in str(params.get("endpoint")):
        # Such an endpoint is rejected, but it can contain a password.
        secret.add("endpoint")
    return {**shown, **{name: MASK for name in secret if params.get(name) is not None}}


def _known(params: Mapping[str, Any], spec: Mapping[str, Any]) -> dict[str, Any]:
    """Return arguments; unknown and invalid ones are masked, because nobody knows what they contain."""
    options = {alias: option for name, option in spec.items() for alias in (name, *option.get("aliases", ()))}
    shown: dict[str, Any] = {}
    for name, value in params.items():
        option = options.get(name, {})
        if value is None:
            shown[name] = None
        elif not option or (option.get("type") == "dict" and not isinstance(value, Mapping)):
            shown[name] = MASK
        else:
            shown[name] = _known(value, option["options"]) if option.get("options") else value
    return shown
