# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Somebody else is at work on the same cluster, between any two of our requests; and several of us at once."""

from __future__ import annotations

import json
import os
import subprocess
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from faults.world import Report, World, perform
from google.protobuf.field_mask_pb2 import FieldMask
from runner import COLLECTION, KEPT, collections_path, program
from yandex.cloud.mdb.kafka.v1.connector_pb2 import UpdateConnectorSpec
from yandex.cloud.mdb.kafka.v1.connector_service_pb2 import UpdateConnectorRequest

from sandbox import Sandbox
from sandbox.calls import Call
from sandbox.cloud import SOMEBODY_ELSE
from sandbox.status import Refused

WAIT = 60


@pytest.fixture
def world(world: World) -> World:
    """A world whose operations leave time for somebody else."""
    world.sandbox.behaviour.operation_seconds = 2
    return world


def pause(world: World) -> None:
    world.sandbox.cloud.begin("pause", world.cluster_id, "mirror")


def pause_at_once(world: World) -> None:
    world.sandbox.cloud.finish(world.sandbox.cloud.begin("pause", world.cluster_id, "mirror"))


def resume(world: World) -> None:
    world.sandbox.cloud.begin("resume", world.cluster_id, "mirror")


def resume_at_once(world: World) -> None:
    world.sandbox.cloud.finish(world.sandbox.cloud.begin("resume", world.cluster_id, "mirror"))


def update(world: World) -> None:
    spec = UpdateConnectorSpec()
    spec.tasks_max.value = 7
    mask = FieldMask(paths=["connector_spec.tasks_max"])
    request = UpdateConnectorRequest(
        cluster_id=world.cluster_id, connector_name="mirror", update_mask=mask, connector_spec=spec
    )
    world.sandbox.cloud.change(request, by=SOMEBODY_ELSE)


def delete(world: World) -> None:
    world.sandbox.cloud.begin("delete", world.cluster_id, "mirror")


def delete_at_once(world: World) -> None:
    world.sandbox.cloud.finish(world.sandbox.cloud.begin("delete", world.cluster_id, "mirror"))


def delete_the_cluster(world: World) -> None:
    world.sandbox.cloud.reset()


Deed = Callable[[World], None]
DEEDS: list[Deed] = [
    *(pause, pause_at_once, resume, resume_at_once),
    *(update, delete, delete_at_once, delete_the_cluster),
]


def between(world: World, number: int, deed: Deed) -> None:
    """Let somebody do something just before our request of that number, counted from 0."""

    def hook(call: Call) -> None:
        if len(world.sandbox.requests) == number + 1:
            try:
                deed(world)
            except Refused as refused:
                assert "onflicting" in str(refused)  # ours is under way, and theirs is refused

    world.sandbox.on_request("", hook)


def ours(world: World) -> int:
    """Return how many pauses were accepted from us."""
    accepted = [call for call in world.sandbox.requests_of("Pause") if call.code == "OK"]
    return len({call.idempotency_key for call in accepted})


@pytest.mark.parametrize("noop_is_error", [False, True])
@pytest.mark.parametrize("exclusive", [True, False])
@pytest.mark.parametrize("deed", DEEDS)
@pytest.mark.parametrize("number", range(5))
def test_somebody_between_two_requests(
    world: World, number: int, deed: Deed, exclusive: bool, noop_is_error: bool
) -> None:
    world.sandbox.behaviour.exclusive = exclusive
    world.sandbox.behaviour.noop_is_error = noop_is_error
    world.sandbox.behaviour.missing_response = number == 4  # so that the connector is read again
    between(world, number, deed)
    report = world.perform(wait_timeout=WAIT)
    judge(world, report)
    if deed in (pause, pause_at_once) and number <= 1 and not (deed is pause_at_once and number == 1):
        # theirs is in the way, or done: there is no second one
        assert not report.failed, report
        assert not report.changed
        assert ours(world) == 0
    if deed in (pause, update) or (deed in (resume, resume_at_once) and number < 2):
        assert not report.failed, report


def judge(world: World, report: Report) -> None:
    """Check that the outcome is right, and explained."""
    assert ours(world) <= 1
    assert report.changed == (ours(world) == 1), report
    if not report.failed:
        assert report.result["connector"]["status"] == "PAUSED"
        return
    assert any(
        reason in report.msg
        for reason in (
            "it does not exist",  # any more, or at all
            "there is no cluster",
            "the connector is RUNNING, not PAUSED",
            "the connector is missing, not PAUSED",
            "failed with NOT_FOUND",
            "HTTP 404 NOT_FOUND",
            "NOT_FOUND: Cluster not found",
        )
    ), report


def test_a_conflict_with_a_pause_by_somebody_else_changes_nothing(world: World) -> None:
    pause(world)
    report = world.perform()
    assert not report.failed
    assert not report.changed
    assert ours(world) == 0
    assert len(world.sandbox.requests_of("Pause")) == 1


def test_a_conflict_with_a_pause_that_fails_is_no_excuse(world: World) -> None:
    world.sandbox.faults.fail_operation("pause", rollback_seconds=3)
    pause(world)
    report = world.perform()
    assert not report.failed
    assert report.changed
    assert ours(world) == 1
    assert world.status() == "PAUSED"


def test_somebody_who_never_leaves_the_cluster_alone(world: World) -> None:
    world.reset("mirror", "other")
    world.sandbox.behaviour.operation_seconds = 5

    def begin(call: Call) -> None:
        if all(operation.done for operation in world.sandbox.cloud.operations()):
            world.sandbox.cloud.begin("resume", world.cluster_id, "other")

    world.sandbox.on_request("Pause", begin)
    report = world.perform(wait_timeout=WAIT)
    assert report.failed
    assert not report.changed
    assert "still keeps the cluster" in report.msg
    assert "run again" in report.msg
    assert ours(world) == 0


def test_a_connector_that_somebody_resumes_while_its_pause_is_awaited(world: World) -> None:
    world.sandbox.behaviour.missing_response = True
    world.sandbox.on_request("Connector.Get", lambda call: world.operations() and resumed(world))
    report = world.perform(wait_timeout=10)
    assert report.failed
    assert report.changed
    assert "the connector is RUNNING, not PAUSED" in report.msg
    assert report.result["operation"]["done"]


def resumed(world: World) -> None:
    world.sandbox.cloud.set_status(world.cluster_id, "mirror", "RUNNING")


# Several of us, and many connectors.


@pytest.mark.parametrize("exclusive", [True, False])
def test_what_waits_for_its_turn_is_looked_at_again(exclusive: bool) -> None:
    """More connectors than are changed at once: while some are, somebody pauses those whose turn has not come."""
    names = [f"mirror-{number:02}" for number in range(24)]
    with World(factor=5) as world:
        world.reset(*names)
        world.sandbox.behaviour.operation_seconds = 0.5
        world.sandbox.behaviour.exclusive = exclusive
        asked: set[str] = set()

        def somebody(call: Call) -> None:
            for name in names[16:]:
                world.sandbox.cloud.set_status(world.cluster_id, name, "PAUSED")

        world.sandbox.on_request("Operation.Get", somebody)
        world.sandbox.on_request("Connector.Pause", lambda call: asked.add(call.message["connector_name"]))
        report = world.perform(names=["mirror-*"])
        assert not report.failed, report
        assert asked == set(names[:16])
        assert len(world.operations()) == 16


NAMES = [f"mirror-{number}" for number in range(10)]


@pytest.mark.parametrize(
    ("exclusive", "noop_is_error", "seconds"), [(True, True, 6), (False, False, 60), (False, True, 60)]
)
def test_five_tasks_pause_the_same_ten_connectors(
    world: World, exclusive: bool, noop_is_error: bool, seconds: float
) -> None:
    world.reset(*NAMES)
    world.sandbox.behaviour.operation_seconds = seconds
    world.sandbox.behaviour.exclusive = exclusive
    world.sandbox.behaviour.noop_is_error = noop_is_error
    tasks = [world.task(names=["mirror-*"], wait_timeout=1200) for dummy in range(5)]
    with ThreadPoolExecutor(5) as pool:
        reports = list(pool.map(lambda task: perform(task, clock=world.clock), tasks))
    assert_one_pause_each(world.sandbox)
    assert not [report for report in reports if report.failed]
    assert sum(len(report.result.get("operations", ())) for report in reports) == len(NAMES)


def test_five_playbooks_pause_the_same_ten_connectors(sandbox: Sandbox, tmp_path: Path) -> None:
    cluster_id = sandbox.cloud.add_cluster()
    for name in NAMES:
        sandbox.cloud.add_connector(cluster_id, name)
    sandbox.behaviour.operation_seconds = 1
    task = {f"{COLLECTION}.kafka_connector": {"cluster_id": cluster_id, "names": ["mirror-*"], "state": "paused"}}
    playbook = tmp_path / "playbook.yml"
    playbook.write_text(json.dumps([{"hosts": "localhost", "gather_facts": False, "tasks": [task]}]))
    environ = {"HOME": str(tmp_path), "ANSIBLE_COLLECTIONS_PATH": collections_path(), "YC_ENDPOINT": sandbox.url}
    environ.update({name: os.environ[name] for name in KEPT if name in os.environ})
    running = [
        subprocess.Popen(
            [program("ansible-playbook"), playbook],
            env={**environ, "YC_IAM_TOKEN": sandbox.iam_token()},
            cwd=tmp_path,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        for dummy in range(5)
    ]
    outputs = [process.communicate(timeout=100)[0] for process in running]
    assert [process.returncode for process in running] == [0] * 5, "\n".join(outputs)
    assert_one_pause_each(sandbox)


def assert_one_pause_each(sandbox: Sandbox) -> None:
    begun = Counter(operation.connector_name for operation in sandbox.cloud.operations())
    assert begun == dict.fromkeys(NAMES, 1)
