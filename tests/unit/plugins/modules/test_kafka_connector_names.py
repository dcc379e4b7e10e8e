# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""kafka_connector with names, on a scripted wire: what is chosen, what is read, what is returned."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Lock, Thread
from typing import Any

import pytest

from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._apply import Converger
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._clock import EAGER_PACE, Deadline, pace
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._cluster import Cluster
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._connector import Wanted, connector_from_api
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._errors import (
    DeadlineError,
    Error,
    InputError,
)
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._fleet import Lane, Listing, converge_all
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._fleet import result as combined
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._outcome import Outcome
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._specification import options
from ansible_collections.yandex_cloud.managed_kafka.plugins.modules.kafka_connector import check, manage
from ansible_collections.yandex_cloud.managed_kafka.tests.unit.plugins.wire import (
    CLUSTER_ID,
    CONNECTORS,
    NOT_FOUND,
    OPERATION,
    PAUSE,
    Call,
    FakeClock,
    Wire,
    connector,
    done,
    operation,
    status,
)

MIRRORS = {"connectors": [connector(), connector("PAUSED", name="archive"), connector("PAUSED", name="mirror-2")]}
LIST = Call("GET", CONNECTORS, MIRRORS, query={"pageSize": "1000"})
UNSET = {**dict.fromkeys(options()), "cluster_id": CLUSTER_ID, "cluster_name": None, "name": None}


def params(names: list[str], state: str = "paused", **others: Any) -> dict[str, Any]:
    common = {"wait": True, "purge_properties": False, "update_secrets": False}
    return {**UNSET, **common, "names": names, "state": state, **others}


def task(wire: Wire, names: list[str], state: str = "paused", *, check_mode: bool = False) -> dict[str, Any]:
    return manage(params(names, state), wire.client(), check_mode)


def test_what_is_as_wanted_costs_one_list() -> None:
    with Wire(LIST) as wire:
        result = task(wire, ["mirror-*", "archive", "archive", "a*"])
    assert not result["changed"]
    assert [item["name"] for item in result["connectors"]] == ["archive", "mirror-2"]
    assert list(result["ansible_facts"]["kafka_connectors"]) == ["archive", "mirror-2"]
    assert result["diff"] == {"before": {}, "after": {}}
    assert "operations" not in result


def test_only_what_needs_it_is_changed() -> None:
    script = LIST, Call("POST", PAUSE, operation()), Call("GET", OPERATION, done("PAUSED"))
    with Wire(*script) as wire:
        result = task(wire, ["*"])
    assert result["changed"]
    assert {item["status"] for item in result["connectors"]} == {"PAUSED"}
    assert [item["id"] for item in result["operations"]] == ["op1"]
    # each asks less often than one by itself would: many may do so side by side
    assert wire.clock.naps == [pace(0)] != [pace(0, EAGER_PACE)]
    assert result["diff"] == {"before": {"mirror": {"status": "RUNNING"}}, "after": {"mirror": {"status": "PAUSED"}}}
    with Wire(LIST) as wire:
        checked = task(wire, ["*"], check_mode=True)
    assert [checked[key] for key in ("changed", "diff", "connectors")] == [
        result[key] for key in ("changed", "diff", "connectors")
    ]
    assert "operations" not in checked


def test_a_missing_name_is_an_error_before_anything_changes() -> None:
    with Wire(LIST) as wire, pytest.raises(InputError) as failure:
        task(wire, ["mirror", "missing-1", "missing-2"])
    assert "no connector missing-1, missing-2" in failure.value.msg
    with Wire(LIST) as wire:
        result = task(wire, ["missing-1"], "absent")
    assert not result["changed"]
    assert result["connectors"] == []


def test_a_pattern_that_matches_nothing_is_a_warning() -> None:
    with Wire(LIST) as wire:
        client = wire.client()
        result = manage(params(["none-*"]), client, False)
    assert not result["changed"]
    assert client.warnings == ["No connector of the cluster matches the pattern none-*."]


def test_an_empty_list_of_names_is_a_warning() -> None:
    with Wire(LIST) as wire:
        client = wire.client()
        result = manage(params([]), client, False)
    assert result["connectors"] == []
    assert client.warnings == ["The option names is empty: it stands for no connector."]


def test_a_connector_that_two_pages_show_is_one() -> None:
    pages = (
        Call("GET", CONNECTORS, {"connectors": [connector()], "nextPageToken": "2"}, query={"pageSize": "1000"}),
        Call("GET", CONNECTORS, {"connectors": [connector()]}, query={"pageSize": "1000", "pageToken": "2"}),
    )
    with Wire(*pages, Call("POST", PAUSE, done("PAUSED"))) as wire:
        result = task(wire, ["mirror"])
    assert result["changed"]
    assert [item["name"] for item in result["connectors"]] == ["mirror"]


def test_what_was_listed_long_ago_is_read_again() -> None:
    pages = (
        Call("GET", CONNECTORS, {"connectors": [connector()], "nextPageToken": "2"}, query={"pageSize": "1000"}),
        Call("GET", CONNECTORS, {}, query={"pageSize": "1000", "pageToken": "2"}, takes=30),
    )
    with Wire(*pages, Call("GET", f"{CONNECTORS}/mirror", connector("PAUSED"))) as wire:
        result = task(wire, ["mirror"])
    assert not result["changed"]
    assert result["connectors"][0]["status"] == "PAUSED"


def test_a_cluster_that_is_missing_is_told_with_what_was_attempted() -> None:
    with Wire(Call("GET", CONNECTORS, NOT_FOUND, status=404)) as wire, pytest.raises(InputError) as failure:
        task(wire, ["mirror"])
    assert failure.value.msg.startswith("Could not pause connectors of cluster c9qtest: there is no cluster c9qtest")


def test_what_one_fails_in_does_not_keep_the_others() -> None:
    two = {"connectors": [connector(name=name) for name in ("a", "b")]}

    class AnyOrder(Wire):
        """The two connectors are seen to side by side: which call comes first is not known."""

        lock = Lock()

        def send(self, request: Any, *args: Any, **options: Any) -> Any:
            path = request.url.split("api.cloud.yandex.net")[1].partition("?")[0]
            with self.lock:
                self.script.sort(key=lambda call: not call.place.endswith(path))
                return super().send(request, *args, **options)

    with (
        AnyOrder(
            Call("GET", CONNECTORS, two),
            Call("POST", f"{CONNECTORS}/pause/a", status(7, "Permission denied"), status=403),
            Call("GET", f"{CONNECTORS}/a", connector(name="a")),
            Call("POST", f"{CONNECTORS}/pause/b", {"id": "op2"}),
            Call("GET", "operation /operations/op2", {**done("PAUSED"), "id": "op2"}),
            Call("GET", f"{CONNECTORS}/b", connector("PAUSED", name="b")),
        ) as wire,
        pytest.raises(Error) as failure,
    ):
        task(wire, ["a", "b"])
    result = failure.value.result()
    assert result["msg"].startswith("Could not pause connectors of cluster c9qtest: 1 of 2 failed (a: ")
    assert result["changed"]
    assert [(item["name"], item["status"]) for item in result["connectors"]] == [("a", "RUNNING"), ("b", "PAUSED")]
    assert [item["name"] for item in result["failed_connectors"]] == ["a"]
    assert "managed-kafka.editor" in result["failed_connectors"][0]["msg"]
    assert result["failed_connectors"][0]["error"]["http_status"] == 403
    assert [item["id"] for item in result["operations"]] == ["op2"]


@pytest.mark.parametrize(
    "options",
    [
        {"state": "present"},
        {"tasks_max": 3},
        {"names": ["mirror/*"]},
        {"names": [".."]},
        {"names": [""]},
    ],
)
def test_what_cannot_be_is_refused(options: dict[str, Any]) -> None:
    with pytest.raises(InputError):
        check({**params(["mirror"]), **options})


def test_a_turn_that_does_not_come_in_time() -> None:
    clock = FakeClock()
    lane = Lane(Deadline(60, clock), width=1)
    with lane.turn():
        clock.time += 60
        with pytest.raises(DeadlineError, match="before its turn came"), lane.turn():
            pass
    with lane.turn():
        lane.alone(begun=False)


def test_who_has_begun_gets_the_next_turn() -> None:
    """Its connector may be paused in the middle of a restart: the others' are as they were."""
    lane = Lane(Deadline(60), width=3)
    have_turns = Barrier(3)
    order = []

    def conflict(begun: bool) -> None:
        with lane.turn():
            have_turns.wait()
            lane.alone(begun)
            order.append(begun)

    with ThreadPoolExecutor(2) as pool:
        with lane.turn():
            others = [pool.submit(conflict, begun) for begun in (False, True)]
            have_turns.wait()
            with lane._condition:
                assert lane._condition.wait_for(lambda: lane._taken == 1, timeout=10)
        for other in others:
            other.result()
    assert order == [True, False]


@pytest.mark.parametrize("room", [0, 1, 2])
def test_fewer_threads_than_connectors(monkeypatch: pytest.MonkeyPatch, room: int) -> None:
    names = [f"c-{number}" for number in range(6)]
    taken: list[str] = []
    threads: list[Thread] = []
    start = Thread.start

    def start_if_there_is_room(thread: Thread) -> None:
        if len(threads) == room:
            raise RuntimeError("can't start new thread")
        threads.append(thread)
        start(thread)

    with Wire(Call("GET", CONNECTORS, {"connectors": [connector(name=name) for name in names]})) as wire:
        client = wire.client()
        cluster = Cluster(client, CLUSTER_ID)
        listing = Listing(cluster, client.deadline)
        outcomes = [Outcome(name, listing.connectors[name]) for name in names]
        converger = Converger(client, cluster, Wanted("paused"), check_mode=True, wait=True)
        monkeypatch.setattr(converger, "converge", lambda outcome, _alone: taken.append(outcome.name))
        monkeypatch.setattr(Thread, "start", start_if_there_is_room)
        converge_all(converger, outcomes, listing, Lane(client.deadline))
    assert sorted(taken) == names
    assert not any(outcome.error for outcome in outcomes)


def listed(wire: Wire, **options: Any) -> tuple[Listing, Outcome]:
    """Return a list, and what is known of a connector since."""
    client = wire.client(**options)
    listing = Listing(Cluster(client, CLUSTER_ID), client.deadline)
    return listing, Outcome("mirror", listing.connectors["mirror"], read_at=listing.read_at)


def test_a_list_that_is_old_is_made_again_for_all() -> None:
    others = {"connectors": [connector("PAUSED"), connector("PAUSED", name="archive")]}
    with Wire(LIST, Call("GET", CONNECTORS, others)) as wire:
        listing, outcome = listed(wire)
        wire.clock.time += 0.4
        listing.refresh(outcome)
        assert outcome.connector == connector_from_api(connector())
        wire.clock.time += 0.4
        listing.refresh(outcome)
        assert outcome.connector == connector_from_api(connector("PAUSED"))
        assert outcome.read_at == wire.clock.time
        gone = Outcome("mirror-2", connector_from_api(connector(name="mirror-2")), read_at=0.0)
        listing.refresh(gone)
    assert (gone.connector, gone.read_at) == (connector_from_api(connector(name="mirror-2")), 0.0)


@pytest.mark.parametrize(
    ("script", "options"),
    [
        # a list that is slow would be old when it is there
        ([Call("GET", CONNECTORS, MIRRORS, takes=0.6)], {}),
        # one that failed may fail again, and takes its time for that
        ([LIST, Call("GET", CONNECTORS, status(7, "Permission denied"), status=403)], {}),
        # no time is left to do anything with it
        ([LIST], {"wait_timeout": 2}),
    ],
)
def test_a_list_that_would_not_help_is_not_made_again(script: list[Call], options: dict[str, Any]) -> None:
    with Wire(*script) as wire:
        listing, outcome = listed(wire, **options)
        read_at = outcome.read_at
        for dummy in range(3):
            wire.clock.time += 2
            listing.refresh(outcome)
    assert outcome.read_at == read_at


def test_a_bug_in_one_does_not_lose_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Lane, "turn", lambda self: 1 / 0)
    with Wire(LIST) as wire, pytest.raises(Error) as failure:
        task(wire, ["*"])
    result = failure.value.result()
    assert "a bug in yandex_cloud.managed_kafka" in result["failed_connectors"][0]["msg"]
    assert len(result["connectors"]) == 3


def test_when_time_is_over_nothing_more_is_read() -> None:
    slow = Call("GET", CONNECTORS, MIRRORS, query={"pageSize": "1000"}, takes=30)
    with Wire(slow) as wire, pytest.raises(Error) as failure:
        manage(params(["*"]), wire.client(wait_timeout=20), False)
    assert "timed out after 20 s (wait_timeout), before it could be asked for" in failure.value.msg


def failures(*reasons: str, advice: str = "Run again.") -> list[Outcome]:
    """Return outcomes that failed."""
    outcomes = [Outcome(f"c-{number}", connector_from_api(connector())) for number in range(len(reasons))]
    for outcome, reason in zip(outcomes, reasons):
        outcome.error = Error(reason, advice)
    return outcomes


@pytest.mark.parametrize(
    ("reasons", "shown"),
    [
        (
            [f"timed out: operation op{number} has not ended within 60 s" for number in range(5)],
            "5 of 5 failed (c-0 and 4 more: timed out: operation op0 has not ended within 60 s). Run again.",
        ),
        (
            ["operation a1 failed with INTERNAL: disk full", "operation b2 failed with INTERNAL: bad password"],
            (
                "2 of 2 failed (c-0: operation a1 failed with INTERNAL: disk full; "
                "c-1: operation b2 failed with INTERNAL: bad password). Run again."
            ),
        ),
        (
            ["one", "two", "three", "four", "five", "one"],
            (
                "6 of 6 failed (c-0 and 1 more: one; c-1: two; c-2: three; kinds of failures that are not shown: 2). "
                "Run again."
            ),
        ),
    ],
)
def test_each_kind_of_failure_is_shown_once(reasons: list[str], shown: str) -> None:
    with pytest.raises(Error) as failure:
        combined(failures(*reasons), "pause connectors of cluster c9qtest")
    assert failure.value.msg == f"Could not pause connectors of cluster c9qtest: {shown}"


def test_advice_that_differs_is_left_to_each() -> None:
    with pytest.raises(Error) as failure:
        combined([*failures("one"), *failures("two", advice="Grant the role.")], "pause connectors of cluster c9qtest")
    assert failure.value.msg.endswith("Each failure says in failed_connectors what to do.")


def test_what_waited_for_its_turn_is_read_again() -> None:
    with Wire(Call("GET", f"{CONNECTORS}/mirror", connector("PAUSED"))) as wire:
        client = wire.client()
        converger = Converger(client, Cluster(client, CLUSTER_ID), Wanted("paused"), check_mode=False, wait=True)
        outcome = Outcome("mirror", connector_from_api(connector()), read_at=client.deadline.now())
        wire.clock.time += 2
        converger.converge(outcome)
    assert not outcome.changed


def test_what_an_operation_says_is_newer_than_what_was_read() -> None:
    with Wire(
        Call("GET", f"{CONNECTORS}/mirror", connector()),
        Call("POST", PAUSE, operation()),
        Call("GET", OPERATION, done("PAUSED"), takes=30),
        Call("POST", f"{CONNECTORS}/resume/mirror", {"id": "op2"}),
        Call("GET", "operation /operations/op2", {**done("RUNNING"), "id": "op2"}),
    ) as wire:
        client = wire.client()
        converger = Converger(client, Cluster(client, CLUSTER_ID), Wanted("restarted"), check_mode=False, wait=True)
        outcome = Outcome("mirror", connector_from_api(connector()), read_at=client.deadline.now())
        wire.clock.time += 2
        converger.converge(outcome)
    assert [step.action for step in outcome.steps] == ["pause", "resume"]
