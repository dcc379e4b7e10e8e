# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From the shared options to a client. Every front of the collection uses it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from . import messages
from .client import Client
from .clock import Deadline
from .credentials import find_credential
from .endpoint import DEFAULT_ENDPOINT, parse_endpoint
from .errors import InputError
from .http import Http
from .secrets import Secrets
from .transport import RequestsTransport, Transport, tls_context


def connect(
    options: Mapping[str, Any],
    environ: Mapping[str, str],
    deadline: Deadline,
    secrets: Secrets,
    warn: Callable[[str], None],
    *,
    user_agent: str,
    transport: Transport | None = None,
) -> Client:
    """Return the client that the shared options describe. No request is sent.

    :param environ: environment variables of the credentials
    :param secrets: learns the credentials and the tokens
    :param warn: receives warnings
    :param transport: None: the requests library
    :raises InputError: an option or a credential is invalid
    :raises LibraryMissingError: a library is missing
    """
    if options["request_timeout"] <= 0:
        raise InputError(messages.BAD_REQUEST_TIMEOUT)
    if options["request_retries"] < 0:
        raise InputError(messages.TOO_SMALL, where="request_retries", value=options["request_retries"], minimum=0)
    endpoint = parse_endpoint(options["endpoint"] or DEFAULT_ENDPOINT)
    if transport is None:
        transport = RequestsTransport(tls_context(options["validate_certs"], options["ca_path"]), secrets.redact)
    headers = {"User-Agent": user_agent, "Accept": "application/json", "Accept-Encoding": "identity"}
    http = Http(transport, secrets, options["request_timeout"], options["request_retries"], headers)
    return Client(http, endpoint, find_credential(options, environ, endpoint, http, warn), deadline)
