# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Workload identity federation: a JWT that the sandbox verifies for real becomes an IAM token."""

from __future__ import annotations

import json
from typing import Any

import pytest
from support.world import Report, World

from sandbox.issuer import Issuer

AUDIENCE = "https://example.com/kafka"


@pytest.fixture
def issuer(world: World) -> Issuer:
    return world.sandbox.issuer("kubernetes")


@pytest.fixture
def account(world: World, issuer: Issuer) -> str:
    return world.sandbox.federate(issuer, audience=AUDIENCE)


def perform(world: World, **options: Any) -> Report:
    return world.perform(no_credential=True, **options)


def exchanges(world: World) -> int:
    return len(world.sandbox.requests_of("OAuth.Exchange"))


@pytest.mark.parametrize("system", ["github", "gitlab", "kubernetes"])
def test_jwt_of_each_platform_pauses_a_connector(world: World, system: str) -> None:
    issuer = world.sandbox.issuer(system)
    account = world.sandbox.federate(issuer, audience=AUDIENCE)
    report = perform(world, service_account_id=account, identity_token=issuer.token(audience=AUDIENCE))
    assert report.changed, report
    assert world.status() == "PAUSED"
    assert exchanges(world) == 1
    assert report.result["operation"]["created_by"] == account


def test_token_is_replaced_when_it_expires(world: World, issuer: Issuer, account: str) -> None:
    world.sandbox.behaviour.token_lifetime = 160
    world.sandbox.behaviour.operation_seconds = 150
    token = issuer.token(audience=AUDIENCE, lifetime=3600)
    report = perform(world, service_account_id=account, identity_token=token, wait_timeout=600)
    assert report.changed, report
    assert exchanges(world) == 2
    assert not [call for call in world.sandbox.requests if call.code == "UNAUTHENTICATED"]


@pytest.mark.parametrize("oauth_errors", [True, False], ids=["RFC 6749", "google.rpc.Status"])
@pytest.mark.parametrize("wrong", ["audience", "subject", "expired", "signature"])
def test_refused_jwt_fails_and_is_not_shown(
    world: World, issuer: Issuer, account: str, wrong: str, oauth_errors: bool
) -> None:
    world.sandbox.behaviour.oauth_errors = oauth_errors
    token = {
        "audience": lambda: issuer.token(audience="https://example.com/other"),
        "subject": lambda: issuer.token(audience=AUDIENCE, sub="system:serviceaccount:other:other"),
        "expired": lambda: issuer.token(audience=AUDIENCE, lifetime=-60),
        "signature": lambda: world.sandbox.issuer("kubernetes").token(audience=AUDIENCE),
    }[wrong]()
    report = perform(world, service_account_id=account, identity_token=token)
    assert report.failed
    assert not report.changed
    assert world.status() == "RUNNING"
    assert f"no IAM token for service account {account}" in report.msg
    assert "Check the federation" in report.msg
    shown = json.dumps(report.result)
    assert not [secret for secret in (token, token.split(".")[1], issuer.subject) if secret in shown]
    assert exchanges(world) == 1
