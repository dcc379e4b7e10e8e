# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Sources that get IAM tokens by requests. A task with a token of its own does not load this file."""

from __future__ import annotations

import base64
import json
import re
import time
from abc import abstractmethod
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from . import messages
from .clock import Deadline
from .endpoint import Endpoint
from .errors import ApiError, CredentialError, InputError, LibraryMissingError
from .http import Http
from .token import Credential, checked_token
from .transport import Request

_METADATA_PATH = "/computeMetadata/v1/instance/service-accounts/default/token"
_METADATA_TIMEOUT = 1.0
# Source: the API accepts a JWT that is valid for at most 3600 s.
_JWT_LIFETIME = 3600
# Seconds before its end at which a token is replaced.
_EXPIRY_MARGIN = 60
_JWT = re.compile(r"[-_a-zA-Z0-9]+\.[-_a-zA-Z0-9]+\.[-_a-zA-Z0-9]+")
_KEY_PARTS = ("id", "service_account_id", "private_key")
_PEM = re.compile(r"-----BEGIN (?:RSA )?PRIVATE KEY-----.*?-----END (?:RSA )?PRIVATE KEY-----", re.DOTALL)


class RenewableToken(Credential):
    """An IAM token that is created when it is first used, and again after a service rejected it.

    :param owner: whose token it is, for messages
    """

    # The field of a response that contains the token, the message if there is none, and advice after a refusal.
    _field = "access_token"
    _failure = messages.NO_TOKEN
    _failure_advice = ""

    def __init__(self, http: Http, owner: str) -> None:
        super().__init__(f"of {owner}", "Check that the account is active.")
        self._http = http
        self._owner = owner
        self._token = ""
        self._expires_at = float("inf")

    def token(self, deadline: Deadline) -> str:
        """Return the token; create it if there is none, or if it expires."""
        if self._token and deadline.now() < self._expires_at:
            return self._token
        try:
            request = self._request()
            body = self._http.send(request, deadline, lambda body: isinstance(body.get(self._field), str)).body
        except ApiError as error:
            advice = self._failure_advice if error.is_refusal else error.advice
            fields = {"owner": self._owner, "cause": error.reason, "advice": advice}
            raise CredentialError(self._failure, error, **fields) from None
        self._http.secrets.add(body[self._field])
        self._token = checked_token(body[self._field], "the response")
        seconds = body.get("expires_in")
        if not isinstance(seconds, (int, float)) or isinstance(seconds, bool):
            seconds = float("inf")
        self._expires_at = deadline.now() + seconds - _EXPIRY_MARGIN
        return self._token

    def renew(self, failed: str) -> bool:
        """Forget a token that a service rejected. Return True."""
        if self._token == failed:
            self._token = ""
        return True

    @abstractmethod
    def _request(self) -> Request:
        """Return the request for a new token."""


class ServiceAccountKey(RenewableToken):
    """IAM tokens for the authorized key of a service account.

    Source: the API's guide to IAM tokens for service accounts (PS256, ``kid``, at most one hour).

    :param text: JSON as the vendor's CLI writes it
    :param source: name of the option or variable, for messages
    :raises InputError: it is not such a key; the message shows nothing of it
    :raises LibraryMissingError: PyJWT or cryptography is missing
    """

    _field = "iamToken"
    _failure_advice = messages.NO_TOKEN_ADVICE

    def __init__(self, http: Http, endpoint: Endpoint, text: str, source: str) -> None:
        http.secrets.add(text)
        self._key = _parse_key(text, source)
        http.secrets.add(self._key["private_key"])
        super().__init__(http, f"service account {self._key['service_account_id']}")
        try:
            import jwt  # noqa: PLC0415 - only users of such a key have the library
        except ImportError:
            raise LibraryMissingError("PyJWT") from None
        if not jwt.algorithms.has_crypto:
            raise LibraryMissingError("cryptography")
        self._url, self._audience = endpoint.url("iam") + "/iam/v1/tokens", endpoint.token_audience
        self._encode: Callable[..., str] = jwt.encode
        try:
            # Loading the key takes much longer than signing, so it is loaded once.
            self._private_key = jwt.algorithms.get_default_algorithms()["PS256"].prepare_key(self._key["private_key"])
            self._request()
        except Exception:
            # The text of the exception can show a part of the key.
            raise InputError(messages.KEY_CANNOT_SIGN, source=source) from None

    def _request(self) -> Request:
        now = int(time.time())
        account, headers = self._key["service_account_id"], {"kid": self._key["id"]}
        claims = {"iss": account, "aud": self._audience, "iat": now, "exp": now + _JWT_LIFETIME}
        signed = self._encode(claims, self._private_key, algorithm="PS256", headers=headers)
        self._http.secrets.add(signed)
        return Request("POST", self._url, {"Content-Type": "application/json"}, json.dumps({"jwt": signed}).encode())


class InstanceMetadata(RenewableToken):
    """IAM tokens for the service account of the instance that runs the task.

    :param address: host of the metadata service, with or without a port
    """

    _failure = messages.NO_CREDENTIAL

    def __init__(self, http: Http, address: str) -> None:
        # One attempt: outside of the cloud nothing responds there.
        alone = replace(http, timeout=_METADATA_TIMEOUT, retries=0, use_proxy=False)
        super().__init__(alone, "the instance's service account")
        if not re.fullmatch(r"[-.a-zA-Z0-9]+(:[0-9]+)?", address):
            raise InputError(messages.BAD_METADATA_ADDRESS, value=address[:60])
        self._address = address

    def _request(self) -> Request:
        return Request("GET", f"http://{self._address}{_METADATA_PATH}", {"Metadata-Flavor": "Google"})


class WorkloadIdentity(RenewableToken):
    """IAM tokens for a service account, in exchange for a JWT of a job or a pod (workload identity federation).

    Source: the vendor's guide to workload identity federations, and RFC 8693.

    :param read: returns the JWT; a platform such as Kubernetes replaces it from time to time
    :param source: name of the option or variable, for messages
    :raises InputError: ``read`` returns no JWT
    """

    _failure_advice = messages.FEDERATION_ADVICE

    def __init__(self, http: Http, url: str, account: str, read: Callable[[], str], source: str) -> None:
        super().__init__(http, f"service account {account}")
        self._url = url
        self._account = account
        self._read: Callable[[], str] = lambda: _checked_jwt(read(), source)
        self._read()

    def _request(self) -> Request:
        token = self._read()
        self._http.secrets.add(token)
        claims = _json_object(_decoded(token.split(".")[1]))
        self._http.secrets.add_for_quotations(*(value for value in claims.values() if isinstance(value, str)))
        fields = {
            "grant_type": "urn:ietf:params:oauth:grant-type:token-exchange",
            "requested_token_type": "urn:ietf:params:oauth:token-type:access_token",
            "audience": self._account,
            "subject_token": token,
            "subject_token_type": "urn:ietf:params:oauth:token-type:id_token",
        }
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        return Request("POST", f"{self._url}/oauth/token", headers, urlencode(fields).encode())


def _checked_jwt(token: str, source: str) -> str:
    """Return a JWT without the white space around it.

    :raises InputError: it is none; the message does not show it
    """
    token = token.strip()
    if not _JWT.fullmatch(token) or not _json_object(_decoded(token.split(".")[0])):
        raise InputError(messages.NO_JWT, source=source)
    return token


def _decoded(part: str) -> bytes:
    """Return a part of a JWT; empty if it is not in base64."""
    try:
        return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
    except ValueError:
        return b""


def _json_object(text: str | bytes) -> dict[str, Any]:
    """Return a JSON object; empty: the text contains none."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def _parse_key(text: str, source: str) -> dict[str, str]:
    """Return the parts of a service account key.

    :raises InputError: it is not such a key; the message shows nothing of it
    """
    key = _json_object(text)
    missing = [part for part in _KEY_PARTS if not (isinstance(key.get(part), str) and key[part].strip())]
    if missing:
        raise InputError(messages.KEY_INCOMPLETE, source=source, parts=", ".join(missing))
    # Newer key files have a line of text before the key itself.
    found = _PEM.search(key["private_key"])
    return {**{part: key[part].strip() for part in _KEY_PARTS}, "private_key": f"{found[0]}\n" if found else ""}
