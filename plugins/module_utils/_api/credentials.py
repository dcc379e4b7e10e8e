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
from pathlib import Path
from typing import Any, NamedTuple, Protocol
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
        self._expires_at = float("inf")

    def token(self, deadline: Deadline) -> str:
        """Return the token; create it if there is none, or if it expires."""
        if not self._token or deadline.now() >= self._expires_at:
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


class WorkloadIdentity(RenewableToken):
    """IAM tokens for a service account, in exchange for a JWT of a job or a pod (workload identity federation).

    Source: the vendor's guide to workload identity federations, and RFC 8693.

    :param read: returns the JWT; a platform such as Kubernetes replaces it from time to time
    :raises InputError: ``read`` returns no JWT
    """

    def __init__(self, http: Http, url: str, account: str, read: Callable[[], str]) -> None:
        super().__init__(http, f"service account {account}")
        self._url = url
        self._account = account
        self._read = read
        read()

    def _create(self, deadline: Deadline) -> str:
        token = self._read()
        self._http.secrets.add(token)
        self._http.secrets.add_for_quotations(*_claims(token))
        fields = {
            "grant_type": "urn:ietf:params:oauth:grant-type:token-exchange",
            "requested_token_type": "urn:ietf:params:oauth:token-type:access_token",
            "audience": self._account,
            "subject_token": token,
            "subject_token_type": "urn:ietf:params:oauth:token-type:id_token",
        }
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        request = Request("POST", f"{self._url}/oauth/token", headers, urlencode(fields).encode())
        try:
            answer = self._http.send(request, deadline, lambda body: isinstance(body.get("access_token"), str))
        except ApiError as error:
            advice = messages.FEDERATION_ADVICE if error.is_refusal else error.advice
            raise CredentialError(
                messages.NO_TOKEN, error, owner=self._owner, cause=error.reason, advice=advice
            ) from None
        seconds = answer.body.get("expires_in")
        if isinstance(seconds, (int, float)):
            self._expires_at = deadline.now() + seconds - _EXPIRY_MARGIN
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
    workload = {**_ACCOUNT, **_IDENTITY}
    given = [_Source(name, options[name], name) for name in CREDENTIAL_OPTIONS if options.get(name) is not None]
    identities = [name for name in _IDENTITY if options.get(name) is not None]
    in_options = [name for name in workload if options.get(name) is not None]
    names = [source.name for source in given] + (identities or in_options[:1])
    if len(names) > 1:
        raise InputError(messages.TWO_CREDENTIALS, names=" and ".join(names))
    if not given and not in_options:
        given = [_Source(option, environ[name], name) for name, option in _VARIABLES if environ.get(name)]
    if not given and (in_options or any(environ.get(name) for name in workload.values())):
        return _workload_identity(options, environ, endpoint, http)
    if not given:
        return InstanceMetadata(http, environ.get("YC_METADATA_ADDR") or _METADATA_ADDRESS)
    option, value, name = given[0]
    if option == "iam_token":
        http.secrets.add(value)
        return StaticToken(value, name)
    if option == "service_account_key_file":
        value, name = _read_key_file(Path(value).expanduser(), warn), f"{name} {value}"
    return ServiceAccountKey(http, endpoint, value, name)


def _workload_identity(
    options: Mapping[str, Any], environ: Mapping[str, str], endpoint: Endpoint, http: Http
) -> WorkloadIdentity:
    """Return the credential for the two parts of a workload identity.

    :raises InputError: one of them is missing or invalid
    """
    account, identity = (_part(part, options, environ) for part in (_ACCOUNT, _IDENTITY))
    if account is None or identity is None:
        given = account or identity
        missing = "service_account_id" if account is None else "identity_token_file or identity_token"
        raise InputError(messages.ONE_PART, given=given.name if given else "", missing=missing)
    host = options.get("auth_endpoint")
    url = parse_endpoint(host).exact_url if host else endpoint.base_url or f"https://{DEFAULT_AUTH_ENDPOINT}"

    def read() -> str:
        if identity.option == "identity_token":
            return _checked_jwt(identity.value, identity.name)
        return _checked_jwt(_read_token_file(Path(identity.value).expanduser()), f"{identity.name} {identity.value}")

    return WorkloadIdentity(http, url, account.value, read)


def _part(names: Mapping[str, str], options: Mapping[str, Any], environ: Mapping[str, str]) -> _Source | None:
    """Return a part of a workload identity; None: it is not set."""
    given = [_Source(option, options[option], option) for option in names if options.get(option) is not None]
    given += [_Source(option, environ[name], name) for option, name in names.items() if environ.get(name)]
    return given[0] if given else None


def _checked_jwt(token: str, source: str) -> str:
    """Return a JWT without the white space around it.

    :raises InputError: it is none; the message does not show it
    """
    if not _JWT.fullmatch(token.strip()) or _decoded(token.strip().split(".")[0]) is None:
        raise InputError(messages.NO_JWT, source=source)
    return token.strip()


def _claims(token: str) -> list[str]:
    """Return the texts in the claims of a JWT."""
    claims = _decoded(token.split(".")[1]) or {}
    return [str(value) for value in claims.values() if isinstance(value, str)]


def _decoded(part: str) -> dict[str, Any] | None:
    """Return the JSON object in a part of a JWT; None: it contains none."""
    try:
        value = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _read_token_file(file: Path) -> str:
    """Return the text of an identity token file.

    :raises InputError: it cannot be read
    """
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        cause = getattr(error, "strerror", None) or "it is not text"
        raise InputError(messages.TOKEN_FILE_NOT_READABLE, file=file, cause=cause) from None


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
