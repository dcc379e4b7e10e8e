# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From the options to a source of IAM tokens. Knows nothing of Ansible modules."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._client import Client, Credential
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._errors import InputError

FOUR_WAYS = (
    "Set one of: iam_token (or YC_IAM_TOKEN, YC_TOKEN); service_account_key_file (or YC_SERVICE_ACCOUNT_KEY_FILE); "
    "service_account_key (or YC_SERVICE_ACCOUNT_KEY); or run on an instance with a service account, "
    "whose metadata service (at YC_METADATA_ADDR) gives tokens."
)


class StaticToken:
    """An IAM token that somebody else got; it cannot be renewed here."""

    description = "the IAM token was given as it is; get a new one, or use a service account key, which renews itself"

    def __init__(self, token: str) -> None:
        self._token = token

    def token(self) -> str:
        """Return the token."""
        return self._token

    def renew(self, failed: str) -> bool:  # noqa: ARG002
        """Return False: there is no other."""
        return False


def check_token(token: str, source: str) -> str:
    """Return an IAM token without the space around it.

    :param source: where it comes from, for the message
    :raises InputError: it is empty, an OAuth token, or cannot be sent in a header; it is never shown
    """
    token = token.strip()
    if not token:
        raise InputError(f"{source} holds no IAM token", FOUR_WAYS)
    if token.startswith(("y0_", "AQAA")):
        raise InputError(
            f"{source} holds an OAuth token, which the services do not take",
            "Use an IAM token (yc iam create-token) or a service account key (service_account_key_file).",
        )
    if not re.fullmatch(r"[!-~]+", token):
        raise InputError(f"{source} holds characters that no IAM token has", "Get one with: yc iam create-token")
    return token


def credential(options: Mapping[str, Any], environ: Mapping[str, str], client: Client) -> Credential:
    """Return the source of IAM tokens that the options name, or else the environment, or else the instance.

    :param options: ``iam_token``, ``service_account_key_file``, ``service_account_key``; at most one is set
    :param environ: environment variables; an empty one counts as not set
    :param client: through which tokens are got
    :raises InputError: the credential cannot be one
    :raises LibraryMissingError: a service account key needs PyJWT and cryptography
    """
    given = [
        (name, options[name], name)
        for name in ("iam_token", "service_account_key_file", "service_account_key")
        if options.get(name) is not None
    ]
    if len(given) > 1:
        names = " and ".join(name for name, _value, _source in given)
        raise InputError(f"{names} are set, which are different credentials", "Set one of them.")
    if not given:
        given = [
            (name, environ[variable], variable)
            for name, variable in (
                ("iam_token", "YC_IAM_TOKEN"),
                ("iam_token", "YC_TOKEN"),
                ("service_account_key_file", "YC_SERVICE_ACCOUNT_KEY_FILE"),
                ("service_account_key", "YC_SERVICE_ACCOUNT_KEY"),
            )
            if environ.get(variable)
        ]
    if given and given[0][0] == "iam_token":
        _name, value, source = given[0]
        client.secrets.update(secret for secret in (value, value.strip()) if secret)
        return StaticToken(check_token(value, source))
    # who brings a token need not pay for importing this
    from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._renewed import (
        InstanceMetadata,
        ServiceAccountKey,
    )

    if not given:
        return InstanceMetadata(client, environ.get("YC_METADATA_ADDR"))
    name, value, source = given[0]
    if name == "service_account_key_file":
        return ServiceAccountKey.from_file(client, value, source)
    return ServiceAccountKey.from_text(client, value, source)
