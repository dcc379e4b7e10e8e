# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Sources of IAM tokens, and which source a task uses."""

from __future__ import annotations

import json
import re
import stat
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from . import messages
from .clock import Deadline
from .endpoint import Endpoint
from .errors import ApiError, CredentialError, InputError, LibraryMissingError
from .http import Http
from .transport import Request

_METADATA_ADDRESS = "169.254.169.254"
_METADATA_PATH = "/computeMetadata/v1/instance/service-accounts/default/token"
_METADATA_TIMEOUT = 1.0
# Source: the API accepts a JWT that is valid for at most 3600 s.
_JWT_LIFETIME = 3600
_KEY_PARTS = ("id", "service_account_id", "private_key")
_PEM = re.compile(r"-----BEGIN (?:RSA )?PRIVATE KEY-----.*?-----END (?:RSA )?PRIVATE KEY-----", re.DOTALL)


class Credential(Protocol):
    """A source of IAM tokens."""

    def token(self, deadline: Deadline) -> str:
        """Return an IAM token.

        :raises CredentialError: none could be created within the deadline
        """

    def renew(self, failed: str) -> bool:
        """Forget a token that a service rejected. Return whether ``token`` can create another one."""

    def rejected(self, error: ApiError) -> ApiError:
        """Return the error for a token that a service rejected, with the source of the token."""


class StaticToken:
    """An IAM token from an option or a variable. It cannot be renewed.

    :param source: name of the option or variable
    """

    def __init__(self, token: str, source: str) -> None:
        self._token = _checked_token(token, source)
        self._source = source

    def token(self, deadline: Deadline) -> str:  # noqa: ARG002
        """Return the token."""
        return self._token

    def renew(self, failed: str) -> bool:  # noqa: ARG002
        """Return False: there is no other token."""
        return False

    def rejected(self, error: ApiError) -> ApiError:
        """Return the error with the source of the token."""
        get = "yc iam create-token"
        advice = f"Run: export {self._source}=$({get})" if self._source.isupper() else f"Get a new one: {get}"
        return error.reworded(messages.TOKEN_REJECTED, source=self._source, advice=advice, **_said(error))


class RenewableToken(ABC):
    """An IAM token that is created when it is first used, and again after a service rejected it.

    :param owner: whose token it is, for messages
    """

    def __init__(self, http: Http, owner: str) -> None:
        self._http = http
        self._owner = owner
        self._token = ""

    def token(self, deadline: Deadline) -> str:
        """Return the token; create it if there is none."""
        if not self._token:
            token = self._create(deadline)
            self._http.secrets.add(token)
            self._token = _checked_token(token, "the response")
        return self._token

    def renew(self, failed: str) -> bool:
        """Forget a token that a service rejected. Return True."""
        if self._token == failed:
            self._token = ""
        return True

    def rejected(self, error: ApiError) -> ApiError:
        """Return the error with the owner of the token."""
        return error.reworded(messages.NEW_TOKEN_REJECTED, owner=self._owner, **_said(error))

    @abstractmethod
    def _create(self, deadline: Deadline) -> str:
        """Return a new token.

        :raises CredentialError: none could be created
        """


class ServiceAccountKey(RenewableToken):
    """IAM tokens for the authorized key of a service account.

    :param text: JSON as the vendor's CLI writes it
    :param source: name of the option or variable, for messages
    :raises InputError: it is not such a key; the message shows nothing of it
    :raises LibraryMissingError: PyJWT or cryptography is missing
    """

    def __init__(self, http: Http, endpoint: Endpoint, text: str, source: str) -> None:
        http.secrets.add(text)
        key = _parse_key(text, source)
        http.secrets.add(key["private_key"])
        super().__init__(http, f"service account {key['service_account_id']}")
        try:
            import jwt  # noqa: PLC0415 - only users of such a key have the library
        except ImportError:
            raise LibraryMissingError("PyJWT") from None
        if not jwt.algorithms.has_crypto:
            raise LibraryMissingError("cryptography")
        self._url, self._audience = endpoint.url("iam") + "/iam/v1/tokens", endpoint.token_audience
        self._key_id, self._account = key["id"], key["service_account_id"]
        self._source = source
        self._encode: Callable[..., str] = jwt.encode
        try:
            # Loading the key takes much longer than signing, so it is loaded once.
            self._private_key = jwt.algorithms.get_default_algorithms()["PS256"].prepare_key(key["private_key"])
        except Exception:
            # The text of the exception can show a part of the key.
            raise InputError(messages.KEY_CANNOT_SIGN, source=source) from None
        self._sign()

    def _sign(self) -> str:
        """Return a signed JWT.

        Source: the API's guide to IAM tokens for service accounts (PS256, ``kid``, at most one hour).
        """
        now = int(time.time())
        claims = {"iss": self._account, "aud": self._audience, "iat": now, "exp": now + _JWT_LIFETIME}
        try:
            return self._encode(claims, self._private_key, algorithm="PS256", headers={"kid": self._key_id})
        except Exception:
            raise InputError(messages.KEY_CANNOT_SIGN, source=self._source) from None

    def _create(self, deadline: Deadline) -> str:
        signed = self._sign()
        self._http.secrets.add(signed)
        headers = {"Content-Type": "application/json"}
        request = Request("POST", self._url, headers, json.dumps({"jwt": signed}).encode())
        try:
            answer = self._http.send(request, deadline, lambda body: isinstance(body.get("iamToken"), str))
        except ApiError as error:
            advice = messages.NO_TOKEN_ADVICE if error.is_refusal else error.advice
            raise CredentialError(
                messages.NO_TOKEN, error, owner=self._owner, cause=error.reason, advice=advice
            ) from None
        return str(answer.body["iamToken"])


class InstanceMetadata(RenewableToken):
    """IAM tokens for the service account of the instance that runs the task.

    :param address: host of the metadata service, with or without a port
    """

    def __init__(self, http: Http, address: str) -> None:
        super().__init__(http, "the instance's service account")
        if not re.fullmatch(r"[-.a-zA-Z0-9]+(:[0-9]+)?", address):
            raise InputError(messages.BAD_METADATA_ADDRESS, value=address[:60])
        self._request = Request("GET", f"http://{address}{_METADATA_PATH}", {"Metadata-Flavor": "Google"})

    def _create(self, deadline: Deadline) -> str:
        try:
            # One attempt: outside of the cloud nothing responds there.
            answer = self._http.attempt(
                self._request,
                deadline,
                lambda body: isinstance(body.get("access_token"), str),
                timeout=_METADATA_TIMEOUT,
                use_proxy=False,
            )
        except ApiError as error:
            raise CredentialError(messages.NO_CREDENTIAL, error, cause=error.reason) from None
        return str(answer.body["access_token"])


class _Source(NamedTuple):
    """A way to name a credential: a value from an option or a variable."""

    option: str
    value: Any
    name: str


# The environment variables of the credentials, in the order in which they are used.
_VARIABLES = (
    ("YC_IAM_TOKEN", "iam_token"),
    ("YC_TOKEN", "iam_token"),
    ("YC_SERVICE_ACCOUNT_KEY_FILE", "service_account_key_file"),
    ("YC_SERVICE_ACCOUNT_KEY", "service_account_key"),
)
CREDENTIAL_OPTIONS = tuple(dict.fromkeys(option for dummy, option in _VARIABLES))


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
    given = [_Source(name, options[name], name) for name in CREDENTIAL_OPTIONS if options.get(name) is not None]
    if len(given) > 1:
        raise InputError(messages.TWO_CREDENTIALS, names=" and ".join(source.name for source in given))
    if not given:
        given = [_Source(option, environ[name], name) for name, option in _VARIABLES if environ.get(name)]
    if not given:
        return InstanceMetadata(http, environ.get("YC_METADATA_ADDR") or _METADATA_ADDRESS)
    option, value, name = given[0]
    if option == "iam_token":
        http.secrets.add(value)
        return StaticToken(value, name)
    if option == "service_account_key_file":
        value, name = _read_key_file(Path(value).expanduser(), warn), f"{name} {value}"
    return ServiceAccountKey(http, endpoint, value, name)


def _checked_token(token: str, source: str) -> str:
    """Return an IAM token without the white space around it.

    :raises InputError: it is empty, an OAuth token, or cannot be sent in a header; the message does not show it
    """
    token = token.strip()
    if not token:
        raise InputError(messages.EMPTY_TOKEN, source=source)
    if token.startswith(("y0_", "AQAA")):
        raise InputError(messages.OAUTH_TOKEN, source=source)
    if not re.fullmatch(r"[!-~]+", token):
        raise InputError(messages.BAD_TOKEN, source=source)
    return token


def _read_key_file(file: Path, warn: Callable[[str], None]) -> str:
    """Return the text of a key file; warn if other users can read it.

    :raises InputError: it cannot be read
    """
    try:
        mode = file.stat().st_mode
        text = file.read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        cause = getattr(error, "strerror", None) or "it is not text"
        raise InputError(messages.KEY_NOT_READABLE, file=file, cause=cause) from None
    if mode & (stat.S_IRGRP | stat.S_IROTH):
        warn(f"Other users can read the key file {file}. Run: chmod 600 {file}")
    return text


def _parse_key(text: str, source: str) -> dict[str, str]:
    """Return the parts of a service account key.

    :raises InputError: it is not such a key; the message shows nothing of it
    """
    try:
        key = json.loads(text)
    except (ValueError, RecursionError):
        key = None
    if not isinstance(key, dict):
        raise InputError(messages.KEY_NOT_JSON, source=source)
    missing = [part for part in _KEY_PARTS if not (isinstance(key.get(part), str) and key[part].strip())]
    if missing:
        raise InputError(messages.KEY_INCOMPLETE, source=source, parts=", ".join(missing))
    # Newer key files have a line of text before the key itself.
    pem = _PEM.search(key["private_key"])
    if not pem:
        raise InputError(messages.KEY_WITHOUT_PEM, source=source)
    return {**{part: key[part].strip() for part in _KEY_PARTS}, "private_key": pem.group(0) + "\n"}


def _said(error: ApiError) -> dict[str, Any]:
    """Return the fields of a message about a rejected token."""
    said = error.error or {}
    return {"status": error.http_status, "text": (said.get("message") or "no message").rstrip(".")}
