# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Another client changes the same cluster between our requests, and several of our tasks run at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from google.protobuf.field_mask_pb2 import FieldMask
from support.world import Report, World, perform
from yandex.cloud.mdb.kafka.v1.connector_pb2 import UpdateConnectorSpec
from yandex.cloud.mdb.kafka.v1.connector_service_pb2 import UpdateConnectorRequest

from sandbox.calls import Call
from sandbox.cloud import SOMEBODY_ELSE
from sandbox.status import Refused

WAIT = 60
NAMES = [f"mirror-{number}" for number in range(10)]


def begin(kind: str) -> Callable[[World], object]:
    return lambda world: world.sandbox.cloud.begin(kind, world.cluster_id, "mirror")


def complete(kind: str) -> Callable[[World], object]:
    return lambda world: world.sandbox.cloud.finish(world.sandbox.cloud.begin(kind, world.cluster_id, "mirror"))


def update(world: World) -> None:
    spec = UpdateConnectorSpec()
    spec.tasks_max.value = 7
    mask = FieldMask(paths=["connector_spec.tasks_max"])
    request = UpdateConnectorRequest(
        cluster_id=world.cluster_id, connector_name="mirror", update_mask=mask, connector_spec=spec
    )
    world.sandbox.cloud.change(request, by=SOMEBODY_ELSE)


def delete_cluster(world: World) -> None:
    world.sandbox.cloud.reset()


DEEDS: dict[str, Callable[[World], object]] = {
    "pause starts": begin("pause"),
    "pause": complete("pause"),
    "resume starts": begin("resume"),
    "resume": complete("resume"),
    "update starts": update,
    "delete starts": begin("delete"),
    "delete": complete("delete"),
    "cluster is deleted": delete_cluster,
}


def do_before_request(world: World, number: int, deed: Callable[[World], object]) -> None:
    """Let another client act just before our request of this number, counted from 0."""

    def hook(call: Call) -> None:
        if len(world.sandbox.requests) == number + 1:
            try:
                deed(world)
            except Refused as refused:
                # Our operation is in progress.
                assert "onflicting" in str(refused)

    world.sandbox.on_request("", hook)


def our_pauses(world: World) -> int:
    """Return the number of pauses that the service accepted from us."""
    accepted = [call for call in world.sandbox.requests_of("Pause") if call.code == "OK"]
    return len({call.idempotency_key for call in accepted})


@pytest.mark.parametrize("no_change", [False, True], ids=["no change is fine", "no change is an error"])
@pytest.mark.parametrize("exclusive", [True, False], ids=["exclusive", "parallel"])
@pytest.mark.parametrize("deed", DEEDS)
@pytest.mark.parametrize("number", range(5), ids=["read", "pause", "poll 1", "poll 2", "read again"])
def test_change_of_another_client_before_each_request(
    world: World, number: int, deed: str, exclusive: bool, no_change: bool
) -> None:
    world.sandbox.behaviour.exclusive = exclusive
    world.sandbox.behaviour.noop_is_error = no_change
    # Without a response, the connector is read again.
    world.sandbox.behaviour.missing_response = number == 4
    world.end_operations_at_poll(2)
    do_before_request(world, number, DEEDS[deed])
    report = world.perform(wait_timeout=WAIT)
    check_end(world, report)
    is_old_pause = (number, deed) in {(0, "pause starts"), (0, "pause"), (1, "pause starts")}
    if is_old_pause:
        assert not report.failed, report
        assert not report.changed
        assert our_pauses(world) == 0
    if deed in ("pause starts", "update starts") or (deed in ("resume starts", "resume") and number < 2):
        assert not report.failed, report


def check_end(world: World, report: Report) -> None:
    """Check that the result is true, and explained."""
    assert our_pauses(world) <= 1
    assert report.changed == (our_pauses(world) == 1), report
    if not report.failed:
        assert report["connector"]["status"] == "PAUSED"
        return
    reasons = (
        "no such connector",
        "the connector was deleted during the task",
        f"cluster {world.cluster_id} was not found",
        "the status is RUNNING instead of PAUSED",
        "the status is missing instead of PAUSED",
        "the service reported an error",
        "HTTP 404 NOT_FOUND",
    )
    assert any(reason in report.msg for reason in reasons), report


# Many connectors, and several of our tasks


@pytest.mark.parametrize("exclusive", [True, False], ids=["exclusive", "parallel"])
def test_connectors_that_wait_for_their_turn_are_read_again(world: World, exclusive: bool) -> None:
    """Another client pauses the connectors whose turn has not come yet."""
    names = [f"mirror-{number:02}" for number in range(24)]
    world.reset(*names)
    world.sandbox.behaviour.exclusive = exclusive
    world.end_operations_at_poll(1)
    sent: set[str] = set()

    def pause_the_others(call: Call) -> None:
        for name in names[16:]:
            world.sandbox.cloud.set_status(world.cluster_id, name, "PAUSED")

    world.sandbox.on_request("Operation.Get", pause_the_others)
    world.sandbox.on_request("Connector.Pause", lambda call: sent.add(call.message["connector_name"]))
    report = world.perform(names=["mirror-*"])
    assert not report.failed, report
    assert sent == set(names[:16])
    assert len(world.operations()) == 16
    assert report["affected"] == names[:16]


@pytest.mark.parametrize(
    ("exclusive", "no_change"),
    [
        pytest.param(True, True, id="exclusive, no change is an error"),
        pytest.param(False, False, id="parallel, no change is fine"),
        pytest.param(False, True, id="parallel, no change is an error"),
    ],
)
def test_five_tasks_pause_each_of_ten_connectors_once(world: World, exclusive: bool, no_change: bool) -> None:
    world.reset(*NAMES)
    world.sandbox.behaviour.exclusive = exclusive
    world.sandbox.behaviour.noop_is_error = no_change
    if exclusive:
        world.sandbox.behaviour.operation_seconds = 6
    else:
        # The ends are far apart. Otherwise a pause can end between a task's read and its request.
        world.sandbox.behaviour.operation_seconds = lambda _kind, name: 60 + 30 * NAMES.index(name)
    tasks = [world.task(names=["mirror-*"], wait_timeout=1200) for dummy in range(5)]
    with ThreadPoolExecutor(5) as pool:
        reports = list(pool.map(lambda task: perform(task, clock=world.clock), tasks))
    started = Counter(operation.connector_name for operation in world.sandbox.cloud.operations())
    assert started == dict.fromkeys(NAMES, 1)
    assert not [report for report in reports if report.failed]
    assert sum(len(report.result.get("operations", ())) for report in reports) == len(NAMES)
    assert sorted(name for report in reports for name in report["affected"]) == NAMES
