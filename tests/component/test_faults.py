# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Each fault at each request of a pause: no change is sent twice, no accepted change is lost."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from faults.campaign import MAYBE, campaign
from support import raw_server
from support.raw_server import ANY, CHANGE, LIST, POLL, READ, TOKEN, Exchange, page
from support.world import Report, World

from sandbox.faults import FOREVER
from sandbox.operations import Operation

SEED = 1
RUNS = 25
TIMEOUT = 0.15
"""Real seconds: `request_timeout`."""

WAIT = 30
"""Seconds of the clock: `wait_timeout`."""


@dataclass(frozen=True)
class Step:
    """A request of a pause.

    :param rpc: its name in the sandbox
    :param pattern: its method and target at the raw server
    :param before: pattern of the request before it; empty: it is the first one
    :param after_change: only requests after the change count
    """

    rpc: str
    pattern: str
    before: str
    after_change: bool = False


STEPS = {
    "token": Step("IamToken.Create", TOKEN, ""),
    "read": Step("Connector.Get", READ, ""),
    "list": Step("Connector.List", LIST, ""),
    "change": Step("Pause", CHANGE, READ),
    "poll": Step("Operation.Get", POLL, CHANGE),
    "read again": Step("Connector.Get", READ, POLL, after_change=True),
}

Fault = Callable[[World, Step, float, Callable[[], bool]], None]


def aborted(code: str, **headers: str) -> Fault:
    return lambda world, step, times, when: world.sandbox.faults.abort(
        step.rpc, code, headers=headers, times=int(times), when=lambda call: when()
    )


def on_the_wire(action: raw_server.Action) -> Fault:
    return lambda world, step, times, when: world.server.on(step.pattern, action, times=times, when=when)


def reset_upstream(*, after: bool) -> Fault:
    """Envoy returns 503 in plain text."""
    return lambda world, step, times, when: world.sandbox.faults.reset(
        step.rpc, times=int(times), when=lambda call: when(), after=after
    )


def fault_filter(status: int) -> Fault:
    """Envoy itself aborts the request, also in plain text."""

    def install(world: World, step: Step, times: float, when: Callable[[], bool]) -> None:
        # A request that the client has given up can still be handled when the next one comes.
        one_at_a_time = threading.Lock()

        def act(exchange: Exchange) -> None:
            with one_at_a_time:
                world.sandbox.envoy.fault(abort_status=status)
                raw_server.forward(exchange)
                world.sandbox.envoy.no_fault()

        world.server.on(step.pattern, act, times=times, when=when)

    return install


def refused(world: World, step: Step, times: float, when: Callable[[], bool]) -> None:
    """No server listens from the response before the step on: for a moment, or forever."""
    seconds = 0.03 if times == 1 else None
    if step.before:
        world.server.on(step.before, raw_server.then_refuse(seconds))
    else:
        world.server.refuse(seconds)


HTML = b"<html>Sign in to this network</html>"
NO_END = b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n"
FAULTS: dict[str, Fault] = {
    "429": aborted("RESOURCE_EXHAUSTED"),
    "429, Retry-After": aborted("RESOURCE_EXHAUSTED", **{"retry-after": "3"}),
    "500": aborted("INTERNAL"),
    "502": on_the_wire(page(b"<html>502 Bad Gateway</html>", "502 Bad Gateway")),
    "503": reset_upstream(after=False),
    "503, accepted": reset_upstream(after=True),
    "503 of Envoy": fault_filter(503),
    "504": aborted("DEADLINE_EXCEEDED"),
    "ABORTED": aborted("ABORTED"),
    "refused": refused,
    "reset": on_the_wire(raw_server.reset_before),
    "reset, accepted": on_the_wire(raw_server.reset_after),
    "slow": on_the_wire(raw_server.late(TIMEOUT * 2)),
    "slow, accepted": on_the_wire(raw_server.late(TIMEOUT * 2, after=True)),
    "cut off": on_the_wire(raw_server.cut),
    "HTML": on_the_wire(page(HTML)),
    "HTML, accepted": on_the_wire(page(HTML, after=True)),
    "empty": on_the_wire(page(b"")),
    "empty, accepted": on_the_wire(page(b"", after=True)),
    "a list": on_the_wire(page(b"[]")),
    "null": on_the_wire(page(b"null", after=True)),
    "no HTTP": on_the_wire(raw_server.raw(b"220 smtp.example.com ESMTP\r\n")),
    "single bytes": on_the_wire(raw_server.dribble(b" " * 9999, 0.02, head=NO_END)),
}
NO_JSON = {"HTML", "HTML, accepted", "empty", "empty, accepted", "a list", "null"}
CASES = [
    pytest.param(step, name, id=f"{step}, {name}")
    for step in STEPS
    for name in FAULTS
    # A list is read like a connector. Whether a read was accepted makes no difference.
    if "accepted" not in name or step in ("token", "change", "poll")
    if step != "list" or name in ("429", "503", "refused", "reset", "cut off", "HTML", "single bytes")
]
ACCEPTED = {name for name in FAULTS if "accepted" in name} | {"cut off", "null"}
"""The change reaches the service."""


@pytest.fixture(scope="module")
def running_world() -> Iterator[World]:
    with World(factor=100) as world:
        yield world


def pause(world: World, step: Step, fault: str, *, times: float, retries: int, wait: float) -> Report:
    """Pause a connector with all steps, and with a fault at one of them."""
    # If no poll succeeds, the operation must not end before its first response, on no machine.
    polls_fail = step.rpc == "Operation.Get" and times == FOREVER
    world.sandbox.behaviour.operation_seconds = 600 if polls_fail else 0.3
    # Without a response, the connector is read again.
    world.sandbox.behaviour.missing_response = True

    def when() -> bool:
        return not step.after_change or bool(world.operations())

    FAULTS[fault](world, step, times, when)
    options: dict[str, Any] = {"request_timeout": TIMEOUT, "wait_timeout": wait, "request_retries": retries}
    if step.rpc == "Connector.List":
        options["names"] = ["mirror"]
    if step.rpc == "IamToken.Create":
        options["service_account_key"] = world.key
    return world.perform(**options)


def started(world: World) -> Operation | None:
    """Return the one operation, if it was started."""
    operations = world.sandbox.cloud.operations()
    assert len(operations) <= 1
    assert len(world.keys()) <= 1
    return operations[0] if operations else None


def is_permanent(step: Step, name: str) -> bool:
    """Return whether a response ends the task at once: unexpected content for a read."""
    return name in NO_JSON and step.rpc in ("Connector.Get", "Connector.List") and not step.after_change


@pytest.mark.parametrize(("step", "fault"), CASES)
def test_one_fault_is_overcome(world: World, step: str, fault: str) -> None:
    report = pause(world, STEPS[step], fault, times=1, retries=5, wait=300)
    operation = started(world)
    if is_permanent(STEPS[step], fault):
        assert report.failed
        assert not report.changed
        assert operation is None
        assert "did not return the expected JSON (HTTP 200)" in report.msg
        return
    assert not report.failed, report
    assert report.changed
    assert operation
    assert world.status() == "PAUSED"
    assert operation.id in str(report)


@pytest.mark.parametrize(("step", "fault"), CASES)
def test_permanent_fault_fails_and_is_explained(world: World, step: str, fault: str) -> None:
    waits = step in ("poll", "read again")
    report = pause(world, STEPS[step], fault, times=FOREVER, retries=2, wait=WAIT if waits else 300)
    operation = started(world)
    assert report.failed, report
    assert report.msg.startswith("Could not ")
    assert report.msg.endswith((".", "wait=true'")), report.msg
    assert "127.0.0.1" in report.msg, "the host of the last error"
    if waits:
        assert operation
        assert report.changed
        assert report["operation"]["id"] == operation.id
        assert report.seconds >= WAIT - 16, "temporary errors do not end a wait"
        assert step != "poll" or "continues on the service" in report.msg
    else:
        assert not report.changed
        assert operation or step != "change" or fault not in ACCEPTED
        assert operation is None or step == "change"
        assert operation is None or MAYBE in report.msg


@pytest.mark.parametrize(
    "action",
    [
        pytest.param(page(b"no", "500 No"), id="500"),
        pytest.param(page(b"<html>"), id="HTML"),
        pytest.param(page(b"[]"), id="a list"),
        pytest.param(raw_server.reset_before, id="reset"),
        pytest.param(raw_server.late(1.5), id="slow"),
        pytest.param(None, id="refused"),
    ],
)
def test_metadata_service_gets_one_request_within_a_second(world: World, action: raw_server.Action | None) -> None:
    if action:
        world.server.on(ANY, action)
    else:
        world.server.refuse(None)
    start = time.monotonic()
    report = world.perform({"YC_METADATA_ADDR": world.server.address}, no_credential=True)
    assert time.monotonic() - start < 1.5
    assert report.failed
    assert "no credential found" in report.msg
    assert "iam_token" in report.msg
    assert "service_account_key" in report.msg
    assert len(world.server.lines) == (1 if action else 0)


# No change is sent twice, no accepted change is lost

LOST = {"reset": raw_server.reset_after, "cut off": raw_server.cut}
MAYBE_LOST = {**LOST, "reset before": raw_server.reset_before}


@pytest.mark.parametrize("times", [1, 3, 5])
@pytest.mark.parametrize("fault", [*LOST, "HTML"])
def test_repeatedly_lost_responses_start_one_operation(world: World, fault: str, times: int) -> None:
    world.server.on(CHANGE, LOST.get(fault, page(b"<html>", after=True)), times=times)
    report = world.perform()
    assert not report.failed
    assert report.changed
    assert len(world.sandbox.requests_of("Pause")) == times + 1
    assert len(world.keys()) == 1
    assert len(world.operations()) == 1


def test_lost_response_of_a_finished_operation_is_found(world: World) -> None:
    world.sandbox.behaviour.operation_seconds = 0
    world.sandbox.behaviour.noop_is_error = True
    world.server.on(CHANGE, raw_server.reset_after)
    report = world.perform()
    assert not report.failed
    assert report.changed
    assert report["operation"]["id"] == world.operations()[0].id


@pytest.mark.parametrize("state", ["running", "restarted", "present", "absent"])
@pytest.mark.parametrize("fault", MAYBE_LOST)
def test_other_changes_are_not_sent_twice(world: World, state: str, fault: str) -> None:
    world.reset(status="PAUSED" if state == "running" else "RUNNING")
    options: dict[str, Any] = {"tasks_max": 7} if state == "present" else {}
    world.server.on(CHANGE, MAYBE_LOST[fault])
    report = world.perform(state=state, **options)
    assert not report.failed, report
    assert report.changed
    kinds = {"running": ["resume"], "restarted": ["pause", "resume"], "present": ["update"], "absent": ["delete"]}
    assert [operation.kind for operation in world.sandbox.cloud.operations()] == kinds[state]


@pytest.mark.parametrize("fault", MAYBE_LOST)
def test_connector_is_not_created_twice(world: World, fault: str) -> None:
    world.server.on(CHANGE, MAYBE_LOST[fault])
    sink = {"topics": "a", "s3_connection": {"bucket_name": "b", "external_s3": {"endpoint": "e"}}}
    report = world.perform(name="new", state="present", s3_sink=sink)
    assert not report.failed, report
    assert report.changed
    assert len(world.operations("create")) == 1
    assert len(world.keys("Connector.Create")) == 1


@pytest.mark.parametrize("code", ["PERMISSION_DENIED", "UNAUTHENTICATED", "NOT_FOUND", "INVALID_ARGUMENT", "UNKNOWN"])
@pytest.mark.parametrize("rpc", ["Operation.Get", "Connector.Get"])
def test_error_after_an_accepted_change_reports_the_operation(world: World, rpc: str, code: str) -> None:
    world.sandbox.behaviour.missing_response = True
    world.sandbox.behaviour.operation_seconds = 1
    world.sandbox.faults.abort(rpc, code, times=FOREVER, when=lambda call: bool(world.operations()))
    report = world.perform(wait_timeout=WAIT)
    (operation,) = world.operations()
    if code == "NOT_FOUND" and rpc == "Connector.Get":
        # The list still contains the connector.
        assert not report.failed
        return
    assert report.failed
    assert report.changed
    assert report["operation"]["id"] == operation.id
    if rpc == "Operation.Get" and code != "UNKNOWN":
        assert f"Operation {operation.id} continues on the service" in report.msg


def test_restart_of_the_gateway_is_overcome(world: World) -> None:
    world.end_operations_at_poll(4)
    restarts: list[Any] = []

    def restart(call: Any) -> None:
        # The next poll comes while Envoy restarts.
        if not restarts:
            restarts.append(call)
            world.sandbox.envoy.restart()

    world.sandbox.on_request("Operation.Get", restart)
    report = world.perform(wait_timeout=300)
    assert not report.failed, report
    assert len(restarts) == len(world.operations()) == 1


def test_random_faults_break_no_promise() -> None:
    """The start of the long campaign, `python -m faults --seed 1`."""
    with World() as world:
        tally = campaign(world, SEED, range(RUNS))
    assert not tally.broken, f"{tally}\n" + "\n".join(tally.broken)
    assert sum(tally.ended.values()) == RUNS
    assert tally.ended["succeeded, paused"] > RUNS / 3, tally
