# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The playbooks of the collection, run by their names with extra variables, as a job template runs them."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from runner import COLLECTION, Result, play, story

from sandbox import Sandbox
from sandbox.cloud import FOLDER

SUMMARY = "connector_state : Show the summary"
CHECK = "connector_state : Check the arguments"


def run(
    playbook: str, sandbox: Sandbox, *, check: bool = False, env: dict[str, str] | None = None, **extra: Any
) -> Result:
    return play(Path(f"{COLLECTION}.{playbook}"), sandbox, check=check, env=env, extra_vars=extra)


def summary(result: Result) -> list[list[str]]:
    """Return the lines of the summary, each as its columns."""
    return [re.split(r"  +", line) for line in result[f"{COLLECTION}.{SUMMARY}"]["msg"]]


def statuses(sandbox: Sandbox, cluster_id: str, *names: str) -> list[str]:
    connectors = [sandbox.cloud.connector(cluster_id, name) for name in names]
    return [type(connector).Status.Name(connector.status) for connector in connectors if connector]


@pytest.fixture
def three(sandbox: Sandbox, cluster_id: str) -> str:
    """A cluster with three connectors: `mirror` runs, `mirror-2` is paused, `archive` has failed."""
    sandbox.cloud.add_connector(cluster_id, "mirror-2", status="PAUSED")
    sandbox.cloud.add_connector(cluster_id, "archive", kind="s3_sink", status="ERROR", health="DEAD")
    return cluster_id


@pytest.mark.every_core
class TestPause:
    def test_one_connector_twice(self, sandbox: Sandbox, cluster_id: str) -> None:
        result = run("pause", sandbox, cluster_id=cluster_id, name="mirror")
        assert result.returncode == 0, result.output
        (operation,) = sandbox.cloud.operations(cluster_id)
        assert summary(result) == [
            ["connector", "before", "after", "operation", "seconds"],
            ["mirror", "RUNNING", "PAUSED", f"pause {operation.id}", "0.2"],
        ]
        assert '"status": "PAUSED"' in result.output
        assert story(sandbox, cluster_id) == ["Connector.Get", "Connector.Pause", "Operation.Get"]

        sandbox.forget()
        again = run("pause", sandbox, cluster_id=cluster_id, name="mirror")
        assert again.returncode == 0, again.output
        assert summary(again)[1:] == [["mirror", "PAUSED", "PAUSED", "-", "-"]]
        assert story(sandbox, cluster_id) == ["Connector.Get"]

    def test_many_connectors_as_a_survey_gives_them(self, sandbox: Sandbox, three: str) -> None:
        result = run("pause", sandbox, cluster_name="demo", folder_id=FOLDER, cluster_id="", names="mirror*, archive")
        assert result.returncode == 0, result.output
        assert [row[:3] for row in summary(result)[1:]] == [
            ["archive", "ERROR", "PAUSED"],
            ["mirror", "RUNNING", "PAUSED"],
            ["mirror-2", "PAUSED", "PAUSED"],
        ]
        assert statuses(sandbox, three, "archive", "mirror", "mirror-2") == ["PAUSED"] * 3

    def test_one_of_many_fails(self, sandbox: Sandbox, three: str) -> None:
        sandbox.faults.fail_operation("pause", "INTERNAL", "broker lost", connector="mirror")
        result = run("pause", sandbox, cluster_id=three, names=["*"])
        assert result.returncode == 2, result.output
        (dummy, archive, mirror, paused, failed, advice) = summary(result)
        assert archive[:3] == ["archive", "ERROR", "PAUSED"]
        assert mirror[:3] == ["mirror", "RUNNING", "RUNNING"]
        assert mirror[3].endswith(" (failed)")
        assert paused[:3] == ["mirror-2", "PAUSED", "PAUSED"]
        assert failed[0].startswith("FAILED: Could not pause connector mirror of cluster")
        assert "broker lost" in failed[0]
        assert advice[0].startswith("Running it again is safe")

    def test_one_that_takes_too_long(self, sandbox: Sandbox, cluster_id: str) -> None:
        sandbox.behaviour.operation_seconds = 600
        result = run("pause", sandbox, cluster_id=cluster_id, name="mirror", wait_timeout="1")
        assert result.returncode == 2, result.output
        (operation,) = sandbox.cloud.operations(cluster_id)
        dummy, row, failed, dummy = summary(result)
        assert row == ["mirror", "-", "RUNNING", f"pause {operation.id} (goes on)", "-"]
        assert "timed out" in failed[0]

    def test_a_name_that_there_is_not(self, sandbox: Sandbox, three: str) -> None:
        result = run("pause", sandbox, cluster_id=three, names="mirror,mirorr")
        attempted = f"Could not pause connectors of cluster {three}"
        advice = "Check the names with kafka_connector_info."
        assert result.returncode == 2, result.output
        assert summary(result)[1:] == [
            ["mirror", "RUNNING", "?", "-", "-"],
            [f"FAILED: {attempted}: the cluster has no connector mirorr; nothing was changed. {advice}"],
            ["Running it again is safe: it waits for what is under way and sends only what is still needed."],
        ]


@pytest.mark.every_core
def test_resume_and_restart(sandbox: Sandbox, three: str) -> None:
    resumed = run("resume", sandbox, cluster_id=three, name="mirror-2")
    assert resumed.returncode == 0, resumed.output
    assert [row[:3] for row in summary(resumed)[1:]] == [["mirror-2", "PAUSED", "RUNNING"]]
    sandbox.forget()
    restarted = run("restart", sandbox, cluster_id=three, names=["mirror"])
    assert restarted.returncode == 0, restarted.output
    assert [row[:3] for row in summary(restarted)[1:]] == [["mirror", "RUNNING", "RUNNING"]]
    assert [name for name in story(sandbox, three) if name.startswith("Connector.")] == [
        "Connector.Get",
        "Connector.Pause",
        "Connector.Resume",
    ]


@pytest.mark.parametrize(("playbook", "after"), [("pause", "PAUSED"), ("restart", "RUNNING")])
def test_check_mode(sandbox: Sandbox, three: str, playbook: str, after: str) -> None:
    result = run(playbook, sandbox, check=True, cluster_id=three, names="mirror*")
    assert result.returncode == 0, result.output
    dummy, *rows, note = summary(result)
    assert [row[:3] for row in rows] == [["mirror", "RUNNING", after], ["mirror-2", "PAUSED", after]]
    assert note == ['Check mode: nothing was sent; "after" is what would be.']
    assert not sandbox.cloud.operations()


@pytest.mark.parametrize(
    ("playbook", "given", "missing"),
    [
        ("pause", {}, "cluster_id, or cluster_name with folder_id; name (of the connector), or names."),
        ("resume", {"cluster_name": "demo", "name": "mirror"}, "folder_id, which goes with cluster_name."),
        ("status", {"cluster_id": "c9q", "cluster_name": "demo", "folder_id": "f"}, "cluster_id, or cluster_name"),
        ("pause", {"cluster_id": "c9q", "name": "a", "names": ["b"]}, "name and names exclude each other."),
        ("pause", {"cluster_id": "c9q", "name": "", "names": " , "}, "name (of the connector), or names."),
    ],
)
def test_arguments_that_are_missing(sandbox: Sandbox, playbook: str, given: dict[str, Any], missing: str) -> None:
    result = run(playbook, sandbox, **given)
    assert result.returncode == 2, result.output
    assert missing in result[f"{COLLECTION}.{CHECK}"].msg
    assert not sandbox.requests


def test_arguments_of_the_wrong_type(sandbox: Sandbox) -> None:
    result = run("pause", sandbox, cluster_id="c9q", name="mirror", wait_timeout="soon")
    assert result.returncode == 2
    assert "wait_timeout" in result.tasks[-1].msg
    assert not sandbox.requests


class TestStatus:
    @pytest.mark.every_core
    def test_all_connectors(self, sandbox: Sandbox, three: str) -> None:
        result = run("status", sandbox, cluster_id=three)
        assert result.returncode == 0, result.output
        assert summary(result) == [
            ["connector", "status", "health"],
            ["archive", "ERROR", "DEAD"],
            ["mirror", "RUNNING", "ALIVE"],
            ["mirror-2", "PAUSED", "ALIVE"],
            ["3 connectors"],
        ]

    @pytest.mark.parametrize(
        ("names", "wanted", "failure"),
        [
            ("mirror*", ["RUNNING", "PAUSED"], None),
            ("*", "RUNNING,ERROR", "Not RUNNING or ERROR: mirror-2"),
            ("nothing-*", "RUNNING", "No connector matches, so that none is RUNNING"),
            ("mirror,mirorr", "", "The cluster has no connector mirorr."),
            ("mirror", "PAUSE", "wanted_status, which knows RUNNING, PAUSED, ERROR and STATUS_UNKNOWN."),
        ],
    )
    def test_gate(self, sandbox: Sandbox, three: str, names: str, wanted: Any, failure: str | None) -> None:
        result = run("status", sandbox, cluster_id=three, names=names, wanted_status=wanted)
        assert result.returncode == (2 if failure else 0), result.output
        failed = [task.msg for task in result.tasks if task.failed]
        assert [failure in msg for msg in failed] == ([True] if failure else [])  # type: ignore[operator]


@pytest.mark.every_core
def test_maintenance(sandbox: Sandbox, three: str, tmp_path: Path) -> None:
    look = {"name": "Look", f"{COLLECTION}.kafka_connector_info": {"cluster_id": three, "name": "mirror"}}
    # variables of the work's own, which happen to have the names of those that were not given
    spoil = {"name": "Spoil", "ansible.builtin.set_fact": {"resume": False, "wait_timeout": "soon", "name": "x"}}
    (tmp_path / "work.yml").write_text(json.dumps([look, spoil]))
    extra: dict[str, Any] = {
        "cluster_name": "demo",
        "folder_id": FOLDER,
        "names": "*",
        "tasks_file": str(tmp_path / "work.yml"),
        "on_error": "skip",
    }
    result = run("maintenance", sandbox, **extra)
    assert result.returncode == 0, result.output
    (looked,) = [task for task in result.tasks if task.name.endswith(" : Look") and task.status == "ok"]
    assert [connector["status"] for connector in looked["connectors"]] == ["PAUSED"]
    assert statuses(sandbox, three, "archive", "mirror", "mirror-2") == ["ERROR", "RUNNING", "PAUSED"]
