# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The shipped rulebooks, run by the real ansible-rulebook with the real playbooks against the sandbox."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]
from ansible_rulebook.validators import Validate  # type: ignore[import-untyped]
from rulebook import Rulebook, running
from running import COLLECTION, INSTALLED
from yandex.cloud.mdb.kafka.v1.connector_pb2 import Connector

from sandbox import Sandbox

RULEBOOKS = sorted((INSTALLED / "extensions/eda/rulebooks").glob("*.yml"))
CONNECTORS = ("fails", "fails-too", "paused", "forgotten", "kept", "dies")


def read(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", RULEBOOKS, ids=lambda path: path.stem)
def test_rulebook_is_valid_and_runs_its_playbooks_one_after_another(path: Path) -> None:
    rulesets = read(path)
    Validate.rulebook(rulesets)
    for ruleset in rulesets:
        assert ruleset["execution_strategy"] == "parallel"
        for rule in ruleset["rules"]:
            run_playbook = rule["action"].get("run_playbook")
            if run_playbook:
                name = run_playbook["name"].removeprefix(f"{COLLECTION}.")
                assert (INSTALLED / f"playbooks/{name}.yml").is_file()
                assert "cluster.id" in run_playbook["lock"]
                assert run_playbook["extra_vars"].keys() == {"cluster_id", "connectors"}


class World:
    """All rulebooks in one process, one cluster, and a connector for each test."""

    def __init__(self, sandbox: Sandbox, cluster_id: str, rulebook: Rulebook) -> None:
        self.sandbox = sandbox
        self.cluster_id = cluster_id
        self.rulebook = rulebook

    def status(self, name: str) -> str:
        connector = self.sandbox.cloud.connector(self.cluster_id, name)
        assert connector is not None
        return str(Connector.Status.Name(connector.status))

    def changes(self, name: str) -> list[str]:
        """Return the changes that playbooks requested."""
        calls = self.sandbox.requests
        return [
            call.name for call in calls if call.name in {"Pause", "Resume"} and call.message["connector_name"] == name
        ]

    def polls(self) -> int:
        return len(self.sandbox.requests_of("Connector.List"))

    def pass_polls(self, count: int) -> None:
        before = self.polls()
        self.rulebook.until(lambda: self.polls() > before + count)


@pytest.fixture(scope="module")
def world(running_sandbox: Sandbox, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    sandbox = running_sandbox
    sandbox.reset()
    cluster_id = sandbox.cloud.add_cluster("production")
    for name in CONNECTORS:
        sandbox.cloud.add_connector(cluster_id, name)
    home = tmp_path_factory.mktemp("rulebooks")
    together = [ruleset for path in RULEBOOKS for ruleset in read(path)]
    # The rulebook waits 2 minutes. A test has no time for that.
    text = yaml.safe_dump(together).replace("2 minutes", "1 seconds")
    (home / "all.yml").write_text(text)
    variables = {"cluster_ids": cluster_id, "interval": 1, "paused_longer_than": 3, "keep_paused": ["kept", "paused"]}
    with running(home / "all.yml", sandbox, home, variables) as rulebook:
        world = World(sandbox, cluster_id, rulebook)
        # Each ruleset has a source of its own, and each source has to know the status before a test changes it.
        rulebook.until(lambda: world.polls() > 2 * len(RULEBOOKS))
        yield world


def test_failed_connector_is_restarted_by_one_playbook(world: World) -> None:
    world.sandbox.behaviour.operation_seconds = 1.0
    before = world.polls()
    world.sandbox.cloud.set_status(world.cluster_id, "fails", "ERROR", "DEAD")
    world.rulebook.until_output(r"PLAY RECAP")
    world.sandbox.behaviour.reset()
    # The polls did not wait for the playbook: four sources, and a playbook of at least 2 seconds.
    assert world.polls() - before >= 4
    assert world.status("fails") == "RUNNING"
    world.pass_polls(8)
    assert world.changes("fails") == ["Pause", "Resume"]
    assert world.rulebook.playbooks() == 1


def test_second_failure_is_reported_but_not_restarted(world: World) -> None:
    world.sandbox.cloud.set_status(world.cluster_id, "fails", "ERROR")
    world.rulebook.until_output(r"fails in cluster \S+: failed", 2)
    playbooks = world.rulebook.playbooks()
    world.sandbox.cloud.set_status(world.cluster_id, "fails-too", "ERROR")
    world.rulebook.until(lambda: world.rulebook.playbooks() > playbooks)
    assert world.changes("fails-too") == ["Pause", "Resume"]
    assert world.changes("fails") == ["Pause", "Resume"]


def test_pause_is_reported_with_its_author(world: World) -> None:
    world.sandbox.cloud.begin("pause", world.cluster_id, "paused", by="aje-night-shift")
    line = world.rulebook.until_output(r"^paused in cluster")
    assert "paused, status PAUSED" in line
    assert "by aje-night-shift" in line


def test_forgotten_pause_is_ended_and_a_kept_one_is_not(world: World) -> None:
    for name in ("kept", "forgotten"):
        world.sandbox.cloud.set_status(world.cluster_id, name, "PAUSED")
    world.rulebook.until(lambda: world.status("forgotten") == "RUNNING")
    world.pass_polls(4)
    assert world.changes("forgotten") == ["Resume"]
    assert world.changes("kept") == []


def test_dead_connector_is_restarted(world: World) -> None:
    world.sandbox.cloud.set_status(world.cluster_id, "dies", "RUNNING", "DEAD")
    world.rulebook.until(lambda: world.changes("dies") == ["Pause", "Resume"])
