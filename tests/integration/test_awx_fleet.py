# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The fleet pause of the AWX kit: slices of an inventory of clusters, and the inventory source."""

from __future__ import annotations

import copy
import json
import os
import subprocess
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from awx_job import BLANK, Awx
from awx_kit import KIT
from support.runner import KEPT, program

from sandbox import Sandbox

ANSWERS = {"target": "kafka_clusters", "connectors": "?*", "max_changes": BLANK, "max_fail": 100, "wait_timeout": BLANK}
NAMES = "events", "orders", "payments"


@pytest.fixture
def awx(sandbox: Sandbox, tmp_path: Path) -> Awx:
    sandbox.behaviour.operation_seconds = 0.1
    token = sandbox.iam_token()
    return Awx(sandbox, tmp_path, {"endpoint": sandbox.url, "iam_token": token}, [token])


@pytest.fixture
def clusters(sandbox: Sandbox) -> dict[str, str]:
    """Three clusters, each with a connector that runs: IDs by name."""
    clusters = {name: sandbox.cloud.add_cluster(name) for name in NAMES}
    for cluster_id in clusters.values():
        sandbox.cloud.add_connector(cluster_id, "mirror")
    return clusters


def inventory_of(clusters: dict[str, str]) -> dict[str, Any]:
    """Return an inventory with the variables of the inventory plugin."""
    common = {"ansible_connection": "local", "ansible_python_interpreter": "{{ ansible_playbook_python }}"}
    return {
        "_meta": {"hostvars": {name: {"kafka_cluster_id": identifier} for name, identifier in clusters.items()}},
        "kafka_clusters": {"hosts": list(clusters), "vars": common},
    }


def slice_of(inventory: dict[str, Any], number: int, count: int) -> dict[str, Any]:
    """Return a slice as AWX makes it: every n-th host in the order of names, also in the groups."""
    part = copy.deepcopy(inventory)
    hosts = sorted(part["_meta"]["hostvars"])[number - 1 :: count]
    part["_meta"]["hostvars"] = {host: part["_meta"]["hostvars"][host] for host in hosts}
    for name, group in part.items():
        if name != "_meta" and "hosts" in group:
            group["hosts"] = [host for host in group["hosts"] if host in hosts]
    return part


def paused(awx: Awx) -> Counter[str]:
    return Counter(call.message["cluster_id"] for call in awx.sandbox.requests_of("Pause"))


def test_slices_pause_each_cluster_exactly_once(awx: Awx, clusters: dict[str, str]) -> None:
    for number in (1, 2):
        awx.inventory = slice_of(inventory_of(clusters), number, 2)
        job = awx.launch("fleet pause", ANSWERS)
        assert job.status == "successful", job.output
    assert paused(awx) == Counter(clusters.values())


def test_slice_without_clusters_of_the_group_fails(awx: Awx, clusters: dict[str, str]) -> None:
    # The text of the survey says so: set the slices to 1 for a small group.
    awx.inventory = slice_of(inventory_of(clusters), 4, 4)
    job = awx.launch("fleet pause", ANSWERS)
    assert job.status == "failed"
    assert not paused(awx)


def test_inventory_source_needs_only_the_credential(awx: Awx, clusters: dict[str, str]) -> None:
    awx.inputs["folder_id"] = awx.sandbox.cloud.get_cluster(clusters["orders"]).folder_id
    awx.folder.joinpath("env").mkdir()
    env, _safe_env = awx.inject(awx.folder)
    source, project = KIT / "project/kafka_clusters.yml", KIT / "project"
    ended = subprocess.run(
        [str(program("ansible-inventory")), "-i", source, "--list", "--export", "--playbook-dir", project],
        env={**{name: os.environ[name] for name in KEPT if name in os.environ}, **env},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    assert awx.secrets[0] not in ended.stdout + ended.stderr
    listed = json.loads(ended.stdout)
    # AWX stores the hosts, their variables and the groups, and gives these to jobs.
    awx.inventory = {**listed, "_meta": {"hostvars": listed["_meta"]["hostvars"]}}
    assert sorted(awx.inventory["_meta"]["hostvars"]) == sorted(NAMES)
    assert awx.inventory["status_running"]["hosts"] == list(NAMES)
    job = awx.launch("fleet pause", ANSWERS)
    assert job.status == "successful", job.output
    assert paused(awx) == Counter(clusters.values())
