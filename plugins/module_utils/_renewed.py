# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Credentials that get IAM tokens by themselves, and get another one when the service no longer takes the first."""

from __future__ import annotations

import json
import re
import stat
import time
from collections.abc import Mapping
from pathlib import Path
from threading import Lock
from typing import Any
from urllib.parse import urlsplit

from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._auth import FOUR_WAYS, check_token
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._client import Client
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._errors import (
    ApiError,
    InputError,
    LibraryMissingError,
)

METADATA_ADDRESS = "169.254.169.254"


_METADATA_PATH = "/computeMetadata/v1/instance/service-accounts/default/token"


_METADATA_TIMEOUT = 1.0


# the API takes a JWT that lives at most this many seconds
_JWT_LIFETIME = 3600


_KEY_PARTS = ("id", "service_account_id", "private_key")


_PEM = re.compile(r"-----BEGIN (?:RSA )?PRIVATE KEY-----.*?-----END (?:RSA )?PRIVATE KEY-----", re.DOTALL)


class RenewedToken:
    """An IAM token that is got when it is first needed, and again when the service no longer takes it.

    :param client: through which requests are sent; it learns the tokens, so as not to show them
    """

    description = "the service account of the credential must exist and be active"

    def __init__(self, client: Client) -> None:
        self._client = client
        self._token = ""
        self._lock = Lock()

    def token(self) -> str:
        """Return the token; get one if there is none.

        :raises Error: none was to be had
        """
        with self._lock:
            if not self._token:
                self._token = check_token(self._get(), "the answer")
                self._client.secrets.add(self._token)
            return self._token

    def renew(self, failed: str) -> bool:
        """Forget a token that the service no longer takes; return True."""
        with self._lock:
            if self._token == failed:
                self._token = ""
        return True

    def _get(self) -> str:
        raise NotImplementedError


class ServiceAccountKey(RenewedToken):
    """IAM tokens for a service account, by its authorized key.

    :param key: as in a key file of the vendor's CLI
    """

    def __init__(self, client: Client, key: Mapping[str, str]) -> None:
        super().__init__(client)
        self._key = key
        try:
            # only who has such a key needs the library, and pays for importing it
            import jwt
            import jwt.algorithms
        except ImportError:
            raise LibraryMissingError("PyJWT") from None
        if not jwt.algorithms.has_crypto:
            raise LibraryMissingError("cryptography")
        self._jwt = jwt
        self._private_key: Any = key["private_key"]
        try:
            # read once: that takes far longer than to sign
            self._private_key = jwt.algorithms.get_default_algorithms()["PS256"].prepare_key(self._private_key)
        except Exception:
            # whatever the libraries say of the key could show a part of it
            raise InputError("private_key of the service account key cannot sign", _KEY_ADVICE) from None
        # a key that cannot sign is refused here, before anything is sent
        self._sign()

    @classmethod
    def from_file(cls, client: Client, file: str, source: str) -> ServiceAccountKey:
        """Return the credential for a key file; its text is looked at as by ``from_text``.

        :raises InputError: it cannot be read
        """
        return cls.from_text(client, read_key_file(Path(file).expanduser(), client.warnings), f"{source} {file}")

    @classmethod
    def from_text(cls, client: Client, text: str, source: str) -> ServiceAccountKey:
        """Return the credential for a key as JSON.

        :param source: where it comes from, for messages
        :raises InputError: it is no such key; nothing of it is shown
        :raises LibraryMissingError: PyJWT and cryptography are needed
        """
        client.secrets.update(secret for secret in (text, text.strip()) if secret)
        key = parse_key(text, source)
        client.secrets.update(key_secrets(key))
        return cls(client, key)

    def _sign(self) -> str:
        """Return a JWT, signed with the key.

        Source: the API's guide to IAM tokens for service accounts (PS256, ``kid``, at most an hour).
        """
        now = int(time.time())
        claims = {
            "iss": self._key["service_account_id"],
            "aud": self._client.endpoint.token_audience,
            "iat": now,
            "exp": now + _JWT_LIFETIME,
        }
        try:
            return self._jwt.encode(claims, self._private_key, algorithm="PS256", headers={"kid": self._key["id"]})
        except Exception:
            # as above
            raise InputError("private_key of the service account key cannot sign", _KEY_ADVICE) from None

    def _get(self) -> str:
        signed = self._sign()
        self._client.secrets.add(signed)
        try:
            answer = self._client.send(
                "POST",
                self._client.endpoint.url("iam") + "/iam/v1/tokens",
                body={"jwt": signed},
                expected=lambda body: isinstance(body.get("iamToken"), str),
            )
        except ApiError as error:
            # nothing of managed-kafka is lost with an answer of iam
            error.lost = False
            error.of_credential = True
            if error.http_status and not error.transient:
                error.advice = f"Check that the service account is active and its key still there. {_KEY_ADVICE}"
            raise error.during(f"get an IAM token for the service account {self._key['service_account_id']}") from None
        token: str = answer.body["iamToken"]
        return token


class InstanceMetadata(RenewedToken):
    """IAM tokens for the service account of the instance that this runs on.

    :param address: host, perhaps with a port, of the metadata service; None: the usual one
    """

    def __init__(self, client: Client, address: str | None = None) -> None:
        super().__init__(client)
        address = address or METADATA_ADDRESS
        if not re.fullmatch(r"[-.a-zA-Z0-9]+(:[0-9]+)?", address):
            raise InputError(f"YC_METADATA_ADDR is not a host: {address[:60]!r}")
        self._url = f"http://{address}{_METADATA_PATH}"

    def _get(self) -> str:
        try:
            answer = self._client.send(
                "GET",
                self._url,
                headers={"Metadata-Flavor": "Google"},
                expected=lambda body: isinstance(body.get("access_token"), str),
                timeout=_METADATA_TIMEOUT,
                proxies=False,
                # off the cloud nobody answers there: that is no passing trouble
                retries=0,
            )
        except ApiError as error:
            error.of_credential = True
            error.advice = FOUR_WAYS
            raise error.during(
                f"find a credential: none is set, and the metadata service at {urlsplit(self._url).netloc} gave none"
            ) from None
        token: str = answer.body["access_token"]
        return token


_KEY_ADVICE = "Create one with: yc iam key create --service-account-name NAME --output key.json"


def parse_key(text: str, source: str) -> dict[str, str]:
    """Return the parts of a service account key.

    :param text: JSON as the vendor's CLI writes it
    :param source: where it comes from, for the message
    :raises InputError: it is not such a key; nothing of it is shown
    """
    try:
        key = json.loads(text)
    except (ValueError, RecursionError):
        raise InputError(f"{source} is not JSON", _KEY_ADVICE) from None
    if not isinstance(key, dict):
        raise InputError(f"{source} is not a JSON object", _KEY_ADVICE)
    missing = [part for part in _KEY_PARTS if not (isinstance(key.get(part), str) and key[part].strip())]
    if missing:
        raise InputError(f"{source} is not a service account key: it lacks {', '.join(missing)}", _KEY_ADVICE)
    # newer key files have a line of text before the key itself
    pem = _PEM.search(key["private_key"])
    if not pem:
        raise InputError(f"{source} holds no private key in PEM form", _KEY_ADVICE)
    return {**{part: key[part].strip() for part in _KEY_PARTS}, "private_key": pem.group(0) + "\n"}


def read_key_file(file: Path, warnings: list[str]) -> str:
    """Return the text of a key file; warn when others may read it.

    :raises InputError: it cannot be read
    """
    try:
        mode = file.stat().st_mode
        text = file.read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "it is not text"
        raise InputError(f"the service account key file {file} cannot be read: {reason}", _KEY_ADVICE) from None
    if mode & (stat.S_IRGRP | stat.S_IROTH):
        warnings.append(f"The service account key file {file} can be read by other users: chmod 600 it.")
    return text


def key_secrets(key: Mapping[str, str]) -> set[str]:
    """Return the private key as it may turn up: whole, and the lines of its body by themselves."""
    pem = key["private_key"].strip()
    return {pem, json.dumps(pem)[1:-1], *(line for line in pem.splitlines() if len(line) >= 16 and "-----" not in line)}
