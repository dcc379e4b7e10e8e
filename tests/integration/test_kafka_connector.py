# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""kafka_connector in playbooks: arguments, check mode, facts, and the requests that a task sends."""

from __future__ import annotations

import re
import subprocess

import pytest
from support.runner import COLLECTION, calls, collections_path, connector, play, program, story

from sandbox import Sandbox
from sandbox.cloud import FOLDER

READ, PAUSE, RESUME, POLL = "Connector.Get", "Connector.Pause", "Connector.Resume", "Operation.Get"


def add(sandbox: Sandbox, name: str, status: str = "RUNNING") -> str:
    """Add a cluster of that name with a connector of the same name; return the cluster's id."""
    cluster_id = sandbox.cloud.add_cluster(name)
    sandbox.cloud.add_connector(cluster_id, name, status=status)
    return cluster_id


def status(sandbox: Sandbox, cluster_id: str, name: str) -> str:
    found = sandbox.cloud.connector(cluster_id, name)
    return found.Status.Name(found.status) if found else "missing"


@pytest.mark.parametrize(
    "in_process",
    [pytest.param(True, marks=pytest.mark.every_core, id="in process"), pytest.param(False, id="as modules")],
)
def test_pause_resume_and_restart(sandbox: Sandbox, cluster_id: str, in_process: bool) -> None:
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
        extra_vars={"yandex_cloud_in_process": in_process},
        # Requests to this machine use no proxy.
        env={"HTTP_PROXY": "http://127.0.0.1:1", "http_proxy": "http://127.0.0.1:1"},
        module_defaults={f"group/{COLLECTION}.all": {"cluster_id": cluster_id}},
    )
    assert result.returncode == 0, result.output

    pause, checked = result["pause"], result["checked"]
    assert pause.changed
    assert pause["connector"]["status"] == "PAUSED"
    assert pause["connector"]["tasks_max"] == 3
    assert pause["ansible_facts"]["kafka_connector"] == pause["connector"]
    header = f"connector mirror in cluster {cluster_id}"
    assert pause["diff"] == {
        "before": {"status": "RUNNING"},
        "after": {"status": "PAUSED"},
        "before_header": f"{header} (before)",
        "after_header": f"{header} (after)",
    }
    assert pause["operation"]["done"]
    assert "response" not in pause["operation"]
    assert re.fullmatch(r"mirror: RUNNING -> PAUSED in \d+\.\d s \(operation mqq\w+\)", pause.msg)
    for key in ("changed", "diff", "connector", "ansible_facts"):
        assert checked[key] == pause[key]
    assert "operation" not in checked.result

    for name, connector_status in (("again", "PAUSED"), ("checked again", "PAUSED"), ("again running", "RUNNING")):
        assert not result[name].changed
        assert result[name]["connector"]["status"] == connector_status
        assert result[name]["diff"]["before"] == result[name]["diff"]["after"] == {}
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
    assert f"folder {FOLDER} contains no clusters named payments" in result["no such"].msg
    assert story(sandbox, cluster_id) == [READ, PAUSE, READ]


def test_the_modules_are_documented() -> None:
    """Each of the action group is found by its full name, and its documentation can be shown."""
    environ = {"ANSIBLE_COLLECTIONS_PATH": collections_path(), "PATH": "/usr/bin:/bin", "HOME": "/nonexistent"}
    command = [str(program("ansible-doc")), "--type", "module", f"{COLLECTION}.kafka_connector"]
    shown = subprocess.run(command, env=environ, capture_output=True, text=True, timeout=60, check=True).stdout
    assert f"{COLLECTION}.kafka_connector" in shown
    for option in ("wait_timeout", "service_account_key_file", "cluster_id", "request_retries"):
        assert option in shown
