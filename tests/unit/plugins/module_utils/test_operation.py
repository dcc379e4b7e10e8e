# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Waiting on an operation: how often it is asked for, and what ends the wait."""

from __future__ import annotations

from typing import Any

import pytest
import requests
from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._clock import (
    EAGER_PACE,
    SHORTEST_PACE,
    Deadline,
    pace,
)
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._errors import ApiError, Error
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._operation import (
    OperationFailed,
    OperationTimeout,
    wait,
)
from ansible_collections.yandex_cloud.managed_kafka.tests.unit.plugins.wire import (
    OPERATION,
    Call,
    FakeClock,
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
BROKEN = status(13, "broker is down", details=[{"@type": "a", "requestId": "11-22"}])
# from 0.1 to 1000 s, each order of magnitude as often as the other
durations = st.floats(-1, 3).map(lambda exponent: 10.0**exponent)


class Service(Wire):
    """Answers every poll of one operation, which ends after some time; notes when it was asked."""

    def __init__(
        self,
        duration: float,
        *,
        latency: float = 0.0,
        trouble: int = 0,
        answers: tuple[dict[str, Any], ...] = ({"answer": "upstream", "status": 503},),
    ) -> None:
        super().__init__()
        self.end = self.clock.time + duration
        self.latency = latency
        self.trouble = trouble
        self.answers = answers
        self.asked = [self.clock.time]

    def send(self, request: requests.PreparedRequest, *args: Any, **options: Any) -> requests.Response:
        self.asked.append(self.clock.time)
        if self.trouble:
            self.trouble -= 1
            self.script = [Call("GET", OPERATION, takes=self.latency, **self.answers[self.trouble % len(self.answers)])]
        else:
            body = done("PAUSED") if self.clock.time >= self.end else operation()
            self.script = [Call("GET", OPERATION, body, takes=self.latency)]
        return super().send(request, *args, **options)

    def gaps(self) -> list[float]:
        return [after - before for before, after in zip(self.asked, self.asked[1:])]


def started(wire: Wire, shortest: float = SHORTEST_PACE, **fields: Any) -> Any:
    return wait(wire.client(), operation(**fields), shortest=shortest)


paces = pytest.mark.parametrize("shortest", [SHORTEST_PACE, EAGER_PACE])


# How often.


@paces
@settings(deadline=None, max_examples=40)
@given(duration=durations)
def test_the_end_is_noticed_in_time_and_polls_are_few(shortest: float, duration: float) -> None:
    service = Service(duration)
    assert started(service, shortest)["done"]
    assert service.clock.time - service.end <= max(0.5, duration / 10)
    assert max(service.gaps()) <= 5 + 1e-9
    assert len(service.asked) - 1 <= 80 + duration / 2


@paces
@settings(deadline=None, max_examples=40)
@given(duration=durations, latency=st.floats(0, 0.2))
def test_the_end_is_noticed_in_time_over_a_slow_line(shortest: float, duration: float, latency: float) -> None:
    service = Service(duration, latency=latency)
    assert started(service, shortest)["done"]
    assert service.clock.time - service.end <= max(0.5, duration / 10) + latency


@settings(deadline=None, max_examples=40)
@given(duration=durations, trouble=st.integers(1, 30))
def test_trouble_does_not_slow_down_polls_beyond_measure(duration: float, trouble: int) -> None:
    service = Service(duration, trouble=trouble)
    assert started(service)["done"]
    assert max(service.gaps()) <= 5 + 1e-9


def test_a_poll_is_put_off_when_the_service_asks_for_it() -> None:
    with Wire(Call("GET", OPERATION, "busy", status=429, headers={"Retry-After": "17"}), ENDED) as wire:
        started(wire)
    assert wire.clock.naps[1] == 17


def test_the_pace_slows_down() -> None:
    paces = [pace(elapsed / 10) for elapsed in range(2000)]
    assert paces == sorted(paces)
    assert paces[0] <= 0.5
    assert paces[-1] == 5


@pytest.mark.parametrize(
    ("header", "interval"), [("2", 2), ("0.7", 0.7), ("60", 60), ("0", 0.1), (" 3 ", 3), ("00004", 4)]
)
def test_the_service_may_set_the_interval(header: str, interval: float) -> None:
    asked = Call("GET", OPERATION, operation(), headers={"X-Operation-Poll-Interval": header})
    with Wire(asked, asked, ENDED) as wire:
        started(wire)
    assert wire.clock.naps[1:] == [interval, interval]


@pytest.mark.parametrize("header", ["", "soon", "-1", "nan", "inf", "-inf", "1e400", "½"])
def test_an_interval_that_is_none_is_ignored(header: str) -> None:
    asked = Call("GET", OPERATION, operation(), headers={"X-Operation-Poll-Interval": header})
    with Wire(asked, ENDED) as wire:
        started(wire)
    assert wire.clock.naps[1] == pace(0.25)


def test_an_operation_that_is_only_known_by_its_id_is_read_at_once() -> None:
    with Wire(ENDED) as wire:
        wait(wire.client(), {"id": "op1"})
    assert wire.clock.naps == []


def test_an_operation_that_has_ended_is_not_read() -> None:
    with Wire() as wire:
        assert wait(wire.client(), done("PAUSED"))["done"]
        with pytest.raises(OperationFailed):
            wait(wire.client(), operation(done=True, error=BROKEN))


def test_each_newer_form_is_noted() -> None:
    noted: list[Any] = []
    with Wire(RUNNING, UNAVAILABLE, RUNNING, ENDED) as wire:
        wait(wire.client(), operation(), noted.append)
    assert [item.get("done", False) for item in noted] == [False, False, True]


# Trouble.


@pytest.mark.parametrize("polls", [0, 1, 2, 3])
def test_a_new_operation_may_be_unknown_at_first(polls: int) -> None:
    with Wire(*[UNKNOWN] * polls, ENDED) as wire:
        assert started(wire, EAGER_PACE)["done"]
    # the replica gets time to catch up, however often running operations are looked at
    assert all(nap >= 0.25 for nap in wire.clock.naps[1:])


def test_the_fourth_time_it_is_an_error() -> None:
    with Wire(*[UNKNOWN] * 4) as wire, pytest.raises(ApiError) as failure:
        started(wire)
    assert failure.value.not_found
    assert "Operation not found" in failure.value.msg


def test_a_404_of_something_else_is_no_operation_that_is_not_known_yet() -> None:
    with Wire(Call("GET", OPERATION, "<html>no such page", status=404)) as wire, pytest.raises(ApiError):
        started(wire)


PASSING: dict[str, dict[str, Any]] = {
    "503": {"answer": "upstream connect error", "status": 503},
    "500": {"answer": status(13, "internal"), "status": 500},
    "429": {"answer": status(8, "slow down"), "status": 429},
    "ABORTED": {"answer": status(10, "again"), "status": 409},
    "reset": {"answer": requests.ConnectionError("reset")},
    "timeout": {"answer": requests.ReadTimeout("timed out")},
    "HTML": {"answer": "<html>maintenance</html>"},
    "empty": {"answer": ""},
    "a list": {"answer": []},
    "another operation": {"answer": {"id": "op2", "done": True}},
}


@pytest.mark.parametrize("retries", [0, 1, 5])
@pytest.mark.parametrize("trouble", PASSING.values(), ids=PASSING)
def test_passing_trouble_does_not_end_the_wait(trouble: dict[str, Any], retries: int) -> None:
    with Wire(*[Call("GET", OPERATION, **trouble)] * 12, ENDED) as wire:
        assert wait(wire.client(retries=retries), operation())["done"]


@pytest.mark.parametrize("trouble", PASSING.values(), ids=PASSING)
def test_trouble_that_does_not_pass_ends_it_at_wait_timeout(trouble: dict[str, Any]) -> None:
    service = Service(0, trouble=10_000, answers=(trouble,))
    began = service.clock.time
    with pytest.raises(OperationTimeout) as failure:
        wait(service.client(wait_timeout=100), operation())
    assert service.clock.time - began == 100
    assert len(service.asked) >= 20
    message = failure.value.msg
    assert "operation op1 has not ended within 100 s (wait_timeout); the last poll failed: " in message
    assert failure.value.error == ApiError("", error=failure.value.error).error


@pytest.mark.parametrize("before", [[], [RUNNING], [UNAVAILABLE, RUNNING]])
def test_an_operation_that_may_not_be_read_is_an_error_at_once(before: list[Call]) -> None:
    with Wire(*before, DENIED) as wire, pytest.raises(ApiError) as failure:
        started(wire)
    assert failure.value.http_status == 403
    assert "managed-kafka.viewer" in failure.value.msg


# Its end.


def test_a_timeout_names_the_operation_and_says_that_it_goes_on() -> None:
    service = Service(1000)
    began = service.clock.time
    with pytest.raises(OperationTimeout) as failure:
        wait(service.client(wait_timeout=100), operation())
    assert service.clock.time - began == 100
    assert service.asked[-1] == began + 100  # the last poll is as late as it can be
    assert "timed out: operation op1 has not ended within 100 s (wait_timeout)." in failure.value.msg
    assert "goes on at the server" in failure.value.msg
    assert failure.value.error is None
    assert failure.value.operation == operation()


def test_an_operation_that_ends_with_the_task_has_ended() -> None:
    assert wait(Service(100).client(wait_timeout=100), operation())["done"]


@pytest.mark.parametrize("error", [BROKEN, {}, {"code": 13}, {"message": "broker is down"}, "broker is down"])
def test_an_error_is_a_failure_however_little_it_says(error: Any) -> None:
    with (
        Wire(Call("GET", OPERATION, operation(error=error, done=True))) as wire,
        pytest.raises(OperationFailed) as failure,
    ):
        started(wire)
    assert "operation op1 failed" in failure.value.msg
    assert "timed out" not in failure.value.msg
    assert "rolled back" not in failure.value.msg
    assert failure.value.operation["done"]


def test_the_error_is_the_operations_own() -> None:
    with (
        Wire(Call("GET", OPERATION, operation(error=BROKEN, done=True))) as wire,
        pytest.raises(OperationFailed) as failure,
    ):
        started(wire)
    assert failure.value.msg == "operation op1 failed with INTERNAL: broker is down."
    assert failure.value.error == {
        "http_status": None,
        "code": 13,
        "status": "INTERNAL",
        "message": "broker is down",
        "details": BROKEN["details"],
        "request_id": "11-22",
    }


def test_the_rollback_of_a_failed_operation_is_waited_for() -> None:
    rolling_back = Call("GET", OPERATION, operation(error=BROKEN))
    ended = Call("GET", OPERATION, operation(error=BROKEN, done=True))
    with Wire(rolling_back, UNAVAILABLE, rolling_back, ended) as wire, pytest.raises(OperationFailed) as failure:
        started(wire)
    assert failure.value.operation["done"]
    assert "rolled back" not in failure.value.msg


@pytest.mark.parametrize("then", [[], [DENIED], [UNKNOWN] * 4])
def test_a_rollback_that_cannot_be_waited_for_is_the_operations_own_error(then: list[Call]) -> None:
    script = [Call("GET", OPERATION, operation(error=BROKEN), takes=0 if then else 100), *then]
    with Wire(*script) as wire, pytest.raises(OperationFailed) as failure:
        wait(wire.client(wait_timeout=60), operation())
    assert "failed with INTERNAL: broker is down" in failure.value.msg
    assert "still being rolled back" in failure.value.msg
    assert "timed out" not in failure.value.msg


# The clock.


def test_a_deadline_is_never_slept_past() -> None:
    clock = FakeClock()
    deadline = Deadline(10, clock)
    assert (deadline.remaining(), deadline.passed) == (10, False)
    deadline.sleep(4)
    assert deadline.remaining() == 6
    deadline.sleep(100)
    assert (deadline.remaining(), deadline.passed) == (0, True)
    deadline.sleep(1)
    assert clock.naps == [4, 6]
    clock.time += 5
    assert deadline.remaining() == 0


def test_all_of_it_is_one_family() -> None:
    for kind in (OperationFailed, OperationTimeout, ApiError):
        assert issubclass(kind, Error)
