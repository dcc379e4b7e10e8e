# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every call at every step in every trouble; then trouble at random. Nothing happens twice, and nothing is lost."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from faults.campaign import MAYBE, campaign, new_seed
from faults.world import Report, World
from integration import raw_server
from integration.raw_server import ANY, CHANGE, LIST, POLL, READ, TOKEN, Exchange, page

from sandbox.faults import FOREVER
from sandbox.operations import Operation

RUNS = 50
TIMEOUT = 0.15
"""Real seconds: `request_timeout`."""

WAIT = 30
"""Seconds of the clock: `wait_timeout`."""


@dataclass(frozen=True)
class Step:
    """A call on the way to a connector that is paused.

    :param rpc: as the sandbox names it
    :param pattern: as the raw server sees it
    :param before: pattern of the call before it; empty: it is the first one
    """

    rpc: str
    pattern: str
    before: str
    again: bool = False
    """It is the second of its kind: after the change."""


STEPS = {
    "token": Step("IamToken.Create", TOKEN, ""),
    "read": Step("Connector.Get", READ, ""),
    "list": Step("Connector.List", LIST, ""),
    "change": Step("Pause", CHANGE, READ),
    "poll": Step("Operation.Get", POLL, CHANGE),
    "re-read": Step("Connector.Get", READ, POLL, again=True),
}

Trouble = Callable[[World, Step, float, Callable[[], bool]], None]


def aborted(code: str, **headers: str) -> Trouble:
    return lambda world, step, times, when: world.sandbox.faults.abort(
        step.rpc, code, headers=headers, times=int(times), when=lambda call: when()
    )


def on_the_wire(action: raw_server.Action) -> Trouble:
    return lambda world, step, times, when: world.server.on(step.pattern, action, times=times, when=when)


def reset_upstream(*, after: bool) -> Trouble:
    """Envoy answers 503 in plain text."""
    return lambda world, step, times, when: world.sandbox.faults.reset(
        step.rpc, times=int(times), when=lambda call: when(), after=after
    )


def fault_filter(status: int) -> Trouble:
    """Envoy itself aborts the request, in plain text too."""

    def install(world: World, step: Step, times: float, when: Callable[[], bool]) -> None:
        def act(exchange: Exchange) -> None:
            world.sandbox.envoy.fault(abort_status=status)
            raw_server.forward(exchange)
            world.sandbox.envoy.no_fault()

        world.server.on(step.pattern, act, times=times, when=when)

    return install


def refused(world: World, step: Step, times: float, when: Callable[[], bool]) -> None:
    """Nobody listens when the step's turn comes: for a moment, or for good."""
    seconds = 0.03 if times == 1 else None
    if step.before:
        # the operation is done at the second poll: the first one's answer is the last before it
        world.server.on(step.before, raw_server.then_refuse(seconds))
    else:
        world.server.refuse(seconds)


TROUBLE: dict[str, Trouble] = {
    "429": aborted("RESOURCE_EXHAUSTED"),
    "429, Retry-After": aborted("RESOURCE_EXHAUSTED", **{"retry-after": "3"}),
    "500": aborted("INTERNAL"),
    "502": on_the_wire(page(b"<html>502 Bad Gateway</html>", "502 Bad Gateway")),
    "503": reset_upstream(after=False),
    "503, accepted": reset_upstream(after=True),
    "503, Envoy's own": fault_filter(503),
    "504": aborted("DEADLINE_EXCEEDED"),
    "ABORTED": aborted("ABORTED"),
    "refused": refused,
    "reset": on_the_wire(raw_server.reset_before),
    "reset, accepted": on_the_wire(raw_server.reset_after),
    "slow": on_the_wire(raw_server.late(TIMEOUT * 2)),
    "slow, accepted": on_the_wire(raw_server.late(TIMEOUT * 2, after=True)),
    "cut off": on_the_wire(raw_server.cut),
    "HTML": on_the_wire(page(b"<html>Sign in to this network</html>")),
    "HTML, accepted": on_the_wire(page(b"<html>Sign in to this network</html>", after=True)),
    "empty": on_the_wire(page(b"")),
    "empty, accepted": on_the_wire(page(b"", after=True)),
    "a list": on_the_wire(page(b"[]")),
    "null": on_the_wire(page(b"null", after=True)),
    "no HTTP": on_the_wire(raw_server.raw(b"220 smtp.example.com ESMTP\r\n")),
    "dribble": on_the_wire(raw_server.dribble(b"HTTP/1.1 200 OK\r\nX-Never-Ending: " + b"x" * 1000, 0.02)),
}
NOT_JSON = {"HTML", "HTML, accepted", "empty", "empty, accepted", "a list", "null"}
CASES = [
    (step, name)
    for step in STEPS
    for name in TROUBLE
    # a list is read as a connector is, and that something was accepted says little of a read
    if "accepted" not in name or step in ("token", "change", "poll")
    if step != "list" or name in ("429", "503", "refused", "reset", "cut off", "HTML", "dribble")
]
ACCEPTED = {name for name in TROUBLE if "accepted" in name} | {"cut off", "null"}
"""The change has reached the service."""


@pytest.fixture(scope="module")
def _world() -> Iterator[World]:
    with World(factor=100) as world:
        yield world


def walk(world: World, step: Step, name: str, *, times: float, retries: int, wait: float) -> Report:
    """Pause a connector, with trouble at a step, over a way that has all steps."""
    world.sandbox.behaviour.operation_seconds = 0.3
    world.sandbox.behaviour.missing_response = True  # so that the connector is read again

    def when() -> bool:
        return not step.again or bool(world.operations())

    TROUBLE[name](world, step, times, when)
    options: dict[str, Any] = {"request_timeout": TIMEOUT, "wait_timeout": wait, "request_retries": retries}
    if step.rpc == "Connector.List":
        options["names"] = ["mirror"]
    if step.rpc == "IamToken.Create":
        options["service_account_key"] = world.key
    return world.perform(**options)


def begun(world: World) -> Operation | None:
    """Return the one operation, if it was begun."""
    operations = world.sandbox.cloud.operations()
    assert len(operations) <= 1
    assert len(world.keys()) <= 1
    return operations[0] if operations else None


def is_final(step: Step, name: str) -> bool:
    """Tell whether an answer ends the task at once: something else than JSON, to a read."""
    return name in NOT_JSON and step.rpc in ("Connector.Get", "Connector.List") and not step.again


@pytest.mark.parametrize(("step", "name"), CASES)
def test_passing_trouble(world: World, step: str, name: str) -> None:
    report = walk(world, STEPS[step], name, times=1, retries=5, wait=300)
    operation = begun(world)
    if is_final(STEPS[step], name):
        assert report.failed
        assert not report.changed
        assert operation is None
        assert "something else than the expected JSON" in report.msg
        return
    assert not report.failed, report
    assert report.changed
    assert operation
    assert world.status() == "PAUSED"
    assert operation.id in str(report)


@pytest.mark.parametrize(("step", "name"), CASES)
def test_trouble_that_does_not_pass(world: World, step: str, name: str) -> None:
    waits = step in ("poll", "re-read")
    report = walk(world, STEPS[step], name, times=FOREVER, retries=2, wait=WAIT if waits else 300)
    operation = begun(world)
    assert report.failed, report
    assert re.fullmatch(r"Could not [a-z]+ .*\.", report.msg), report.msg
    assert "127.0.0.1" in report.msg, "what came back, and from where"
    if waits:
        assert operation
        assert report.changed
        assert report.result["operation"]["id"] == operation.id
        assert report.seconds >= WAIT - 16, "passing trouble ends no wait"
        assert step != "poll" or "continues on the service" in report.msg
    else:
        assert not report.changed
        assert operation or step != "change" or name not in ACCEPTED
        assert operation is None or step == "change"
        assert operation is None or MAYBE in report.msg


def test_trouble_at_the_metadata_service(world: World) -> None:
    """It is near, or it is not there at all: one try, within a second."""
    environ = {"YC_METADATA_ADDR": world.server.address}
    for action in (page(b"no", "500 No"), page(b"<html>"), page(b"[]"), raw_server.reset_before, raw_server.late(1.5)):
        world.reset()
        world.server.on(ANY, action)
        began = time.monotonic()
        report = world.perform(environ, no_credential=True)
        assert time.monotonic() - began < 1.5
        assert report.failed
        assert "find a credential" in report.msg
        assert "iam_token" in report.msg
        assert "service_account_key" in report.msg
        assert len(world.server.lines) == 1
    world.reset()
    world.server.refuse(None)
    assert "find a credential" in world.perform(environ, no_credential=True).msg


# Nothing happens twice, nothing is lost.


@pytest.mark.parametrize("times", [1, 3, 5])
@pytest.mark.parametrize("action", [raw_server.reset_after, raw_server.cut, page(b"<html>", after=True)])
def test_an_answer_that_is_lost_again_and_again(world: World, action: raw_server.Action, times: int) -> None:
    world.server.on(CHANGE, action, times=times)
    report = world.perform()
    assert not report.failed
    assert report.changed
    assert len(world.sandbox.requests_of("Pause")) == times + 1
    assert len(world.keys()) == 1
    assert len(world.operations()) == 1


def test_an_answer_that_is_lost_while_the_operation_ends(world: World) -> None:
    world.sandbox.behaviour.operation_seconds = 0
    world.sandbox.behaviour.noop_is_error = True
    world.server.on(CHANGE, raw_server.reset_after)
    report = world.perform()
    assert not report.failed
    assert report.changed
    assert report.result["operation"]["id"] == world.operations()[0].id


@pytest.mark.parametrize("state", ["running", "restarted", "present", "absent"])
@pytest.mark.parametrize("action", [raw_server.reset_after, raw_server.reset_before, raw_server.cut])
def test_other_changes_neither_happen_twice(world: World, state: str, action: raw_server.Action) -> None:
    world.reset(status="PAUSED" if state == "running" else "RUNNING")
    options: dict[str, Any] = {"tasks_max": 7} if state == "present" else {}
    world.server.on(CHANGE, action)
    report = world.perform(state=state, **options)
    assert not report.failed, report
    assert report.changed
    kinds = {"running": ["resume"], "restarted": ["pause", "resume"], "present": ["update"], "absent": ["delete"]}
    assert [operation.kind for operation in world.sandbox.cloud.operations()] == kinds[state]


@pytest.mark.parametrize("action", [raw_server.reset_after, raw_server.reset_before, raw_server.cut])
def test_a_creation_does_not_happen_twice(world: World, action: raw_server.Action) -> None:
    world.server.on(CHANGE, action)
    sink = {"topics": "a", "s3_connection": {"bucket_name": "b", "external_s3": {"endpoint": "e"}}}
    report = world.perform(name="new", state="present", s3_sink=sink)
    assert not report.failed, report
    assert report.changed
    assert len(world.operations("create")) == 1
    assert len(world.keys("Connector.Create")) == 1


@pytest.mark.parametrize("code", ["PERMISSION_DENIED", "UNAUTHENTICATED", "NOT_FOUND", "INVALID_ARGUMENT", "UNKNOWN"])
@pytest.mark.parametrize("rpc", ["Operation.Get", "Connector.Get"])
def test_whatever_fails_later_what_was_begun_is_told(world: World, rpc: str, code: str) -> None:
    world.sandbox.behaviour.missing_response = True
    world.sandbox.behaviour.operation_seconds = 1
    world.sandbox.faults.abort(rpc, code, times=FOREVER, when=lambda call: bool(world.operations()))
    report = world.perform(wait_timeout=WAIT)
    (operation,) = world.operations()
    if code == "NOT_FOUND" and rpc == "Connector.Get":
        # a service that denies the connector, and lists it
        assert not report.failed
        return
    assert report.failed
    assert report.changed
    assert report.result["operation"]["id"] == operation.id
    if rpc == "Operation.Get" and code != "UNKNOWN":
        assert f"Operation {operation.id} continues on the service" in report.msg


def test_envoy_goes_away_and_comes_back(world: World) -> None:
    world.sandbox.behaviour.operation_seconds = 20
    world.sandbox.on_request("Operation.Get", restart_once(world))
    report = world.perform(wait_timeout=300)
    assert not report.failed, report
    assert len(world.operations()) == 1


def restart_once(world: World) -> Callable[[Any], None]:
    pending = [True]

    def hook(call: Any) -> None:
        if pending and pending.pop():
            world.sandbox.envoy.restart()

    return hook


# At random.


def test_trouble_at_random() -> None:
    """The beginning of the long campaign. A seed that fails is run again by `python -m faults --seed`."""
    seed = new_seed()
    print(f"seed {seed}")
    with World() as world:
        tally = campaign(world, seed, range(RUNS))
    assert not tally.broken, f"seed {seed}: {tally}\n" + "\n".join(tally.broken)
    assert sum(tally.ended.values()) == RUNS
    assert tally.ended["succeeded, paused"] > RUNS / 3, tally
