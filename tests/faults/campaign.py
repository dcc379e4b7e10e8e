# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Random faults: a run is made up from a seed and its number, carried out, and judged.

What is random is what goes wrong, where, and how the cloud behaves. A run with the same seed and number is the same
again, as far as the threads of Envoy and of the sandbox allow.
"""

from __future__ import annotations

import random
import sys
import traceback
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from support import raw_server
from support.raw_server import ANY, CHANGE, LIST, POLL, READ, TOKEN, Action, Exchange
from support.world import Report, World

from sandbox.behaviour import CONFLICT_PLAIN, CONFLICT_QUOTED
from sandbox.calls import Call
from sandbox.faults import FOREVER
from sandbox.operations import Operation

NAMES = ("mirror", "archive", "lake")
OTHER = "other"
MAYBE = "may have been accepted"
REQUEST_TIMEOUT = 0.2
"""Real seconds."""

RPCS = ("Connector.Get", "Connector.List", "Pause", "Operation.Get", "IamToken.Create", "")
PATTERNS = (READ, LIST, CHANGE, CHANGE, POLL, TOKEN, ANY)
CODES = (
    *("RESOURCE_EXHAUSTED", "INTERNAL", "UNAVAILABLE", "DEADLINE_EXCEEDED", "ABORTED"),
    *("PERMISSION_DENIED", "UNAUTHENTICATED", "FAILED_PRECONDITION", "NOT_FOUND", "UNKNOWN"),
)
UNCERTAIN = {"INTERNAL", "UNAVAILABLE", "DEADLINE_EXCEEDED", "UNKNOWN"}
"""After these a change may have been made; who says another code has not made it."""
WEIGHTS = (8, 8, 8, 8, 8, 1, 2, 1, 1, 1)
BODIES = ("<html>Bad gateway</html>", "", "[]", '{"id": "op', "null", '{"id": ["x"], "name": {}}', "\x00")


@dataclass
class Run:
    """One run: what the task is, and how it is made hard.

    :param number: of the run; with the seed it says all
    """

    seed: int
    number: int
    trouble: list[str] = field(default_factory=list)
    """What was scripted, in words."""

    def __post_init__(self) -> None:
        self.random = random.Random(f"{self.seed}/{self.number}")
        self.many = self.random.random() < 0.25

    def __str__(self) -> str:
        return f"run {self.number} of seed {self.seed}: {'; '.join(self.trouble)}"

    def carry_out(self, world: World) -> Report:
        """Set everything up, run the task, judge it.

        :raises AssertionError: a promise was broken
        """
        random.seed(f"{self.seed}/{self.number}")  # the client's own jitter
        before = self._choose("before", [("RUNNING", 8), ("ERROR", 1), ("PAUSED", 1)])
        world.reset(*NAMES, OTHER, status=before)
        self._behave(world)
        self.trouble += [self._strike(world) for dummy in range(self.random.choice([0, 1, 1, 2, 3, 5]))]
        options, environ = self._credential(world)
        options.update({"names": ["*r*r*", "archive", "lake"]} if self.many else {"name": "mirror"})
        options["wait_timeout"] = self._choose("wait_timeout", [(60, 8), (8, 1), (300, 1)])
        options["request_retries"] = self._choose("request_retries", [(5, 6), (1, 2), (0, 1)])
        status_at: dict[str, str | None] = {}

        def note_status(call: Call) -> None:
            status_at.setdefault(call.idempotency_key, world.status(call.message["connector_name"]))

        world.sandbox.on_request("Pause", note_status)
        report = world.perform(environ, request_timeout=REQUEST_TIMEOUT, **options)
        for name in NAMES if self.many else NAMES[:1]:
            judge(world, report, name, before, status_at)
        assert not world.operations(name=OTHER), report
        return report

    def _choose(self, what: str, choices: list[tuple[Any, int]]) -> Any:
        chosen = self.random.choices([value for value, dummy in choices], [weight for dummy, weight in choices])[0]
        if chosen != choices[0][0]:
            self.trouble.append(f"{what} {chosen}")
        return chosen

    def _behave(self, world: World) -> None:
        """Let the cloud behave in one of the ways that it may."""
        behaviour = world.sandbox.behaviour
        usual = {name: value for name, value in vars(behaviour).items() if not callable(value)}
        behaviour.operation_seconds = self.random.choice([0, 0.2, 0.2, 1, 5, 20])
        behaviour.exclusive = self.random.random() < 0.7
        behaviour.conflict_message = self.random.choice([CONFLICT_QUOTED, CONFLICT_PLAIN])
        behaviour.noop_is_error = self.random.random() < 0.3
        behaviour.noop_code = self.random.choice(["FAILED_PRECONDITION", "INVALID_ARGUMENT"])
        behaviour.operation_not_found_polls = self.random.choice([0, 0, 0, 1, 3])
        behaviour.poll_interval = self.random.choice([None, None, None, 0.1, 3])
        behaviour.stale_seconds = self.random.choice([0, 0, 0, 0.5, 6])
        behaviour.missing_response = self.random.random() < 0.2
        behaviour.page_cap = self.random.choice([1000, 1000, 1, 2])
        behaviour.token_lifetime = self.random.choice([43200, 43200, 43200, 30])
        changed = {name: value for name, value in vars(behaviour).items() if usual.get(name) != value}
        if changed:
            self.trouble.append(f"behaviour {changed}")
        if self.random.random() < 0.2:
            kind = self.random.choice(["resume", "delete"])
            self.trouble.append(f"somebody's {kind} of {OTHER}")
            world.sandbox.cloud.set_status(world.cluster_id, OTHER, "ERROR")
            world.sandbox.cloud.begin(kind, world.cluster_id, OTHER)

    def _credential(self, world: World) -> tuple[dict[str, Any], Mapping[str, str]]:
        kind = self._choose("credential", [("token", 6), ("metadata", 3), ("key", 1)])
        if kind == "token":
            return {"iam_token": world.sandbox.iam_token()}, {}
        if kind == "key":
            return {"service_account_key": world.key}, {}
        return {"no_credential": True}, {"YC_METADATA_ADDR": world.sandbox.metadata_address}

    def _strike(self, world: World) -> str:
        kinds: list[Callable[[World], str]] = [self._service, self._service, self._answer, self._wire, self._wire]
        kinds += [self._service, self._wire, self._envoy, self._envoy, self._operation]
        return self.random.choice(kinds)(world)

    def _times(self) -> int:
        return self.random.choices([1, 2, 4, 8, FOREVER], [20, 8, 4, 2, 1])[0]

    def _service(self, world: World) -> str:
        """Let a service refuse, be late, or lose its connection to Envoy."""
        faults, rpc, times = world.sandbox.faults, self.random.choice(RPCS), self._times()
        after = self.random.random() < 0.4
        kind = self.random.choice(["abort", "abort", "abort", "delay", "reset"])
        if kind == "abort":
            code = self.random.choices(CODES, WEIGHTS)[0]
            after = after and code in UNCERTAIN
            headers = self.random.choice([{}, {}, {"retry-after": "2"}, {"retry-after": "soon"}])
            faults.abort(rpc, code, headers=headers, times=times, after=after)
            kind = f"{code} {headers}"
        elif kind == "delay":
            times = min(times, 2)
            faults.delay(rpc, REQUEST_TIMEOUT * 2, times=times, after=after)
        else:
            faults.reset(rpc, times=times, after=after)
        return f"service: {kind} of {rpc or 'all'}, {times} times, {'after' if after else 'before'}"

    def _answer(self, world: World) -> str:
        """Let the answer be replaced on its way through Envoy."""
        rpc, times, body = self.random.choice(RPCS), self._times(), self.random.choice(BODIES)
        status = self.random.choice([200, 200, 302, 404, 500, 502, 503])
        # a redirect or a 404 says that nothing was done
        after = self.random.random() < 0.5 and status not in (302, 404)
        world.sandbox.faults.answer(rpc, body, status=status, times=times, after=after)
        return f"answer: {status} {body!r} to {rpc or 'all'}, {times} times, {'after' if after else 'before'}"

    def _wire(self, world: World) -> str:
        """Let the connection do what no Envoy would do to it."""
        pattern, times = self.random.choice(PATTERNS), self._times()
        name = self.random.choice(sorted(WIRE))
        if name.startswith("late"):
            times = min(times, 2)
        world.server.on(pattern, WIRE[name], times=times)
        return f"wire: {name} at {pattern or 'any'}, {times} times"

    def _envoy(self, world: World) -> str:
        """Let Envoy's own fault filter abort or delay requests."""
        pattern, times, status = (
            self.random.choice(PATTERNS),
            min(self._times(), 8),
            self.random.choice([429, 500, 503]),
        )
        delay = self.random.choice([0, 0, 0, REQUEST_TIMEOUT * 2])

        def act(exchange: Exchange) -> None:
            world.sandbox.envoy.fault(abort_status=None if delay else status, delay_seconds=delay)
            try:
                raw_server.forward(exchange)
            finally:
                world.sandbox.envoy.no_fault()

        times = min(times, 2) if delay else times
        world.server.on(pattern, act, times=times)
        return f"envoy: {f'delay {delay}' if delay else status} at {pattern or 'any'}, {times} times"

    def _operation(self, world: World) -> str:
        """Let the operation fail, or end in another status."""
        if self.random.random() < 0.5:
            statuses: list[str | int] = ["ERROR", "RUNNING", 99]
            status = self.random.choice(statuses)
            world.sandbox.faults.end_operation("pause", status)
            return f"operation: ends with {status}"
        rollback = self.random.choice([0, 2, 100])
        world.sandbox.faults.fail_operation("pause", rollback_seconds=rollback)
        return f"operation: fails, and is rolled back for {rollback} s"


WIRE: dict[str, Action] = {
    "reset before": raw_server.reset_before,
    "reset after": raw_server.reset_after,
    "cut off": raw_server.cut,
    "late before": raw_server.late(REQUEST_TIMEOUT * 2),
    "late after": raw_server.late(REQUEST_TIMEOUT * 2, after=True),
    "no answer after": raw_server.raw(b"", after=True),
    "no HTTP": raw_server.raw(b"220 smtp.example.com ESMTP\r\n\r\n"),
    "half a head": raw_server.raw(b"HTTP/1.1 200 OK\r\nContent-Le", after=True),
    "bad chunks": raw_server.raw(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n", after=True),
    "bad gzip": raw_server.page(b"{}", "200 OK", "Content-Encoding: gzip", after=True),
    "not UTF-8": raw_server.page(b"\xff\xfe\x00", after=True),
    "HTML": raw_server.page(b"<html>Sign in to this network</html>"),
    "gone for a while": raw_server.then_refuse(0.02),
    "gone for long": raw_server.then_refuse(0.5),
    "gone": raw_server.then_refuse(None),
}


def judge(world: World, report: Report, name: str, before: str, status_at: Mapping[str, str | None]) -> None:
    """Check the promises for one connector.

    :param status_at: the connector's status when a pause first reached the service, by idempotency key
    :raises AssertionError: a promise is broken
    """
    started, status = world.operations(name=name), world.status(name)
    if len(started) > 1:
        check_second_pause(world, name, started, status_at)
    assert before != "PAUSED" or not started, f"{name} was already paused: {report}"
    failed = {entry["name"]: entry["msg"] for entry in report.result.get("failed_connectors", ())}
    if not report.failed or ("connectors" in report.result and name not in failed):
        # With names, this connector can be paused although another one failed.
        assert status == "PAUSED", f"{name} is {status}: {report}"
    msg = failed.get(name, report.msg)
    shown = {operation["id"] for operation in _operations(report)}
    for operation in started[-1:]:
        if report.failed and MAYBE in msg:
            continue  # The task cannot know it, and says so.
        assert report.changed, f"{name}: a pause was accepted, but changed is false: {report}"
        assert operation.id in shown, f"{name}: a pause was accepted, but the result does not show it: {report}"
    if "affected" in report.result and started:
        assert name in report["affected"], f"{name}: a pause was accepted, but it is not affected: {report}"
    if report.changed:
        assert world.operations(), f"changed, but no operation was started: {report}"
    assert shown <= {operation.id for operation in world.operations()}, f"an unknown operation: {report}"


def check_second_pause(
    world: World, name: str, started: Sequence[Operation], status_at: Mapping[str, str | None]
) -> None:
    """Check that a second pause was necessary.

    That is so if the first one was found by a reused key, has ended, and the status is still wrong 10 seconds later.

    :raises AssertionError: it was not necessary
    """
    sent = [exchange for exchange in world.server.exchanges if exchange.line.endswith(f"/connectors/pause/{name}")]
    keys = Counter(exchange.headers()["idempotency-key"] for exchange in sent)
    assert len(started) == 2, f"{name}: {len(started)} pauses"
    first, second = started
    *_earlier, first_key, second_key = keys
    assert keys[first_key] > 1, f"{name}: a second pause, although no response was lost"
    waited = second.created_at - first.modified_at
    assert first.done, f"{name}: a second pause before the end of the first one"
    assert waited >= 10, f"{name}: a second pause {waited:.1f} s after the first one"
    assert status_at[second_key] != "PAUSED", f"{name}: a second pause of a paused connector"


def _operations(report: Report) -> list[Mapping[str, Any]]:
    one = report.result.get("operation")
    return [*report.result.get("operations", ()), *([one] if one else [])]


@dataclass
class Tally:
    """How the runs ended."""

    ended: Counter[str] = field(default_factory=Counter)
    broken: list[str] = field(default_factory=list)
    """Runs in which a promise was not kept, each with why."""

    def __str__(self) -> str:
        ends = ", ".join(f"{count} {end}" for end, count in self.ended.most_common())
        return f"{sum(self.ended.values())} runs: {ends}; {len(self.broken)} broke a promise"


def campaign(world: World, seed: int, numbers: range, told: Callable[[str], None] = lambda line: None) -> Tally:
    """Carry out runs, and count how they ended."""
    tally = Tally()
    for number in numbers:
        run = Run(seed, number)
        try:
            report = run.carry_out(world)
        except Exception as error:
            tally.ended["broken"] += 1
            why = str(error) if isinstance(error, AssertionError) else traceback.format_exc()
            tally.broken.append(f"{run}\n  {why}")
            told(tally.broken[-1])
            continue
        paused = all(world.status(name) == "PAUSED" for name in (NAMES if run.many else NAMES[:1]))
        end = "failed and said so" if report.failed else "succeeded"
        tally.ended[f"{end}, {'paused' if paused else 'not paused'}"] += 1
    return tally


def new_seed() -> int:
    return random.SystemRandom().randrange(2**32)


def report_to(stream: Any = sys.stderr) -> Callable[[str], None]:
    return lambda line: print(line, file=stream, flush=True)
