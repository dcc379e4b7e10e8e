# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Waiting for an operation: when it is polled, and what ends the wait."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._api.errors import ApiError
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._api.operation import (
    OperationFailed,
    OperationTimeout,
    read,
    wait,
)
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._api.transport import Request, Response
from ansible_collections.yandex_cloud.managed_kafka.tests.unit.plugins.module_utils._api.samples import TEMPORARY
from ansible_collections.yandex_cloud.managed_kafka.tests.unit.plugins.wire import (
    OPERATION,
    Call,
    Wire,
    done,
    operation,
    status,
)

UNKNOWN = Call("GET", OPERATION, status(5, "Operation not found"), status=404)
DENIED = Call("GET", OPERATION, status(7, "Permission denied"), status=403)
UNAVAILABLE = Call("GET", OPERATION, status(14, "unavailable"), status=503)
RUNNING = Call("GET", OPERATION, operation())
ENDED = Call("GET", OPERATION, done("PAUSED"))
FAILURE = status(13, "broker is down.", details=[{"@type": "a", "requestId": "11-22"}])
FAILED = "The service reported an error: broker is down (INTERNAL, operation op1)."
TIMED_OUT = "Timed out after 100 s. Operation op1 has not finished and continues on the service"
FOLLOW = "Wait for it: ansible localhost -m yandex_cloud.managed_kafka.operation_info -a 'operation_id=op1 wait=true'"

# From 0.1 to 1000 s. Each order of magnitude is equally frequent.
durations = st.floats(-1, 3).map(lambda exponent: 10.0**exponent)


class Service(Wire):
    """Answers every poll of one operation, which ends after some time, and notes the times of the polls.

    :param latency: seconds until a response
    :param troubles: number of polls that fail before the others succeed
    :param trouble: the answer of a poll that fails
    """

    def __init__(
        self,
        duration: float,
        *,
        latency: float = 0.0,
        troubles: int = 0,
        trouble: Callable[[], dict[str, Any]] = TEMPORARY["503"],
    ) -> None:
        super().__init__()
        self.end = self.clock.time + duration
        self.latency = latency
        self.troubles = troubles
        self.trouble = trouble
        self.polls = [self.clock.time]

    def __call__(self, request: Request, timeout: float, proxies: Mapping[str, str]) -> Response:
        self.polls.append(self.clock.time)
        answer = {"answer": done("PAUSED") if self.clock.time >= self.end else operation()}
        if self.troubles:
            self.troubles -= 1
            answer = self.trouble()
        self.script = [Call("GET", OPERATION, takes=self.latency, **answer)]
        return super().__call__(request, timeout, proxies)

    def gaps(self) -> list[float]:
        return [after - before for before, after in zip(self.polls, self.polls[1:])]


def wait_on(
    wire: Wire,
    operation: Mapping[str, Any] = operation(),
    *,
    ago: float = 0.0,
    interval: float | None = None,
    note: Callable[[Mapping[str, Any]], None] = lambda newer: None,
    **options: Any,
) -> Mapping[str, Any]:
    """Wait for an operation that was accepted some seconds ago."""
    client = wire.client(**options)
    return wait(client, operation, client.deadline.now() - ago, note, interval)


# Poll times.


@given(duration=durations, latency=st.floats(0, 0.4))
def test_the_end_is_noticed_in_time_with_few_polls(duration: float, latency: float) -> None:
    service = Service(duration, latency=latency)
    assert wait_on(service)["done"]
    assert service.clock.time - service.end <= max(0.5, duration / 10) + latency + 1e-9
    assert min(service.gaps()) >= 0.5 - 1e-9
    assert max(service.gaps()) <= 5 + 1e-9


@pytest.mark.parametrize(("duration", "most"), [(2, 6), (120, 50)])
def test_the_number_of_polls_is_limited(duration: float, most: int) -> None:
    service = Service(duration)
    wait_on(service)
    assert len(service.requests) <= most


@given(duration=durations, troubles=st.integers(1, 30))
def test_polls_after_errors_are_at_most_five_seconds_apart(duration: float, troubles: int) -> None:
    service = Service(duration, troubles=troubles)
    assert wait_on(service)["done"]
    assert max(service.gaps()) <= 5 + 1e-9


def test_a_poll_is_delayed_if_the_service_asks_for_it() -> None:
    with Wire(Call("GET", OPERATION, "busy", status=429, headers={"Retry-After": "17"}), ENDED) as wire:
        wait_on(wire)
    assert wire.clock.naps == [0.5, 17]


@pytest.mark.parametrize(
    ("header", "interval"), [("2", 2), ("0.7", 0.7), ("60", 60), ("0", 0.1), (" 3 ", 3), ("00004", 4)]
)
def test_the_service_can_set_the_poll_interval(header: str, interval: float) -> None:
    running = Call("GET", OPERATION, operation(), headers={"X-Operation-Poll-Interval": header})
    with Wire(running, running, ENDED) as wire:
        wait_on(wire)
    assert wire.clock.naps == pytest.approx([0.5, interval, interval])


@pytest.mark.parametrize("header", ["", "soon", "-1", "nan", "inf", "-inf", "1e400", "\u00bd"])
def test_an_invalid_poll_interval_is_ignored(header: str) -> None:
    running = Call("GET", OPERATION, operation(), headers={"X-Operation-Poll-Interval": header})
    with Wire(running, ENDED) as wire:
        wait_on(wire)
    assert wire.clock.naps == [0.5, 0.5]


def test_the_first_poll_uses_the_interval_of_the_accepted_change() -> None:
    with Wire(ENDED) as wire:
        wait_on(wire, interval=7.0)
    assert wire.clock.naps == [7]


def test_an_operation_that_is_known_by_its_id_is_read_at_once() -> None:
    with Wire(ENDED) as wire:
        wait_on(wire, {"id": "op1"}, interval=0.0)
    assert wire.clock.naps == []


def test_a_poll_that_became_due_in_the_meantime_is_made_at_once() -> None:
    with Wire(RUNNING, ENDED) as wire:
        wait_on(wire, ago=40)
    assert wire.clock.naps == [4]


def test_one_poll_is_made_after_the_deadline() -> None:
    with Wire(ENDED) as wire:
        assert wait_on(wire, ago=40, wait_timeout=0)["done"]


def test_an_operation_that_has_ended_is_not_read() -> None:
    with Wire() as wire:
        assert wait_on(wire, done("PAUSED"))["done"]
        with pytest.raises(OperationFailed):
            wait_on(wire, operation(done=True, error=FAILURE))


def test_each_newer_state_is_noted() -> None:
    noted: list[Mapping[str, Any]] = []
    with Wire(RUNNING, UNAVAILABLE, RUNNING, ENDED) as wire:
        wait_on(wire, note=noted.append)
    assert [item.get("done", False) for item in noted] == [False, False, True]


# Errors of a poll.


@pytest.mark.parametrize("polls", [0, 1, 2, 3])
def test_a_new_operation_can_be_unknown_for_three_polls(polls: int) -> None:
    with Wire(*[UNKNOWN] * polls, ENDED) as wire:
        assert wait_on(wire)["done"]
    assert wire.clock.naps == [0.5] * (polls + 1)


def test_an_operation_that_is_unknown_for_four_polls_is_an_error() -> None:
    with Wire(*[UNKNOWN] * 4) as wire, pytest.raises(ApiError) as failure:
        wait_on(wire)
    assert failure.value.is_not_found
    assert "Operation not found" in failure.value.msg


def test_a_404_of_another_server_is_an_error_at_once() -> None:
    with Wire(Call("GET", OPERATION, "<html>no such page", status=404)) as wire, pytest.raises(ApiError):
        wait_on(wire)


TROUBLES: dict[str, Callable[[], dict[str, Any]]] = {
    **TEMPORARY,
    "HTML": lambda: {"answer": "<html>maintenance</html>"},
    "another operation": lambda: {"answer": {"id": "op2", "done": True}},
}


@pytest.mark.parametrize("trouble", TROUBLES.values(), ids=TROUBLES)
def test_lasting_errors_end_the_wait_at_the_deadline(trouble: Callable[[], dict[str, Any]]) -> None:
    service = Service(0, troubles=10_000, trouble=trouble)
    started = service.clock.time
    with pytest.raises(OperationTimeout) as failure:
        wait_on(service, wait_timeout=100)
    assert service.clock.time - started == pytest.approx(100)
    assert len(service.requests) >= 20
    assert failure.value.msg.startswith(f"{TIMED_OUT}. The last poll failed: ")
    assert failure.value.msg.endswith(f". {FOLLOW}")
    assert (failure.value.error is None) == isinstance(trouble()["answer"], Exception)


@pytest.mark.parametrize("before", [[], [RUNNING], [UNAVAILABLE, RUNNING]], ids=["none", "running", "503"])
def test_an_operation_that_must_not_be_read_is_an_error_at_once(before: list[Call]) -> None:
    with Wire(*before, DENIED) as wire, pytest.raises(ApiError) as failure:
        wait_on(wire)
    assert failure.value.http_status == 403
    assert "managed-kafka.viewer" in failure.value.msg


def test_reading_an_operation_once_uses_the_usual_retries() -> None:
    with Wire(UNAVAILABLE, RUNNING) as wire:
        assert read(wire.client(retries=1), "op1").body == operation()


# The end of an operation.


def test_a_timeout_names_the_operation_and_how_to_wait_for_it() -> None:
    service = Service(1000)
    started = service.clock.time
    with pytest.raises(OperationTimeout) as failure:
        wait_on(service, wait_timeout=100)
    assert service.clock.time - started == pytest.approx(100)
    # The last poll is as late as possible.
    assert service.polls[-1] == pytest.approx(started + 100)
    assert failure.value.msg == f"{TIMED_OUT}. {FOLLOW}"
    assert failure.value.error is None


def test_an_operation_that_ends_at_the_deadline_has_ended() -> None:
    assert wait_on(Service(100), wait_timeout=100)["done"]


@pytest.mark.parametrize("error", [FAILURE, {}, {"code": 13}, {"message": "broker is down"}, "broker is down"])
def test_any_error_of_an_operation_is_a_failure(error: Any) -> None:
    noted: dict[str, Any] = {}
    with pytest.raises(OperationFailed) as failure:
        wait_on(Wire(Call("GET", OPERATION, operation(error=error, done=True))), note=noted.update)
    assert failure.value.msg.startswith("The service reported an error: ")
    assert "operation op1)" in failure.value.msg
    assert noted["done"]


def failed(wire: Wire, **options: Any) -> OperationFailed:
    with wire, pytest.raises(OperationFailed) as failure:
        wait_on(wire, **options)
    return failure.value


def test_a_failure_has_the_error_of_the_operation() -> None:
    error = failed(Wire(Call("GET", OPERATION, operation(error=FAILURE, done=True))))
    assert error.msg == f"{FAILED} Fix the cause and run the task again."
    assert error.error == {
        "http_status": None,
        "code": 13,
        "status": "INTERNAL",
        "message": "broker is down.",
        "details": FAILURE["details"],
        "request_id": "11-22",
    }


def test_the_wait_includes_the_rollback_of_a_failed_operation() -> None:
    rolling_back = Call("GET", OPERATION, operation(error=FAILURE))
    ended = Call("GET", OPERATION, operation(error=FAILURE, done=True))
    assert failed(Wire(rolling_back, UNAVAILABLE, rolling_back, ended)).msg.startswith(FAILED)


@pytest.mark.parametrize(
    "calls",
    [
        [Call("GET", OPERATION, operation(error=FAILURE), takes=100)],
        [Call("GET", OPERATION, operation(error=FAILURE)), DENIED],
        [Call("GET", OPERATION, operation(error=FAILURE)), *[UNKNOWN] * 4],
    ],
    ids=["timeout", "403", "404"],
)
def test_a_rollback_that_cannot_be_followed_is_the_error_of_the_operation(calls: list[Call]) -> None:
    message = failed(Wire(*calls), wait_timeout=60).msg
    assert message == (
        "The service reported an error: broker is down (INTERNAL, operation op1, still rolling back). "
        "Fix the cause and run the task again."
    )
