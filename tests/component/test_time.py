# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One deadline limits the whole task, clocks that jump have no effect, and expired tokens are renewed."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from email.utils import formatdate
from typing import Any

import pytest
from support.raw_server import CHANGE, LIST, POLL, READ, TOKEN, Exchange, RawServer, dribble, late, page
from support.world import Report, World, perform

from sandbox.calls import Call
from sandbox.faults import FOREVER

WAIT = 2
"""Real seconds: `wait_timeout` of the tests in real time."""

SLACK = 2.0
"""Real seconds: a request that starts just before the deadline has one second, and this machine can be busy."""

# The deadline, by the real clock: the client would wait for half a minute for a response

HANGS: dict[str, Callable[[Exchange], None]] = {
    "silence": late(60),
    "single bytes": dribble(b" " * 9999, 0.05, head=b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n"),
    "Retry-After": page(b"{}", "429 Too Many Requests", "Retry-After: 1"),
}
LIMITS = {"single bytes": 2 * WAIT}
"""Maximum seconds of a task, if it is not wait_timeout. Single bytes can hold a request for twice its timeout."""

STEPS = {"token": TOKEN, "read": READ, "list": LIST, "change": CHANGE, "poll": POLL, "read again": READ}


def test_no_hanging_response_outlasts_wait_timeout(world: World) -> None:
    """All cases at once, because each of them takes the whole time."""
    world.sandbox.behaviour.missing_response = True
    # Each operation is polled before it ends, also on a busy machine.
    world.sandbox.behaviour.operation_seconds = 0.7 * world.clock.factor
    world.sandbox.behaviour.exclusive = False
    cases = [(step, how) for step in STEPS for how in HANGS]
    names = [f"mirror-{number}" for number in range(len(cases))]
    for name in names:
        world.sandbox.cloud.add_connector(world.cluster_id, name)
    with ThreadPoolExecutor(len(cases)) as pool:
        results = list(pool.map(lambda case, name: hang(world, *case, name), cases, names))
    for (step, how), (seconds, report) in zip(cases, results):
        assert report.failed, (step, how)
        assert report.changed is (step in ("poll", "read again")), (step, how, report)
        assert WAIT - 1.5 < seconds < LIMITS.get(how, WAIT) + SLACK, (step, how, report)


def hang(world: World, step: str, how: str, name: str) -> tuple[float, Report]:
    """Pause a connector through a server of its own that hangs at one step."""
    options: dict[str, Any] = {"names": [name]} if step == "list" else {"name": name}
    if step == "token":
        options["service_account_key"] = world.key
    with RawServer(world.sandbox.url) as server:
        when = (lambda: bool(world.operations(name=name))) if step == "read again" else (lambda: True)
        server.on(STEPS[step], HANGS[how], times=FOREVER, when=when)
        task = {**world.task(**options), "endpoint": server.url}
        start = time.monotonic()
        report = perform({**task, "wait_timeout": WAIT, "request_retries": 100})
        return time.monotonic() - start, report


@pytest.mark.parametrize("credential", ["token", "key"])
def test_operation_without_end_ends_in_a_timeout(world: World, credential: str) -> None:
    world.sandbox.behaviour.operation_seconds = 10_000
    options = {"service_account_key": world.key} if credential == "key" else {}
    report = world.perform(wait_timeout=60, **options)
    assert 60 <= report.seconds <= 65 + 10
    assert report.changed
    operation = world.operations()[0].id
    assert f"timed out after 60 s. Operation {operation} has not finished and continues on the service" in report.msg
    assert report.msg.endswith(f"operation_info -a 'operation_id={operation} wait=true'")


@pytest.mark.parametrize("enough", [False, True], ids=["60 s", "120 s"])
def test_conflict_operation_and_verification_share_one_deadline(world: World, enough: bool) -> None:
    """Each of them is shorter than wait_timeout, but all together take 75 seconds."""
    world.reset("mirror", "other")
    world.sandbox.behaviour.operation_seconds = 25
    world.sandbox.behaviour.stale_seconds = 25
    world.sandbox.cloud.begin("resume", world.cluster_id, "other")
    report = world.perform(wait_timeout=120 if enough else 60)
    assert report.failed is not enough, report
    assert report.changed
    assert enough or 55 <= report.seconds <= 65 + 10


def test_several_connectors_share_one_deadline(world: World) -> None:
    names = [f"mirror-{number}" for number in range(6)]
    world.reset(*names)
    world.sandbox.behaviour.operation_seconds = 25
    report = world.perform(names=names, wait_timeout=60)
    assert report.failed
    assert report.changed
    assert 55 <= report.seconds <= 65 + 15
    started = {operation.connector_name for operation in world.operations()}
    failed = {entry["name"]: entry["msg"] for entry in report["failed_connectors"]}
    assert started | failed.keys() == set(names)
    assert set(report["affected"]) == started
    for name in failed.keys() - started:
        assert "run the task again" in failed[name].lower() or "run again" in failed[name].lower()


# Clocks


@pytest.mark.parametrize("jump", [-86400 * 365, -3600, 3600, 86400 * 365])
def test_system_clock_that_jumps_has_no_effect(world: World, monkeypatch: pytest.MonkeyPatch, jump: float) -> None:
    real = time.time
    world.sandbox.behaviour.operation_seconds = 20
    with monkeypatch.context() as patched:
        wall = [0.0]
        patched.setattr("time.time", lambda: real() + wall[0])

        def set_clock(call: Call) -> None:
            wall[0] = jump

        world.sandbox.on_request("Pause", set_clock)
        report = world.perform(wait_timeout=100)
    assert not report.failed, report
    assert report.seconds < 60


@pytest.mark.parametrize("ahead", [-86400, 86400])
def test_date_in_retry_after_is_compared_with_the_clock_of_the_service(
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


# Tokens


def expire_at(world: World, rpc: str, number: int = 1) -> None:
    """Let the current token expire at the nth call of an rpc."""

    def hook(call: Call) -> None:
        if len(world.sandbox.requests_of(rpc)) == number:
            world.sandbox.expire(call.headers["authorization"].removeprefix("Bearer "))

    world.sandbox.on_request(rpc, hook)


@pytest.mark.parametrize(
    ("rpc", "number"),
    [
        pytest.param("Connector.Get", 1, id="read"),
        pytest.param("Pause", 1, id="pause"),
        pytest.param("Operation.Get", 1, id="first poll"),
        pytest.param("Operation.Get", 3, id="third poll"),
        pytest.param("Connector.Get", 2, id="second read"),
    ],
)
@pytest.mark.parametrize("credential", ["key", "metadata"])
def test_expired_token_is_renewed(world: World, credential: str, rpc: str, number: int) -> None:
    world.end_operations_at_poll(4)
    world.sandbox.behaviour.missing_response = True
    expire_at(world, rpc, number)
    report = with_credential(world, credential)
    assert not report.failed, report
    assert report.changed
    assert len(world.operations()) == 1
    tokens = {call.headers["authorization"] for call in world.sandbox.requests if "authorization" in call.headers}
    assert len(tokens) == 2


def test_repeatedly_expired_token_is_renewed_each_time(world: World) -> None:
    world.sandbox.behaviour.operation_seconds = 60
    world.sandbox.behaviour.token_lifetime = 10
    report = with_credential(world, "metadata")
    assert not report.failed, report
    assert len(world.sandbox.metadata.requests) > 3


def with_credential(world: World, credential: str) -> Report:
    if credential == "key":
        return world.perform(service_account_key=world.key)
    return world.perform({"YC_METADATA_ADDR": world.sandbox.metadata_address}, no_credential=True)


def test_temporary_error_of_a_new_token_does_not_end_the_wait(world: World) -> None:
    world.sandbox.behaviour.operation_seconds = 30
    expire_at(world, "Operation.Get")
    world.sandbox.faults.abort("IamToken.Create", "UNAVAILABLE", times=4, when=lambda call: bool(world.operations()))
    report = world.perform(service_account_key=world.key, request_retries=0)
    assert not report.failed, report
    assert report.changed


@pytest.mark.parametrize(("rpc", "continues"), [("Operation.Get", True), ("Connector.Get", False)])
def test_expired_static_token_is_reported(world: World, rpc: str, continues: bool) -> None:
    world.end_operations_at_poll(3)
    world.sandbox.behaviour.missing_response = True
    expire_at(world, rpc, 2)
    report = world.perform()
    (operation,) = world.operations()
    assert report.failed
    assert report.changed
    assert report["operation"]["id"] == operation.id
    assert "the IAM token from iam_token is invalid or expired (HTTP 401)" in report.msg
    assert report.msg.endswith("Get a new one: yc iam create-token")
    assert (f"Operation {operation.id} continues on the service" in report.msg) is continues
