# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Workload identity federation: a JWT that the sandbox verifies for real becomes an IAM token."""

from __future__ import annotations

import json
from pathlib import Path
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


def perform(world: World, environ: dict[str, str] | None = None, **options: Any) -> Report:
    return world.perform(environ, no_credential=True, **options)


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


def test_parts_come_from_options_and_environment(world: World, issuer: Issuer, account: str, tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text(f"{issuer.token(audience=AUDIENCE)}\n")
    empty = {"YC_IAM_TOKEN": "", "YC_TOKEN": "", "YC_SERVICE_ACCOUNT_KEY_FILE": "", "YC_SERVICE_ACCOUNT_KEY": ""}
    environ = {**empty, "YC_WORKLOAD_SA_ID": account, "YC_WORKLOAD_TOKEN_FILE": str(file), "YC_WORKLOAD_TOKEN": ""}
    assert not perform(world, environ).failed
    assert not perform(world, {"YC_WORKLOAD_TOKEN_FILE": str(file)}, service_account_id=account).failed
    assert not perform(world, {"YC_WORKLOAD_SA_ID": account}, identity_token_file=str(file)).failed


def test_file_is_read_again_before_each_exchange(world: World, issuer: Issuer, account: str, tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text(issuer.token(audience=AUDIENCE))
    replaced: list[str] = []

    def expire(call: Any) -> None:
        if not replaced:
            # The platform replaces the JWT, and the old one must not be used again.
            replaced.append(issuer.token(audience=AUDIENCE, lifetime=600))
            file.write_text(replaced[0])
            world.sandbox.expire(call.headers["authorization"].removeprefix("Bearer "))

    world.sandbox.on_request("Pause", expire, after=True)
    report = perform(world, service_account_id=account, identity_token_file=str(file))
    assert report.changed, report
    assert exchanges(world) == 2


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


def test_temporary_errors_of_the_exchange_are_retried(world: World, issuer: Issuer, account: str) -> None:
    world.sandbox.faults.abort("OAuth.Exchange", "UNAVAILABLE", times=2)
    report = perform(world, service_account_id=account, identity_token=issuer.token(audience=AUDIENCE))
    assert report.changed, report
    assert exchanges(world) == 3


@pytest.mark.parametrize(
    ("options", "msg"),
    [
        pytest.param({"identity_token": "J"}, "identity_token is set without service_account_id.", id="no account"),
        pytest.param({"service_account_id": "aje"}, "service_account_id is set without identity_token", id="no token"),
        pytest.param(
            {"service_account_id": "aje", "identity_token": "J", "identity_token_file": "/token"},
            "identity_token_file and identity_token are two different credentials.",
            id="two tokens",
        ),
        pytest.param({"service_account_id": "aje", "identity_token": "word"}, "contains no JWT", id="no JWT"),
        pytest.param(
            {"service_account_id": "aje", "identity_token_file": "/does/not/exist"},
            "annot read /does/not/exist: No such file or directory.",
            id="unreadable file",
        ),
        pytest.param({"service_account_id": "aje", "identity_token_file": "/dev/null"}, "contains no JWT", id="empty"),
    ],
)
def test_bad_input_fails_before_any_request(world: World, options: dict[str, str], msg: str) -> None:
    options = {name: "a.b.c" if value == "J" else value for name, value in options.items()}
    report = perform(world, {"YC_METADATA_ADDR": world.sandbox.metadata_address}, **options)
    assert report.failed
    assert msg in report.msg
    assert not world.sandbox.requests
