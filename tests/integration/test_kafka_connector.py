# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""kafka_connector in playbooks: pause, resume and restart, and all that may come in between.

Each play holds several tasks, each with a cluster of its own: what a play costs is mostly its start.
"""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest
from support.runner import COLLECTION, calls, collections_path, connector, play, program, story

from sandbox import Sandbox
from sandbox.behaviour import CONFLICT_PLAIN
from sandbox.calls import Call
from sandbox.cloud import FOLDER

READ, PAUSE, RESUME, POLL = "Connector.Get", "Connector.Pause", "Connector.Resume", "Operation.Get"


def add(sandbox: Sandbox, name: str, status: str = "RUNNING") -> str:
    """Add a cluster of that name with a connector of the same name; return the cluster's id."""
    cluster_id = sandbox.cloud.add_cluster(name)
    sandbox.cloud.add_connector(cluster_id, name, status=status)
    return cluster_id


def paused(name: str, cluster_id: str, **options: Any) -> dict[str, Any]:
    """Return a task of that name, which pauses the connector of that name."""
    return connector(name, name=name, cluster_id=cluster_id, state="paused", **options)


def behave(sandbox: Sandbox, **behaviours: dict[str, Any]) -> None:
    """Let the cloud behave as is said for a connector, from the first time that it is read."""

    def hook(call: Call) -> None:
        sandbox.behaviour.reset()
        vars(sandbox.behaviour).update(behaviours.get(call.message["connector_name"], {}))

    sandbox.on_request(READ, hook)


def once(sandbox: Sandbox, rpc: str, cluster_id: str, action: Callable[[], object]) -> None:
    """Do something just before the first call of an rpc for a cluster is served."""
    left = [action]

    def hook(call: Call) -> None:
        if call.message.get("cluster_id") == cluster_id and left:
            left.pop()()

    sandbox.on_request(rpc, hook)


def status(sandbox: Sandbox, cluster_id: str, name: str) -> str:
    found = sandbox.cloud.connector(cluster_id, name)
    return found.Status.Name(found.status) if found else "missing"


@pytest.mark.every_core
def test_pause_resume_and_restart(sandbox: Sandbox, cluster_id: str) -> None:
    tasks = [
        connector("checked", state="paused", check_mode_=True),
        connector("pause", state="paused"),
        connector("again", state="paused"),
        connector("checked again", state="paused", check_mode_=True),
        connector("resume", state="running"),
        connector("again running", state="running"),
        connector("restart", state="restarted"),
    ]
    result = play(
        tasks,
        sandbox,
        # what is on this machine is asked directly
        env={"HTTP_PROXY": "http://127.0.0.1:1", "http_proxy": "http://127.0.0.1:1"},
        module_defaults={f"group/{COLLECTION}.all": {"cluster_id": cluster_id}},
    )
    assert result.returncode == 0, result.output

    pause, checked = result["pause"], result["checked"]
    assert pause.changed
    assert pause["connector"]["status"] == "PAUSED"
    assert pause["connector"]["tasks_max"] == 3
    assert pause["ansible_facts"]["kafka_connector"] == pause["connector"]
    assert pause["diff"] == {"before": {"status": "RUNNING"}, "after": {"status": "PAUSED"}}
    assert pause["operation"]["done"]
    assert pause["operation"]["response"] == pause["connector"]
    for key in ("changed", "diff", "connector", "ansible_facts"):
        assert checked[key] == pause[key]
    assert "operation" not in checked.result

    for name, connector_status in (("again", "PAUSED"), ("checked again", "PAUSED"), ("again running", "RUNNING")):
        assert not result[name].changed
        assert result[name]["connector"]["status"] == connector_status
        assert result[name]["diff"] == {"before": {}, "after": {}}
        assert "operation" not in result[name].result
    for name in ("resume", "restart"):
        assert result[name].changed
        assert result[name]["connector"]["status"] == "RUNNING"

    assert story(sandbox, cluster_id) == [
        *[READ],
        *[READ, PAUSE, POLL],
        *[READ],
        *[READ],
        *[READ, RESUME, POLL],
        *[READ],
        *[READ, PAUSE, POLL, RESUME, POLL],
    ]
    made = calls(sandbox, cluster_id)
    assert all(call.headers["user-agent"].startswith(f"{COLLECTION}/") for call in made)
    assert all(" ansible-core/2." in call.headers["user-agent"] for call in made)
    keys = [call.idempotency_key for call in made if call.short_name in (PAUSE, RESUME)]
    assert all(keys)
    assert len(set(keys)) == 4
    assert status(sandbox, cluster_id, "mirror") == "RUNNING"


def test_without_waiting_and_by_name(sandbox: Sandbox) -> None:
    sandbox.behaviour.operation_seconds = 60
    cluster_id = add(sandbox, "orders")
    by_name = {"cluster_name": "orders", "name": "orders"}
    result = play(
        [
            connector("no wait", state="paused", wait=False, folder_id=FOLDER, **by_name),
            connector(
                "folder", state="running", environment_={"YC_FOLDER_ID": FOLDER}, **{**by_name, "folder_id": None}
            ),
            connector("no such", state="running", **{**by_name, "cluster_name": "payments"}),
        ],
        sandbox,
        env={"YC_FOLDER_ID": FOLDER},
    )
    begun = result["no wait"]
    assert begun.changed
    assert not begun["operation"]["done"]
    assert begun["connector"]["status"] == "RUNNING"
    assert begun["diff"]["after"] == {"status": "PAUSED"}
    assert not result["folder"].changed
    assert result["no such"].failed
    assert f"folder {FOLDER} has no cluster named payments" in result["no such"].msg
    assert story(sandbox, cluster_id) == [READ, PAUSE, READ]


def test_changes_that_are_in_the_way(sandbox: Sandbox) -> None:
    """Somebody else is at work when the change is sent; each time the connector had been read before."""
    other, same, refused, vanished = (add(sandbox, name) for name in ("other", "same", "refused", "vanished"))
    sandbox.cloud.add_connector(other, "second")
    once(sandbox, PAUSE, other, lambda: sandbox.cloud.begin("pause", other, "second"))
    once(sandbox, PAUSE, same, lambda: sandbox.cloud.begin("pause", same, "same"))
    once(sandbox, PAUSE, refused, lambda: sandbox.cloud.set_status(refused, "refused", "PAUSED"))
    once(sandbox, PAUSE, vanished, lambda: sandbox.cloud.remove_connector(vanished, "vanished"))
    behave(sandbox, same={"conflict_message": CONFLICT_PLAIN}, refused={"noop_is_error": True})
    result = play(
        [
            paused("other", other),
            paused("same", same),
            paused("refused", refused),
            paused("vanished", vanished),
        ],
        sandbox,
    )
    # it is waited for, and then the change is sent again, with a key of its own
    assert result["other"].changed
    assert result["other"]["connector"]["status"] == "PAUSED"
    assert story(sandbox, other)[:6] == [READ, PAUSE, POLL, READ, PAUSE, POLL]
    keys = {call.idempotency_key for call in sandbox.requests_of(PAUSE) if call.message["cluster_id"] == other}
    assert len(keys) == 2
    # who does the same saves us the work
    for name in ("same", "refused"):
        assert not result[name].changed
        assert result[name]["connector"]["status"] == "PAUSED"
        assert result[name]["diff"] == {"before": {}, "after": {}}
        assert "operation" not in result[name].result
    assert [operation.kind for operation in sandbox.cloud.operations(same)] == ["pause"]
    assert story(sandbox, same) == [READ, PAUSE, POLL, READ]
    assert story(sandbox, refused) == [READ, PAUSE, READ]
    assert result["vanished"].failed
    assert "does not exist any more" in result["vanished"].msg


def test_an_uncertain_service(sandbox: Sandbox) -> None:
    """Whatever the service does on the way, the connector is paused once, and that is known for sure."""
    names = ("lost", "cut", "stale", "silent", "unknown", "slow", "busy")
    clusters = {name: add(sandbox, name) for name in names}
    behave(
        sandbox,
        stale={"stale_seconds": 0.6},
        silent={"missing_response": True},
        unknown={"operation_not_found_polls": 3, "operation_seconds": 0.1},
        slow={"poll_interval": 0.7, "operation_seconds": 1.2},
    )
    sandbox.faults.abort(PAUSE, "UNAVAILABLE", after=True, when=lambda call: of(call, "lost"))
    sandbox.faults.reset(PAUSE, after=True, when=lambda call: of(call, "cut"))
    sandbox.faults.abort(READ, "RESOURCE_EXHAUSTED", headers={"retry-after": "1"}, when=lambda call: of(call, "busy"))
    sandbox.faults.abort(PAUSE, "ABORTED", when=lambda call: of(call, "busy"))
    result = play([paused(name, clusters[name]) for name in names], sandbox)
    for name in names:
        assert not result[name].failed, result[name].msg
        assert result[name].changed
        assert result[name]["connector"]["status"] == "PAUSED"
        assert result[name]["diff"] == {"before": {"status": "RUNNING"}, "after": {"status": "PAUSED"}}
        assert [operation.kind for operation in sandbox.cloud.operations(clusters[name])] == ["pause"]
        assert status(sandbox, clusters[name], name) == "PAUSED"

    for name in ("lost", "cut", "busy"):  # sent again with the same key, which finds the same operation
        sent = [call for call in calls(sandbox, clusters[name]) if call.short_name == PAUSE]
        assert len(sent) == 2
        assert len({call.idempotency_key for call in sent}) == 1
    first, second, *dummy = calls(sandbox, clusters["busy"])
    assert [first.short_name, second.short_name] == [READ, READ]
    assert second.time - first.time >= 1
    # the response does not say that it is paused, so the connector is read until it is
    assert story(sandbox, clusters["stale"])[:4] == [READ, PAUSE, POLL, READ]
    assert story(sandbox, clusters["silent"]) == [READ, PAUSE, POLL, READ]
    polls = [call for call in calls(sandbox, clusters["unknown"]) if call.short_name == POLL]
    assert [call.code for call in polls] == ["NOT_FOUND"] * 3 + ["OK"]
    asked = [call.time for call in calls(sandbox, clusters["slow"]) if call.short_name == POLL]
    assert len(asked) >= 2
    assert min(after - before for before, after in pairwise(asked)) >= 0.65


def of(call: Call, name: str) -> bool:
    return bool(call.message["connector_name"] == name)


@pytest.mark.every_core
def test_failures(sandbox: Sandbox) -> None:
    names = ("broken", "long", "odd", "denied", "expired", "down")
    clusters = {name: add(sandbox, name) for name in names}
    sandbox.faults.fail_operation("pause", "INTERNAL", "broker is down", connector="broken", rollback_seconds=0.4)
    sandbox.faults.end_operation("pause", "ERROR", connector="odd")
    sandbox.faults.reset(READ, when=lambda call: of(call, "down"), times=2)
    sandbox.behaviour.operation_seconds = lambda _kind, name: 60 if name == "long" else 0.1
    expired = sandbox.iam_token()
    sandbox.expire(expired)
    more: dict[str, dict[str, Any]] = {
        "long": {"wait_timeout": 1},
        "odd": {"wait_timeout": 1},
        "denied": {"iam_token": sandbox.iam_token("viewer")},
        "expired": {"iam_token": expired},
        "down": {"request_retries": 1},
    }
    result = play(
        [
            *(paused(name, clusters[name], **more.get(name, {})) for name in names),
            paused("no-connector", clusters["broken"]),
            paused("no-cluster", "c9q00000000000000000"),
        ],
        sandbox,
    )
    for name in (*names, "no-connector", "no-cluster"):
        failure = result[name]
        assert failure.failed
        assert "\n" not in failure.msg
        assert set(failure["error"] or {}) <= {"http_status", "code", "status", "message", "details", "request_id"}
        # a change that was accepted is a change, however it ended
        assert failure.changed is (name in ("broken", "long", "odd"))
        assert "diff" not in failure.result

    broken, long, odd = (result[name] for name in ("broken", "long", "odd"))
    assert broken.msg == (
        f"Could not pause connector broken of cluster {clusters['broken']}: "
        f"operation {broken['operation']['id']} failed with INTERNAL: broker is down."
    )
    assert broken["operation"]["done"]  # it was rolled back before the task ended
    assert broken["error"]["status"] == "INTERNAL"
    assert broken["connector"]["status"] == "RUNNING"

    assert f"timed out: operation {long['operation']['id']} has not ended within 1 s (wait_timeout)" in long.msg
    assert "It goes on at the server" in long.msg
    assert not long["operation"]["done"]
    (going_on,) = sandbox.cloud.operations(clusters["long"])
    assert not going_on.done

    assert "the connector is ERROR, not PAUSED" in odd.msg
    assert odd["connector"]["status"] == "ERROR"

    denied, expired_, down = (result[name] for name in ("denied", "expired", "down"))
    assert "403 PERMISSION_DENIED" in denied.msg
    assert "managed-kafka.editor" in denied.msg
    assert denied["error"]["request_id"]
    assert denied["connector"]["status"] == "RUNNING"
    assert "401 UNAUTHENTICATED" in expired_.msg
    assert "get a new one, or use a service account key" in expired_.msg
    assert expired_["error"]["code"] == 16
    assert story(sandbox, clusters["expired"]) == [READ]
    assert "HTTP 503: upstream connect error" in down.msg
    assert "(tried 2 times)" in down.msg
    assert down["error"]["http_status"] == 503
    assert down["error"]["code"] is None

    assert f"of cluster {clusters['broken']}: it does not exist" in result["no-connector"].msg
    assert "there is no cluster c9q00000000000000000" in result["no-cluster"].msg
    assert result["no-cluster"]["error"]["status"] == "NOT_FOUND"
    for name in ("denied", "expired", "down"):
        assert sandbox.cloud.operations(clusters[name]) == []


def test_the_modules_are_documented() -> None:
    """Each of the action group is found by its full name, and its documentation can be shown."""
    environ = {"ANSIBLE_COLLECTIONS_PATH": collections_path(), "PATH": "/usr/bin:/bin", "HOME": "/nonexistent"}
    command = [str(program("ansible-doc")), "--type", "module", f"{COLLECTION}.kafka_connector"]
    shown = subprocess.run(command, env=environ, capture_output=True, text=True, timeout=60, check=True).stdout
    assert f"{COLLECTION}.kafka_connector" in shown
    for option in ("wait_timeout", "service_account_key_file", "cluster_id", "request_retries"):
        assert option in shown
