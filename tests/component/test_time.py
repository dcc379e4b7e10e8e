# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One deadline covers everything, whatever hangs; clocks that jump do no harm; tokens that expire are renewed."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from email.utils import formatdate
from typing import Any

import pytest
from support.world import Report, World, perform
from support.raw_server import CHANGE, LIST, POLL, READ, TOKEN, Exchange, RawServer, dribble, late, page

from sandbox.calls import Call
from sandbox.faults import FOREVER

WAIT = 2
"""Real seconds: `wait_timeout` where the time is not a fast one."""

SLACK = 2.0
"""A try that begins just before the end has a second to itself; the rest is for a busy machine."""


# The deadline, by the clock on the wall: whatever hangs, and a client that would wait for half a minute.

NEVER: dict[str, Callable[[Exchange], None]] = {
    "silence": late(60),
    "a head that dribbles": dribble(b"HTTP/1.1 200 OK\r\nX-Never-Ending: " + b"x" * 10_000, 0.05),
    "a body that dribbles": dribble(b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n" + b" " * 9999, 0.05),
    "Retry-After": page(b"{}", "429 Too Many Requests", "Retry-After: 1"),
}


STEPS = [TOKEN, READ, LIST, CHANGE, POLL, "re-read"]


def test_nothing_outlasts_wait_timeout(world: World) -> None:
    """All of them at once: each takes the whole time that it may."""
    world.sandbox.behaviour.missing_response = True
    # long enough for each to be polled, on a busy machine too
    world.sandbox.behaviour.operation_seconds = 0.7
    world.sandbox.behaviour.exclusive = False
    cases = [(step, how) for step in STEPS for how in NEVER]
    names = [f"mirror-{number}" for number in range(len(cases))]
    for name in names:
        world.sandbox.cloud.add_connector(world.cluster_id, name)
    with ThreadPoolExecutor(len(cases)) as pool:
        results = pool.map(lambda case, name: hang(world, *case, name), cases, names)
        for (step, how), (seconds, report) in zip(cases, results):
            assert report.failed, (step, how)
            assert report.changed is (step in (POLL, "re-read")), (step, how, report)
            assert WAIT - 1.5 < seconds < WAIT + SLACK, (step, how, report)


def hang(world: World, step: str, how: str, name: str) -> tuple[float, Report]:
    """Pause a connector by way of a server of its own, which answers nothing at one step."""
    options: dict[str, Any] = {"names": [name]} if step == LIST else {"name": name}
    if step == TOKEN:
        options["service_account_key"] = world.key
    again = step == "re-read"
    with RawServer(world.sandbox.url) as server:
        pattern, when = (READ, lambda: bool(world.operations(name=name))) if again else (step, lambda: True)
        server.on(pattern, NEVER[how], times=FOREVER, when=when)
        task = {**world.task(**options), "endpoint": server.url}
        began = time.monotonic()
        report = perform({**task, "wait_timeout": WAIT, "request_retries": 100})
        return time.monotonic() - began, report


@pytest.mark.parametrize("credential", ["token", "key"])
def test_an_operation_that_does_not_end(world: World, credential: str) -> None:
    world.sandbox.behaviour.operation_seconds = 10_000
    options = {"service_account_key": world.key} if credential == "key" else {}
    report = world.perform(wait_timeout=60, **options)
    assert 60 <= report.seconds <= 65 + 10
    assert report.changed
    assert f"operation {world.operations()[0].id} has not ended within 60 s (wait_timeout)" in report.msg
    assert "continues on the service" in report.msg


def test_conflicts_operation_and_verification_share_one_deadline(world: World) -> None:
    """None of them is longer than wait_timeout; all together are."""
    world.reset("mirror", "other")
    world.sandbox.behaviour.operation_seconds = 25
    world.sandbox.behaviour.stale_seconds = 25
    world.sandbox.cloud.begin("resume", world.cluster_id, "other")
    report = world.perform(wait_timeout=60)
    assert report.failed
    assert report.changed
    assert 55 <= report.seconds <= 65 + 10
    world.reset("mirror", "other")
    world.sandbox.behaviour.operation_seconds = 25
    world.sandbox.behaviour.stale_seconds = 25
    world.sandbox.cloud.begin("resume", world.cluster_id, "other")
    report = world.perform(wait_timeout=120)
    assert not report.failed, report


def test_many_share_one_deadline(world: World) -> None:
    names = [f"mirror-{number}" for number in range(6)]
    world.reset(*names)
    world.sandbox.behaviour.operation_seconds = 25
    report = world.perform(names=names, wait_timeout=60)
    assert report.failed
    assert report.changed
    assert 55 <= report.seconds <= 65 + 15
    begun = {operation.connector_name for operation in world.operations()}
    failed = {entry["name"]: entry["msg"] for entry in report.result["failed_connectors"]}
    assert begun | failed.keys() == set(names)
    for name in failed.keys() - begun:
        assert "run again" in failed[name].lower()


# Clocks.


@pytest.mark.parametrize("jump", [-86400 * 365, -3600, 3600, 86400 * 365])
def test_a_clock_that_jumps_does_no_harm(world: World, monkeypatch: pytest.MonkeyPatch, jump: float) -> None:
    real = time.time
    world.sandbox.behaviour.operation_seconds = 20
    with monkeypatch.context() as patched:
        wall = [0.0]
        patched.setattr("time.time", lambda: real() + wall[0])

        def set_the_clock(call: Call) -> None:
            wall[0] = jump

        world.sandbox.on_request("Pause", set_the_clock)
        report = world.perform(wait_timeout=100)
    assert not report.failed, report
    assert report.seconds < 60


@pytest.mark.parametrize("ahead", [-86400, 86400])
def test_a_date_to_retry_after_is_by_the_clock_of_the_service(
    world: World, monkeypatch: pytest.MonkeyPatch, ahead: float
) -> None:
    real = time.time

    def busy(exchange: Exchange) -> None:
        now = real()
        page(b"{}", "503 Busy", f"Date: {formatdate(now)}", f"Retry-After: {formatdate(now + 3)}")(exchange)

    world.server.on(CHANGE, busy)
    with monkeypatch.context() as patched:
        patched.setattr("time.time", lambda: real() + ahead)
        report = world.perform(wait_timeout=60)
    assert not report.failed, report
    assert 2 <= report.seconds < 30


# Tokens.


def expire_at(world: World, rpc: str, number: int = 1) -> None:
    """Let the token that is used expire when an rpc is asked for that often."""

    def hook(call: Call) -> None:
        if len(world.sandbox.requests_of(rpc)) == number:
            world.sandbox.expire(call.headers["authorization"].removeprefix("Bearer "))

    world.sandbox.on_request(rpc, hook)


@pytest.mark.parametrize(
    ("rpc", "number"),
    [("Connector.Get", 1), ("Pause", 1), ("Operation.Get", 1), ("Operation.Get", 3), ("Connector.Get", 2)],
)
@pytest.mark.parametrize("credential", ["key", "metadata"])
def test_a_token_that_expires_is_renewed(world: World, credential: str, rpc: str, number: int) -> None:
    world.sandbox.behaviour.operation_seconds = 10
    world.sandbox.behaviour.missing_response = True
    expire_at(world, rpc, number)
    report = with_credential(world, credential)
    assert not report.failed, report
    assert report.changed
    assert len(world.operations()) == 1
    tokens = {call.headers["authorization"] for call in world.sandbox.requests if "authorization" in call.headers}
    assert len(tokens) == 2


def test_a_token_that_expires_again_and_again(world: World) -> None:
    world.sandbox.behaviour.operation_seconds = 60
    world.sandbox.behaviour.token_lifetime = 10
    report = with_credential(world, "metadata")
    assert not report.failed, report
    assert len(world.sandbox.metadata.requests) > 3


def with_credential(world: World, credential: str) -> Report:
    if credential == "key":
        return world.perform(service_account_key=world.key)
    return world.perform({"YC_METADATA_ADDR": world.sandbox.metadata_address}, no_credential=True)


def test_trouble_with_a_new_token_ends_no_wait(world: World) -> None:
    world.sandbox.behaviour.operation_seconds = 30
    expire_at(world, "Operation.Get")
    world.sandbox.faults.abort("IamToken.Create", "UNAVAILABLE", times=4, when=lambda call: bool(world.operations()))
    report = world.perform(service_account_key=world.key, request_retries=0)
    assert not report.failed, report
    assert report.changed


@pytest.mark.parametrize(("rpc", "goes_on"), [("Operation.Get", True), ("Connector.Get", False)])
def test_a_static_token_that_expires_says_so(world: World, rpc: str, goes_on: bool) -> None:
    world.sandbox.behaviour.operation_seconds = 10
    world.sandbox.behaviour.missing_response = True
    expire_at(world, rpc, 2)
    report = world.perform()
    (operation,) = world.operations()
    assert report.failed
    assert report.changed
    assert report.result["operation"]["id"] == operation.id
    assert "The token has expired" in report.msg
    assert "service account key, which renews itself" in report.msg
    assert (f"Operation {operation.id} continues on the service" in report.msg) is goes_on


def test_a_token_that_was_never_taken_has_not_expired(world: World) -> None:
    report = world.perform(iam_token="t1.unknown.token")
    assert report.failed
    assert "The token has expired" not in report.msg
    assert "Check the credential" in report.msg
