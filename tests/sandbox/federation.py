# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Workload identity federation: which subject of which issuer may act as which service account."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import jwt

from sandbox.identity import Identity, Subject, check_times, new_id, new_subject
from sandbox.issuer import ALGORITHM, Issuer
from sandbox.status import Refused


@dataclass(frozen=True)
class _Federation:
    id: str
    issuer: Issuer
    audiences: tuple[str, ...]


@dataclass
class _Account:
    subject: Subject
    bindings: set[tuple[str, str]] = field(default_factory=set)
    """Federation ID and `sub` claim."""


class Federations:
    def __init__(self, identity: Identity, clock: Callable[[], float]) -> None:
        self._identity = identity
        self._clock = clock
        self._lock = threading.Lock()
        self._federations: dict[str, _Federation] = {}
        self._accounts: dict[str, _Account] = {}

    def add(self, issuer: Issuer, audiences: Iterable[str]) -> str:
        """Trust the identity tokens of an issuer for these audiences. Return the ID of the federation."""
        federation = _Federation(new_id("aje"), issuer, tuple(audiences))
        with self._lock:
            self._federations[federation.id] = federation
        return federation.id

    def bind(
        self, federation_id: str, subject: str, *, role: str = "editor", service_account_id: str | None = None
    ) -> str:
        """Let a subject of a federation act as a service account. Return the ID of the service account.

        :param service_account_id: an account that another call has returned. Without it, the account is a new one
        """
        with self._lock:
            if service_account_id is None:
                account = _Account(new_subject(role))
                self._accounts[account.subject.id] = account
            else:
                account = self._accounts[service_account_id]
            account.bindings.add((federation_id, subject))
        return account.subject.id

    def exchange(self, identity_token: str, service_account_id: str) -> tuple[str, float]:
        """Return an IAM token of a service account, and when the token expires."""
        with self._lock:
            account = self._accounts.get(service_account_id)
            if account is None:
                raise Refused("NOT_FOUND", f"Service account {service_account_id} not found")
            federations = [self._federations[federation_id] for federation_id, dummy in account.bindings]
        try:
            federation, subject = self._verify(identity_token, federations)
        except (jwt.PyJWTError, TypeError) as error:  # A claim of the wrong type is a TypeError.
            raise Refused("UNAUTHENTICATED", f"The subject token is not valid: {error}") from error
        if (federation.id, subject) not in account.bindings:
            raise Refused("PERMISSION_DENIED", f"The subject is not bound to service account {service_account_id}")
        return self._identity.issue(account.subject)

    def _verify(self, identity_token: str, federations: list[_Federation]) -> tuple[_Federation, str]:
        issuer = jwt.decode(identity_token, options={"verify_signature": False}).get("iss")
        federation = next((known for known in federations if known.issuer.url == issuer), None)
        if federation is None:
            raise jwt.InvalidIssuerError("iss is not the issuer of a federation of the service account")
        key_id = jwt.get_unverified_header(identity_token).get("kid")
        published = jwt.PyJWKSet.from_dict(federation.issuer.jwks()).keys
        key = next((known for known in published if known.key_id == key_id), None)
        if key is None:
            raise jwt.InvalidKeyError("kid is not a key of the issuer")
        claims = jwt.decode(
            identity_token,
            key.key,
            algorithms=[ALGORITHM],
            audience=federation.audiences,
            issuer=federation.issuer.url,
            # The sandbox's own clock decides about times.
            options={
                "require": ["iss", "sub", "aud", "iat", "exp"],
                "verify_exp": False,
                "verify_iat": False,
                "verify_nbf": False,
            },
        )
        check_times(claims, self._clock())
        return federation, claims["sub"]
