# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Requests with retries, within a deadline, and responses as JSON or as an error."""

from __future__ import annotations

import email.utils
import json
import math
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple
from urllib.parse import urlsplit
from urllib.request import getproxies_environment, proxy_bypass_environment  # type: ignore[attr-defined]

from . import messages
from .clock import Deadline, backoff
from .endpoint import is_loopback
from .errors import ApiError, describe_status
from .secrets import Secrets, secret_values
from .transport import Request, Transport

JSON = dict[str, Any]
Expected = Callable[[JSON], bool]
"""Tells whether a JSON object is the expected one."""

# Maximum number of characters of an unexpected body in a message.
_SHOWN = 200
# Seconds for an attempt that starts just before the deadline: with less it could not succeed.
_SHORTEST_TIMEOUT = 1.0


class Answer(NamedTuple):
    """The JSON of a successful response.

    :param after_loss: the response of an earlier attempt was lost, so this one can be about an earlier state
    """

    body: JSON
    headers: Mapping[str, str]
    after_loss: bool = False


def retried(attempt: Callable[[], Answer], deadline: Deadline, retries: float) -> Answer:
    """Return the answer of the first attempt that succeeds. This is the only loop that retries requests.

    :param retries: maximum number of retries; infinite: retry all temporary errors until the deadline
    :raises ApiError: the last attempt failed, or another one cannot help
    """
    failures = 0
    response_lost = False
    while True:
        try:
            return attempt()._replace(after_loss=response_lost)
        except ApiError as error:
            failures += 1
            # A later refusal does not tell whether an earlier attempt was accepted.
            response_lost = response_lost or error.response_lost
            delay = backoff(failures, error.retry_after)
            again = error.is_temporary if math.isinf(retries) else error.is_transient and failures <= retries
            late = again and delay >= deadline.remaining()
            if late or not again:
                raise error.after(failures, response_lost=response_lost, late=late) from None
        deadline.sleep(delay)


@dataclass(frozen=True)
class Http:
    """Requests through a transport.

    :param timeout: seconds for one request
    :param retries: maximum number of retries of one request; infinite: until the deadline
    :param headers: of every request
    :param use_proxy: use the proxies that the environment names
    """

    transport: Transport
    secrets: Secrets
    timeout: float
    retries: float
    headers: Mapping[str, str]
    use_proxy: bool = True

    def send(self, request: Request, deadline: Deadline, expected: Expected) -> Answer:
        """Send a request without an IAM token, with retries.

        :raises ApiError: as ``attempt``
        """
        return retried(lambda: self.attempt(request, deadline, expected), deadline, self.retries)

    def attempt(self, request: Request, deadline: Deadline, expected: Expected) -> Answer:
        """Send a request once.

        :raises ApiError: no complete response, an unexpected one, or an error
        """
        seconds = min(self.timeout, max(deadline.remaining(), _SHORTEST_TIMEOUT))
        proxies = _proxies(request.url) if self.use_proxy else {}
        response = self.transport(request._replace(headers={**self.headers, **request.headers}), seconds, proxies)
        text = response.body.decode("utf-8", "replace")
        succeeded = 200 <= response.status < 300
        try:
            body = json.loads(text)
            self.secrets.add_for_quotations(*secret_values(body))
            if not succeeded:
                body = self.secrets.redact(body)
            elif isinstance(body, dict) and "error" in body:
                # The error of an operation can quote a secret property.
                body["error"] = self.secrets.redact(body["error"])
        except (ValueError, RecursionError):
            body = None
        if succeeded and isinstance(body, dict) and expected(body):
            return Answer(body, response.headers)
        # A header of a response can also quote a secret.
        headers = {name: self.secrets.redact(value) for name, value in response.headers.items()}
        raise _rejection(request, response.status, headers, self.secrets.redact(text), body)


def _rejection(request: Request, status: int, headers: Mapping[str, str], text: str, body: Any) -> ApiError:
    """Return the error for a response that is not the expected one. Its parts contain no secrets.

    :param text: of the body
    :param body: its JSON; None: it is not JSON
    """
    shown = " ".join(text[:_SHOWN].split()) or "an empty body"
    known = {"http_status": status, "message": shown}
    fields: dict[str, Any] = {"host": request.host, "status": status, "text": shown}
    if 200 <= status < 300:
        # The service may have accepted a change. Only another request with the same key can tell.
        lost = request.changes
        advice = "" if lost else messages.NO_JSON_ADVICE
        return ApiError(messages.NO_JSON, error=known, transient=lost, response_lost=lost, advice=advice, **fields)
    if 300 <= status < 400:
        return ApiError(messages.REDIRECT, error=known, transient=False, **fields)
    body = body if isinstance(body, dict) else {}
    said = describe_status(body)
    if said["code"] is None and said["message"] is None:
        # Source: RFC 6749, section 5.2, for the token exchange.
        description = body.get("error_description")
        said["message"] = description if isinstance(description, str) else shown
    said["http_status"] = status
    said["request_id"] = said["request_id"] or headers.get("x-request-id") or None
    message = {403: messages.FORBIDDEN, 429: messages.LIMITED}.get(status, messages.REJECTED)
    fields["text"] = (said["message"] or "no message").rstrip(".")
    fields["code"] = f" {said['status']}" if said["status"] else ""
    fields["role"] = "managed-kafka.editor" if request.changes else "managed-kafka.viewer"
    # 429 and ABORTED mean that nothing was started. After other errors that is unknown.
    lost = request.changes and status >= 500
    return ApiError(message, error=said, retry_after=_retry_after(headers), response_lost=lost, **fields)


def _proxies(url: str) -> dict[str, str]:
    """Return the proxies that the environment names. Requests to this machine never use one."""
    parts = urlsplit(url)
    proxies = getproxies_environment()
    direct = is_loopback(parts.hostname or "") or proxy_bypass_environment(parts.netloc, proxies)
    return {} if direct else proxies


def _retry_after(headers: Mapping[str, str]) -> float | None:
    """Return the seconds of a Retry-After header: a number or a date. None for anything else."""
    value = headers.get("retry-after", "").strip()
    if re.fullmatch(r"[0-9]+", value):
        return float(value)
    until, now = _timestamp(value), _timestamp(headers.get("date", ""))
    if until is None:
        return None
    # The service's clock decides: the clock of this machine can be wrong.
    return max(0.0, until - (time.time() if now is None else now))


def _timestamp(date: str) -> float | None:
    try:
        return email.utils.parsedate_to_datetime(date).timestamp()
    except (TypeError, ValueError, OverflowError, IndexError):
        return None
