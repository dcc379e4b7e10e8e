# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Sources of IAM tokens, and which source a task uses."""

from __future__ import annotations

import base64
import json
import re
import stat
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from . import messages
from .clock import Deadline
from .endpoint import DEFAULT_AUTH_ENDPOINT, Endpoint, parse_endpoint
from .errors import ApiError, CredentialError, InputError, LibraryMissingError
from .http import Http
from .transport import Request

_METADATA_ADDRESS = "169.254.169.254"
_METADATA_PATH = "/computeMetadata/v1/instance/service-accounts/default/token"
_METADATA_TIMEOUT = 1.0
# Source: the API accepts a JWT that is valid for at most 3600 s.
_JWT_LIFETIME = 3600
# Seconds before its end at which a token is replaced.
_EXPIRY_MARGIN = 60
_JWT = re.compile(r"[-_a-zA-Z0-9]+\.[-_a-zA-Z0-9]+\.[-_a-zA-Z0-9]+")
_KEY_PARTS = ("id", "service_account_id", "private_key")
_PEM = re.compile(r"-----BEGIN (?:RSA )?PRIVATE KEY-----.*?-----END (?:RSA )?PRIVATE KEY-----", re.DOTALL)


class Credential(ABC):
    """A source of IAM tokens.

    :param origin: of the tokens, for messages
    :param advice: what to do if a service rejects a token
    """

    def __init__(self, origin: str, advice: str) -> None:
        self._origin = origin
        self._advice = advice

    @abstractmethod
    def token(self, deadline: Deadline) -> str:
        """Return an IAM token.

        :raises CredentialError: none could be created within the deadline
        """

    def renew(self, failed: str) -> bool:  # noqa: ARG002
        """Forget a token that a service rejected. Return whether ``token`` can create another one."""
        return False

    def rejected(self, error: ApiError) -> ApiError:
        """Return the error for a token that a service rejected, with the source of the token."""
        said = error.error or {}
        fields: dict[str, Any] = {"origin": self._origin, "advice": self._advice, "status": error.http_status}
        fields["text"] = (said.get("message") or "no message").rstrip(".")
        return ApiError(messages.TOKEN_REJECTED, error=said, **fields)


class StaticToken(Credential):
    """An IAM token from an option or a variable. It cannot be renewed.

    :param source: name of the option or variable
    """

    def __init__(self, token: str, source: str) -> None:
        get = "yc iam create-token"
        advice = f"Run: export {source}=$({get})" if source.isupper() else f"Get a new one: {get}"
        super().__init__(f"from {source}", advice)
        self._token = _checked_token(token, source)

    def token(self, deadline: Deadline) -> str:  # noqa: ARG002
        """Return the token."""
        return self._token


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
        self._token = _checked_token(body[self._field], "the response")
        seconds = body.get("expires_in")
        if isinstance(seconds, (int, float)):
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
    :raises InputError: ``read`` returns no JWT
    """

    _failure_advice = messages.FEDERATION_ADVICE

    def __init__(self, http: Http, url: str, account: str, read: Callable[[], str]) -> None:
        super().__init__(http, f"service account {account}")
        self._url = url
        self._account = account
        self._read = read
        read()

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
    if not given and (parts or any(environ.get(name) for name in (*_ACCOUNT.values(), *_IDENTITY.values()))):
        return _workload_identity(options, environ, endpoint, http)
    if not given:
        return InstanceMetadata(http, environ.get("YC_METADATA_ADDR") or _METADATA_ADDRESS)
    option, value, source = given[0]
    if option == "iam_token":
        http.secrets.add(value)
        return StaticToken(value, source)
    if option == "service_account_key_file":
        file, source = Path(value).expanduser(), f"{source} {value}"
        value = _read(file)
        if file.stat().st_mode & (stat.S_IRGRP | stat.S_IROTH):
            warn(messages.KEY_FILE_EXPOSED.format(file=file))
    return ServiceAccountKey(http, endpoint, value, source)


def _workload_identity(
    options: Mapping[str, Any], environ: Mapping[str, str], endpoint: Endpoint, http: Http
) -> WorkloadIdentity:
    """Return the credential for the two parts of a workload identity.

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
        if option == "identity_token":
            return _checked_jwt(value, source)
        return _checked_jwt(_read(Path(value).expanduser()), f"{source} {value}")

    return WorkloadIdentity(http, url, account, read)


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


def _read(file: Path) -> str:
    """Return the text of a file.

    :raises InputError: it cannot be read
    """
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        cause = getattr(error, "strerror", None) or "it is not text"
        raise InputError(messages.FILE_NOT_READABLE, file=file, cause=cause) from None


def _checked_token(token: str, source: str) -> str:
    """Return an IAM token without the white space around it.

    :raises InputError: it is empty, an OAuth token, or cannot be sent in a header; the message does not show it
    """
    token = token.strip()
    if token.startswith(("y0_", "AQAA")):
        raise InputError(messages.OAUTH_TOKEN, source=source)
    if not re.fullmatch(r"[!-~]+", token):
        raise InputError(messages.BAD_TOKEN, source=source)
    return token


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
