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
from support.runner import COLLECTION, Result, play, story

from sandbox import Sandbox
from sandbox.cloud import FOLDER

WARNING = re.compile(r"\[WARNING\]|DEPRECATION")


def run(playbook: str, sandbox: Sandbox, **extra: Any) -> Result:
    """Run a playbook with extra variables, or with options of ``play``."""
    options = {name: extra.pop(name) for name in ("check", "limit", "inventory", "options") if name in extra}
    return play(Path(f"{COLLECTION}.{playbook}"), sandbox, extra_vars=extra, **options)


def table(result: Result, task: str = "Show the result") -> list[str]:
    """Return the lines of the table, without IDs and widths."""
    (shown,) = [each for each in result.tasks if each.name == task]
    return [re.sub(r"\bmqq\w+", "ID", re.sub(r"  +", " ", line)) for line in shown["msg"]]


def failures(result: Result) -> list[str]:
    return [task.msg for task in result.tasks if task.failed]


def statuses(sandbox: Sandbox, cluster_id: str, *names: str) -> list[str]:
    connectors = [sandbox.cloud.connector(cluster_id, name) for name in names]
    return [type(connector).Status.Name(connector.status) for connector in connectors if connector]


@pytest.fixture
def three(sandbox: Sandbox, cluster_id: str) -> str:
    """A cluster with three connectors: `mirror` runs, `mirror-2` is paused, `archive` has failed."""
    sandbox.cloud.add_connector(cluster_id, "mirror-2", status="PAUSED")
    sandbox.cloud.add_connector(cluster_id, "archive", kind="s3_sink", status="ERROR", health="DEAD")
    return cluster_id


@pytest.fixture
def fleet(sandbox: Sandbox, tmp_path: Path) -> dict[str, str]:
    """Four clusters with one connector each, as hosts k1 to k4."""
    sandbox.behaviour.operation_seconds = 0
    clusters = {f"k{number}": sandbox.cloud.add_cluster(f"k{number}") for number in range(1, 5)}
    for cluster_id in clusters.values():
        sandbox.cloud.add_connector(cluster_id, "mirror")
    lines = [f"{host} kafka_cluster_id={cluster_id}" for host, cluster_id in clusters.items()]
    (tmp_path / "hosts").write_text("\n".join(["[kafka_clusters]", *lines]))
    return clusters


class TestOneCluster:
    @pytest.mark.every_core
    def test_pause_shows_one_table_and_no_json(self, sandbox: Sandbox, three: str) -> None:
        given = {"cluster_name": "demo", "folder_id": FOLDER, "connectors": "mirror*, archive"}
        result = run("pause", sandbox, **given)
        assert result.returncode == 0, result.output
        total, dummy, *rows = table(result)
        assert total == "3 connectors: 2 paused, 1 already paused"
        assert [re.sub(r"\d\.\d", "SECONDS", row) for row in rows] == [
            "archive ERROR PAUSED ID SECONDS paused",
            "mirror RUNNING PAUSED ID SECONDS paused",
            "mirror-2 PAUSED PAUSED - - already paused",
        ]
        assert '"cluster_id"' not in result.output
        assert not WARNING.search(result.output), result.output

        sandbox.forget()
        again = run("pause", sandbox, **given)
        assert again.returncode == 0, again.output
        assert table(again)[0] == "3 connectors: 3 already paused"
        assert story(sandbox, three) == ["Connector.List"]

    def test_a_failure_is_told_in_the_table_and_once_more_in_full(self, sandbox: Sandbox, three: str) -> None:
        sandbox.faults.fail_operation("pause", "INTERNAL", "broker lost", connector="mirror")
        result = run("pause", sandbox, cluster_id=three, connectors=["*"])
        assert result.returncode == 2, result.output
        total, dummy, failed, *others = table(result)
        assert total == "3 connectors: 1 FAILED, 1 paused, 1 already paused"
        assert failed.startswith("mirror ? RUNNING ID ")
        assert "FAILED: the service reported an error: broker lost (INTERNAL, operation" in failed
        assert [row.split()[0] for row in others] == ["archive", "mirror-2"]
        (message,) = failures(result)
        assert message.startswith(f"Could not pause connectors in cluster {three}: 1 of 3 connectors failed: mirror: ")
        assert result.output.count("fatal: ") == 1

    @pytest.mark.every_core
    def test_resume_and_restart_wait_for_health(self, sandbox: Sandbox, three: str) -> None:
        resumed = run("resume", sandbox, cluster_id=three, connectors="mirror-2", wait_for_health="true")
        assert resumed.returncode == 0, resumed.output
        assert table(resumed)[2].startswith("mirror-2 PAUSED RUNNING ID ")
        sandbox.forget()
        restarted = run("restart", sandbox, cluster_id=three, connectors="mirror", wait_for_health="false")
        assert restarted.returncode == 0, restarted.output
        assert table(restarted)[0] == "1 connector: 1 restarted"
        names = [name.removeprefix("Connector.") for name in story(sandbox, three)]
        assert [name for name in names if name in ("Pause", "Resume")] == ["Pause", "Resume"]

    def test_check_mode_sends_nothing(self, sandbox: Sandbox, three: str) -> None:
        result = run("restart", sandbox, check=True, cluster_id=three, connectors="mirror*")
        assert result.returncode == 0, result.output
        assert table(result)[0] == "2 connectors: 2 would be restarted (check mode: no change was sent)"
        assert not sandbox.cloud.operations()

    @pytest.mark.parametrize(
        ("given", "message"),
        [
            ({"cluster_id": "c9q", "connectors": " , "}, "Set connectors to names or patterns"),
            ({"connectors": "mirror"}, "one of the following is required: cluster_id, cluster_name"),
            ({"max_changes": 0, "connectors": "*"}, "2 connectors need a change, which is more than max_changes (0)"),
            ({"wait_timeout": "soon", "connectors": "*"}, "wait_timeout"),
        ],
        ids=["connectors", "cluster", "max_changes", "wait_timeout"],
    )
    def test_wrong_variables_change_nothing(
        self, sandbox: Sandbox, three: str, given: dict[str, Any], message: str
    ) -> None:
        cluster = {} if given == {"connectors": "mirror"} else {"cluster_id": three}
        result = run("pause", sandbox, **{**cluster, **given})
        assert result.returncode == 2, result.output
        (failure,) = failures(result)
        assert message in failure
        assert not sandbox.cloud.operations()


class TestStatus:
    @pytest.mark.every_core
    def test_shows_since_when_and_by_whom_a_connector_is_paused(self, sandbox: Sandbox, three: str) -> None:
        assert run("pause", sandbox, cluster_id=three, connectors="mirror").returncode == 0
        (operation,) = sandbox.cloud.operations(three)
        result = run("status", sandbox, cluster_id=three)
        assert result.returncode == 0, result.output
        total, dummy, *rows = table(result, "Show the status")
        assert total == "3 connectors: 1 ERROR, 2 PAUSED"
        assert rows[0] == "archive ERROR DEAD - - -"
        assert re.fullmatch(
            rf"mirror PAUSED ALIVE 20\d\d-\S+ {operation.created_by} Pause Apache Kafka connector", rows[1]
        )

    @pytest.mark.parametrize(
        ("given", "failure"),
        [
            ({"connectors": "mirror*", "wanted_status": ["RUNNING", "PAUSED"], "wanted_health": "ALIVE"}, None),
            ({"wanted_status": "RUNNING,ERROR"}, "1 of 3 connectors not RUNNING or ERROR: mirror-2 (PAUSED, ALIVE)."),
            ({"connectors": "mirror,mirorr"}, "No such connector: mirorr."),
        ],
        ids=["as desired", "other status", "unknown name"],
    )
    def test_is_a_gate(self, sandbox: Sandbox, three: str, given: dict[str, Any], failure: str | None) -> None:
        result = run("status", sandbox, cluster_id=three, **given)
        assert result.returncode == (2 if failure else 0), result.output
        assert [failure in msg for msg in failures(result)] == ([True] if failure else [])  # type: ignore[operator]


class TestFleet:
    @pytest.mark.every_core
    def test_batches_end_when_too_many_clusters_failed(
        self, sandbox: Sandbox, fleet: dict[str, str], tmp_path: Path
    ) -> None:
        sandbox.faults.fail_operation("pause", "INTERNAL", "broker lost", connector="mirror")
        inventory: dict[str, Any] = {"inventory": tmp_path / "hosts", "options": ["--forks=1"]}
        given = {"target": "kafka_clusters", "connectors": "*", "batch": "2", "max_fail": 0}
        result = run("pause", sandbox, **inventory, **given)
        assert result.returncode == 2, result.output
        total, dummy, *rows = table(result)
        assert total == "4 clusters: 1 FAILED (k1); 2 not reached so far; 2 connectors: 1 FAILED, 1 paused"
        assert [" ".join(row.split()[:1]) for row in rows] == ["k1", "k3", "k4", "k2"]
        assert [statuses(sandbox, cluster_id, "mirror") for cluster_id in fleet.values()] == [
            *(["RUNNING"], ["PAUSED"], ["RUNNING"], ["RUNNING"])
        ]

        result = run("pause", sandbox, **inventory, **{**given, "max_fail": ""})
        assert result.returncode == 0, result.output
        assert [task["msg"][0] for task in result.tasks if task.name == "Show the result"] == [
            "4 clusters: 2 not reached so far; 2 connectors: 1 paused, 1 already paused",
            "4 clusters: 4 connectors: 3 paused, 1 already paused",
        ]
        shown = run("status", sandbox, **inventory, target="k*", wanted_status="PAUSED")
        assert shown.returncode == 0, shown.output
        assert table(shown, "Show the status")[0] == "4 clusters: 4 connectors: 4 PAUSED"

    @pytest.mark.parametrize(
        ("given", "message"),
        [
            ({"target": "nothing"}, "No host matches target=nothing."),
            ({"target": "all", "cluster_id": "c9q"}, "Set either target or a cluster"),
            ({"target": "one", "limit": "two"}, "--limit=two excludes every host of this play, one."),
            ({"cluster_id": "c9q", "limit": "one"}, "--limit=one excludes every host of this play, localhost."),
        ],
        ids=["no match", "both", "limit", "limit without target"],
    )
    @pytest.mark.every_core
    def test_a_target_without_hosts_or_with_a_cluster_is_an_error(
        self, sandbox: Sandbox, tmp_path: Path, given: dict[str, str], message: str
    ) -> None:
        # Ansible itself would end with 0.
        (tmp_path / "hosts").write_text("one\ntwo\n")
        result = run("pause", sandbox, inventory=tmp_path / "hosts", connectors="*", **given)
        assert result.returncode == 4, result.output
        assert message in result.output
        assert not sandbox.requests

    def test_maintenance_in_parallel(self, sandbox: Sandbox, fleet: dict[str, str], tmp_path: Path) -> None:
        fails = {"name": "Work", "ansible.builtin.fail": {"msg": "disk full"}, "when": "inventory_hostname == 'k1'"}
        (tmp_path / "work.yml").write_text(json.dumps([fails]))
        given = {"connectors": "*", "tasks_file": str(tmp_path / "work.yml"), "batch": 3, "max_fail": "10"}
        result = run("maintenance", sandbox, inventory=tmp_path / "hosts", target="kafka_clusters", **given)
        assert result.returncode == 2, result.output
        role = f"{COLLECTION}.connector_maintenance"
        texts = [task.msg for task in result.tasks if task.name == f"{role} : Show the result"]
        assert sorted(texts) == [
            "Maintenance failed: the work failed, see above. Resumed: mirror. Nothing is still paused.",
            *["Maintenance succeeded. Resumed: mirror. Nothing is still paused."] * 2,
        ]
        refused = [task.msg for task in result.tasks if task.name == f"{role} : Plan the maintenance"][-1]
        assert "1 of 3 clusters failed, more than max_fail=10 percent." in refused
        changes = [call.name for call in sandbox.requests if call.name in ("Pause", "Resume")]
        assert changes == ["Pause"] * 3 + ["Resume"] * 3


def test_end_of_maintenance_without_a_record_fails(sandbox: Sandbox, three: str) -> None:
    result = run("maintenance_end", sandbox, cluster_id=three, connectors="*")
    assert result.returncode == 2, result.output
    assert "connector_maintenance_paused contains none of an earlier run" in result.output
    assert not sandbox.cloud.operations()


def test_maintenance_prints_few_headings(sandbox: Sandbox, three: str, tmp_path: Path) -> None:
    look = {"name": "Look", f"{COLLECTION}.kafka_connector_info": {"cluster_id": three, "name": "mirror"}}
    # Variables of the work's own, with the names of those that were not given.
    spoil = {"name": "Spoil", "ansible.builtin.set_fact": {"resume": False, "wait_timeout": "soon", "connectors": "x"}}
    (tmp_path / "work.yml").write_text(json.dumps([look, spoil]))
    given = {"cluster_name": "demo", "folder_id": FOLDER, "connectors": "*", "tasks_file": str(tmp_path / "work.yml")}
    result = run("maintenance", sandbox, **given, on_error="skip")
    assert result.returncode == 0, result.output
    (looked,) = [task for task in result.tasks if task.name.endswith(" : Look")]
    assert [connector["status"] for connector in looked["connectors"]] == ["PAUSED"]
    assert statuses(sandbox, three, "archive", "mirror", "mirror-2") == ["ERROR", "RUNNING", "PAUSED"]
    headings = re.findall(r"^TASK \[(.*)\]", result.output, re.MULTILINE)
    assert len([heading for heading in headings if not re.search("Look|Spoil", heading)]) <= 9
    assert not WARNING.search(result.output), result.output
