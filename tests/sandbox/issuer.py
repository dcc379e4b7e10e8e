# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Issuers of identity tokens: CI systems and Kubernetes clusters, with the claims that the real systems issue."""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

ALGORITHM = "RS256"
"""GitHub Actions, GitLab and Kubernetes sign with this algorithm."""


@dataclass(frozen=True)
class System:
    """A system that issues identity tokens."""

    url: str
    subject: str
    """The `sub` claim. A service account is bound to it."""

    lifetime: int
    claims: Mapping[str, Any]
    """Claims that only this system issues."""

    lists_audiences: bool = False
    """The `aud` claim is a list also if it contains one audience."""


SYSTEMS = {
    "github": System(
        url="https://token.actions.githubusercontent.com",
        subject="repo:example/kafka:ref:refs/heads/main",
        lifetime=300,
        claims={
            "actor": "operator",
            "event_name": "workflow_dispatch",
            "job_workflow_ref": "example/kafka/.github/workflows/pause.yml@refs/heads/main",
            "ref": "refs/heads/main",
            "ref_type": "branch",
            "repository": "example/kafka",
            "repository_owner": "example",
            "repository_visibility": "private",
            "run_attempt": "1",
            "run_id": "1234567890",
            "runner_environment": "github-hosted",
            "workflow": "Pause connectors",
        },
    ),
    "gitlab": System(
        url="https://gitlab.com",
        subject="project_path:example/kafka:ref_type:branch:ref:main",
        lifetime=3600,
        claims={
            "job_id": "302",
            "namespace_id": "72",
            "namespace_path": "example",
            "pipeline_id": "574",
            "pipeline_source": "web",
            "project_id": "20",
            "project_path": "example/kafka",
            "ref": "main",
            "ref_protected": "true",
            "ref_type": "branch",
            "runner_environment": "self-hosted",
            "user_email": "operator@example.com",
            "user_login": "operator",
        },
    ),
    "kubernetes": System(
        url="https://kubernetes.default.svc.cluster.local",
        subject="system:serviceaccount:automation:ansible",
        lifetime=3600,
        claims={
            "kubernetes.io": {
                "namespace": "automation",
                "node": {"name": "node-1", "uid": "5a1d3f1e-0a4b-4a86-9f4a-0c3a8f0d1b11"},
                "pod": {"name": "ansible-7d9c", "uid": "b7f2b6a0-2f3e-4f0c-8c55-6d1f5f6d7e22"},
                "serviceaccount": {"name": "ansible", "uid": "c1e8e1b4-7a52-4a0e-9d0e-3f2a4c5b6d33"},
            },
        },
        lists_audiences=True,
    ),
}


class Issuer:
    """Signs identity tokens of one system, and publishes the key that verifies them.

    :param system: `github`, `gitlab`, or `kubernetes`
    :param url: the `iss` claim, if it is not the usual one of the system
    """

    def __init__(self, system: str, *, url: str | None = None, clock: Callable[[], float] = time.time) -> None:
        self._system = SYSTEMS[system]
        self._clock = clock
        self.url = url or self._system.url
        self.subject = self._system.subject
        self.rotate()

    def rotate(self) -> None:
        """Replace the key. Tokens that the old key signed are no longer valid."""
        self._key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self._key_id = uuid.uuid4().hex

    def jwks(self) -> dict[str, Any]:
        """Return the published keys, in the form of RFC 7517."""
        key = json.loads(RSAAlgorithm.to_jwk(self._key.public_key()))
        return {"keys": [{**key, "kid": self._key_id, "use": "sig", "alg": ALGORITHM}]}

    def token(self, audience: str, *, lifetime: float | None = None, **claims: Any) -> str:
        """Return a new identity token.

        :param lifetime: seconds, if it is not the usual one of the system
        :param claims: claims that replace the usual ones. A claim that is None is left out
        """
        now = int(self._clock())
        payload = {
            "iss": self.url,
            "sub": self.subject,
            "aud": [audience] if self._system.lists_audiences else audience,
            "iat": now,
            "nbf": now,
            "exp": now + int(self._system.lifetime if lifetime is None else lifetime),
            "jti": str(uuid.uuid4()),
            **self._system.claims,
            **claims,
        }
        present = {name: value for name, value in payload.items() if value is not None}
        return jwt.encode(present, self._key, ALGORITHM, {"kid": self._key_id})
