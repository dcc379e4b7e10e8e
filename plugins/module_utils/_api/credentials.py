# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which source of IAM tokens a task uses."""

from __future__ import annotations

import stat
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from . import messages
from .endpoint import DEFAULT_AUTH_ENDPOINT, Endpoint, parse_endpoint
from .errors import InputError
from .http import Http
from .token import Credential, StaticToken

_METADATA_ADDRESS = "169.254.169.254"
# The environment variables of the credentials, in the order in which they are used.
_VARIABLES = (
    ("YC_IAM_TOKEN", "iam_token"),
    ("YC_TOKEN", "iam_token"),
    ("YC_SERVICE_ACCOUNT_KEY_FILE", "service_account_key_file"),
    ("YC_SERVICE_ACCOUNT_KEY", "service_account_key"),
)
CREDENTIAL_OPTIONS = tuple(dict.fromkeys(option for dummy, option in _VARIABLES))
# The two parts of a workload identity: options, and the environment variables that they override.
_ACCOUNT = {"service_account_id": "YC_WORKLOAD_SA_ID"}
_IDENTITY = {"identity_token_file": "YC_WORKLOAD_TOKEN_FILE", "identity_token": "YC_WORKLOAD_TOKEN"}


def find_credential(
    options: Mapping[str, Any],
    environ: Mapping[str, str],
    endpoint: Endpoint,
    http: Http,
    warn: Callable[[str], None],
) -> Credential:
    """Return the credential that the options name, or else the environment, or else the instance.

    :param environ: environment variables; an empty one counts as not set
    :param http: sends the requests for tokens
    :param warn: receives warnings
    :raises InputError: the credential is invalid, or the options name two
    :raises LibraryMissingError: a service account key requires PyJWT and cryptography
    """
    given = [(name, options[name], name) for name in CREDENTIAL_OPTIONS if options.get(name) is not None]
    parts = [name for name in (*_IDENTITY, *_ACCOUNT) if options.get(name) is not None]
    names = [name for name, _value, _name in given] + ([name for name in parts if name in _IDENTITY] or parts)
    if len(names) > 1:
        raise InputError(messages.TWO_CREDENTIALS, names=" and ".join(names))
    if not names:
        given = [(option, environ[name], name) for name, option in _VARIABLES if environ.get(name)]
    if given and given[0][0] == "iam_token":
        dummy, value, source = given[0]
        http.secrets.add(value)
        return StaticToken(value, source)
    # With a token, a module would load this code for nothing.
    from . import exchange  # noqa: PLC0415

    if not given and (parts or any(environ.get(name) for name in (*_ACCOUNT.values(), *_IDENTITY.values()))):
        return exchange.WorkloadIdentity(http, *_workload_identity(options, environ, endpoint))
    if not given:
        return exchange.InstanceMetadata(http, environ.get("YC_METADATA_ADDR") or _METADATA_ADDRESS)
    option, value, source = given[0]
    if option == "service_account_key_file":
        file, source = Path(value).expanduser(), f"{source} {value}"
        value = _read(file)
        if file.stat().st_mode & (stat.S_IRGRP | stat.S_IROTH):
            warn(messages.KEY_FILE_EXPOSED.format(file=file))
    return exchange.ServiceAccountKey(http, endpoint, value, source)


def _workload_identity(
    options: Mapping[str, Any], environ: Mapping[str, str], endpoint: Endpoint
) -> tuple[str, str, Callable[[], str], str]:
    """Return the parts of a workload identity: URL, service account, what reads the JWT, and its source.

    :raises InputError: one of them is missing or invalid
    """
    parts = []
    for part in (_ACCOUNT, _IDENTITY):
        given = [(name, options[name], name) for name in part if options.get(name) is not None]
        given += [(name, environ[variable], variable) for name, variable in part.items() if environ.get(variable)]
        parts += given[:1]
    (option, value, source), account = parts[-1], parts[0][1]
    if len(parts) == 1:
        missing = _IDENTITY if option in _ACCOUNT else _ACCOUNT
        raise InputError(messages.ONE_PART, given=source, missing=" or ".join(missing))
    host = options.get("auth_endpoint")
    url = parse_endpoint(host).exact_url if host else endpoint.base_url or f"https://{DEFAULT_AUTH_ENDPOINT}"

    def read() -> str:
        return str(value) if option == "identity_token" else _read(Path(value).expanduser())

    return url, account, read, source if option == "identity_token" else f"{source} {value}"


def _read(file: Path) -> str:
    """Return the text of a file.

    :raises InputError: it cannot be read
    """
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        cause = getattr(error, "strerror", None) or "it is not text"
        raise InputError(messages.FILE_NOT_READABLE, file=file, cause=cause) from None
