# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Service accounts and their roles, authorized keys, and IAM tokens."""

from __future__ import annotations

import base64
import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from sandbox.behaviour import Behaviour
from sandbox.status import Refused

PUBLIC_AUDIENCE = "https://iam.api.cloud.yandex.net/iam/v1/tokens"
LONGEST_JWT = 3600
CLOCK_SKEW = 60


@dataclass(frozen=True)
class Subject:
    id: str
    role: str
    """`editor` may do everything, `viewer` may read, and `none` may do nothing."""


NOBODY = Subject("", "none")


@dataclass
class _Token:
    subject: Subject
    expires_at: float


@dataclass(frozen=True)
class _Key:
    subject: Subject
    public_key: str


class Identity:
    def __init__(self, behaviour: Behaviour, clock: Callable[[], float], audience: str = PUBLIC_AUDIENCE) -> None:
        self.audience = audience
        self._behaviour = behaviour
        self._clock = clock
        self._lock = threading.Lock()
        self._tokens: dict[str, _Token] = {}
        self._keys: dict[str, _Key] = {}

    def issue(self, subject: Subject, lifetime: float | None = None) -> tuple[str, float]:
        """Return a new IAM token, and when the token expires."""
        expires_at = self._clock() + (self._behaviour.token_lifetime if lifetime is None else lifetime)
        token = f"t1.{secrets.token_urlsafe(96)}.{secrets.token_urlsafe(64)}"
        with self._lock:
            self._tokens[token] = _Token(subject, expires_at)
        return token, expires_at

    def expire(self, token: str) -> None:
        with self._lock:
            self._tokens[token].expires_at = self._clock()

    def authenticate(self, authorization: str) -> Subject:
        scheme, dummy, value = authorization.partition(" ")
        if scheme.lower() != "bearer":
            raise Refused("UNAUTHENTICATED", "Authentication credentials were not provided")
        with self._lock:
            token = self._tokens.get(value)
        if token is None or token.expires_at <= self._clock():
            raise Refused("UNAUTHENTICATED", "The token is invalid or has expired")
        return token.subject

    def create_key(self, role: str) -> dict[str, str]:
        """Return the authorized key of a new service account, as the vendor's CLI writes the key."""
        subject = new_subject(role)
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        private = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        ).decode()
        public = key.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        key_id = new_id("aje")
        with self._lock:
            self._keys[key_id] = _Key(subject, public.decode())
        return {
            "id": key_id,
            "service_account_id": subject.id,
            "created_at": datetime.fromtimestamp(self._clock(), timezone.utc).isoformat().replace("+00:00", "Z"),
            "key_algorithm": "RSA_2048",
            "public_key": public.decode(),
            # Newer key files start with such a line. A client must skip the line.
            "private_key": f"PLEASE DO NOT REMOVE THIS LINE! Sandbox Authorized Key ID <{key_id}>\n{private}",
        }

    def exchange(self, signed: str) -> tuple[str, float]:
        """Return an IAM token for a JWT that an authorized key has signed, and when the token expires."""
        try:
            return self.issue(self._verify(signed))
        except (jwt.InvalidTokenError, TypeError) as error:  # A claim of the wrong type is a TypeError.
            raise Refused("UNAUTHENTICATED", f"JWT is not valid: {error}") from error

    def _verify(self, signed: str) -> Subject:
        header = jwt.get_unverified_header(signed)
        if header.get("typ") != "JWT":
            raise jwt.InvalidTokenError("typ must be JWT")
        with self._lock:
            key = self._keys.get(header.get("kid", ""))
        if key is None:
            raise jwt.InvalidTokenError("kid is not a known key")
        claims = jwt.decode(
            signed,
            key.public_key,
            algorithms=["PS256"],
            audience=self.audience,
            issuer=key.subject.id,
            # The sandbox's own clock decides about times.
            options={"require": ["iss", "aud", "iat", "exp"], "verify_exp": False, "verify_iat": False},
        )
        if not 0 < claims["exp"] - claims["iat"] <= LONGEST_JWT:
            raise jwt.InvalidTokenError(f"exp must be at most {LONGEST_JWT} seconds after iat")
        check_times(claims, self._clock())
        return key.subject


def check_times(claims: dict[str, Any], now: float) -> None:
    """Raise an error if a JWT is not valid yet, or has expired."""
    for name in ("iat", "nbf"):
        if claims.get(name, 0) > now + CLOCK_SKEW:
            raise jwt.ImmatureSignatureError(f"{name} is in the future")
    if claims["exp"] <= now:
        raise jwt.ExpiredSignatureError("exp is in the past")


def new_id(prefix: str) -> str:
    """Return a new ID in the form of the cloud: twenty characters. The first three name the service."""
    return prefix + base64.b32hexencode(secrets.token_bytes(11)).decode().lower()[:17]


def new_subject(role: str) -> Subject:
    return Subject(new_id("aje"), role)
