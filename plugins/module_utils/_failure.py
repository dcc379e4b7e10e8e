# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What to say of a request that went wrong: from what came back, or did not, to an ApiError. Pure."""

from __future__ import annotations

import email.utils
import re
import time
from collections.abc import Callable, Mapping
from typing import Any

from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._errors import ApiError, describe_status

# how much of a body that is not what was expected an error shows
_SHOWN = 200
_ADVICE = {
    "PERMISSION_DENIED": "Grant the service account or user the role {role} on the cluster's folder.",
    "UNAUTHENTICATED": "Check the credential: {credential}.",
    "RESOURCE_EXHAUSTED": "The service limits how much is asked of it: try again later.",
}


def unanswered(error: Exception, host: str, timeout: float, *, writes: bool, redact: Callable[[str], str]) -> ApiError:
    """Return the error for a request that got no whole answer.

    :param error: of requests or urllib3
    :param timeout: seconds that the request had
    :param writes: whether it asked for a change
    :param redact: removes secrets from a text
    """
    import requests
    import urllib3

    chain = _chain(error)
    cause = chain[-1]
    # ssl.SSLCertVerificationError, or urllib3's own CertificateError, are both of them
    if isinstance(error, requests.exceptions.SSLError) and isinstance(cause, ValueError):
        return ApiError(
            f"the TLS certificate of {host} is not trusted: {getattr(cause, 'verify_message', None) or cause}",
            "Set ca_path to the CA that signed it, if that host is the right one.",
            transient=False,
        )
    if isinstance(error, (requests.Timeout, urllib3.exceptions.TimeoutError)) or "timed out" in str(error):
        reason = f"no whole answer from {host} within {timeout:g} s"
    elif isinstance(error, requests.exceptions.ProxyError):
        reason = f"the proxy does not connect to {host}: {_text(cause)}"
    else:
        reason = f"no whole answer from {host}: {_text(cause)}"
    # a request that cannot be built (a bad header, an unusable proxy URL) will not be better next time
    hopeless = isinstance(error, ValueError) and not isinstance(error, requests.exceptions.ContentDecodingError)
    never_sent = (
        urllib3.exceptions.NewConnectionError,
        urllib3.exceptions.ConnectTimeoutError,
        urllib3.exceptions.ProxyError,
    )
    sent = not hopeless and not any(isinstance(item, never_sent) for item in chain)
    return ApiError(redact(reason), transient=not hopeless, lost=writes and sent)


def rejection(
    host: str, status: int, headers: Mapping[str, str], text: str, body: Any, *, writes: bool, credential: str
) -> ApiError:
    """Return the error for an answer that is not the expected JSON object.

    :param status: of HTTP
    :param headers: by their names in lower case; without secrets, as are the following two
    :param text: of the answer's body
    :param body: the same as JSON; None when it is none
    :param writes: whether the request asked for a change
    :param credential: description of the one that was sent
    """
    shown = " ".join(text[:_SHOWN].split()) or "an empty body"
    if 200 <= status < 300:
        return ApiError(
            f"{host} answered HTTP {status} with something else than the expected JSON: {shown}",
            "Check endpoint, and what is between here and there." if not writes else "",
            error={"http_status": status, "message": shown},
            # the change may have been accepted: only the same key again can tell
            transient=writes,
            lost=writes,
        )
    if 300 <= status < 400:
        return ApiError(
            f"{host} answered HTTP {status}, a redirect, which is not followed",
            "Check endpoint.",
            error={"http_status": status, "message": shown},
            transient=False,
        )
    known = describe_status(body if isinstance(body, dict) else {})
    if known["code"] is None and known["message"] is None:
        known["message"] = shown
    known["http_status"] = status
    known["request_id"] = known["request_id"] or headers.get("x-request-id") or None
    named = f" {known['status']}" if known["status"] else ""
    advice = _ADVICE.get(known["status"] or "", "").format(
        role="managed-kafka.editor" if writes else "managed-kafka.viewer", credential=credential
    )
    return ApiError(
        f"{host} answered HTTP {status}{named}: {(known['message'] or 'no message').rstrip('.')}",
        advice,
        error=known,
        retry_after=_retry_after(headers),
        # a 429 and an ABORTED say that nothing was begun; other trouble says nothing at all
        lost=writes and status >= 500,
    )


def _chain(error: BaseException) -> list[BaseException]:
    """Return an exception and those inside it; the last says what happened: requests and urllib3 wrap it."""
    chain = [error]
    while True:
        # what was being handled when it was raised is not always what caused it
        context = None if error.__suppress_context__ or isinstance(error, OSError) else error.__context__
        inner = [getattr(error, "reason", None), *error.args, error.__cause__, context]
        following = [item for item in inner if isinstance(item, BaseException) and item not in chain]
        if not following:
            return chain
        error = following[0]
        chain.append(error)


def _text(error: BaseException) -> str:
    """Return what an exception says happened."""
    return str(getattr(error, "strerror", None) or error or type(error).__name__)


def _retry_after(headers: Mapping[str, str]) -> float | None:
    """Return seconds of a Retry-After header: a number of them, or a date; None for anything else."""
    value = headers.get("retry-after", "").strip()
    if re.fullmatch(r"[0-9]+", value):
        return float(value)
    until, now = _timestamp(value), _timestamp(headers.get("date", ""))
    if until is None:
        return None
    # the service's own clock counts: the one of this machine may be wrong
    return max(0.0, until - (time.time() if now is None else now))


def _timestamp(date: str) -> float | None:
    try:
        return email.utils.parsedate_to_datetime(date).timestamp()
    except (TypeError, ValueError, OverflowError, IndexError):
        return None
