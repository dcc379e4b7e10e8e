# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Playbooks over the clusters of the inventory plugin: batches, limits, and several workers of ansible-runner."""

from __future__ import annotations

import json
import os
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]
from support.installed import ROOT
from support.runner import COLLECTION, KEPT, SECONDS, Result, collections_path, play, program

from sandbox import Sandbox

ONE, TWO = "b1gfolderone", "b1gfoldertwo"


@pytest.fixture
def clusters(sandbox: Sandbox) -> dict[str, str]:
    """Five clusters in two folders, each with three connectors: IDs by name."""
    sandbox.behaviour.operation_seconds = 0.05
    clusters = {
        name: sandbox.cloud.add_cluster(name, folder_id=folder_id)
        for folder_id, names in ((ONE, ("a", "b")), (TWO, ("c", "d", "e")))
        for name in names
    }
    for cluster_id in clusters.values():
        for name in ("mirror-1", "mirror-2", "sink"):
            sandbox.cloud.add_connector(cluster_id, name)
    return clusters


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A source of the inventory plugin with both folders."""
    path = tmp_path / "kafka_clusters.yml"
    path.write_text(yaml.safe_dump({"plugin": f"{COLLECTION}.kafka_clusters", "folder_ids": [ONE, TWO]}))
    return path


def statuses(sandbox: Sandbox, clusters: dict[str, str]) -> dict[str, str]:
    """Return the status of the mirrors of each cluster, as the cloud says."""
    found = {}
    for name, cluster_id in clusters.items():
        listed = sandbox.cloud.list_connectors(cluster_id, 0, "").connectors
        (found[name],) = {one.Status.Name(one.status) for one in listed if one.name.startswith("mirror")}
        assert {one.Status.Name(one.status) for one in listed if one.name == "sink"} == {"RUNNING"}
    return found


def pause(sandbox: Sandbox, source: Path, *, limit: str | None = None, **variables: Any) -> Result:
    """Pause the mirrors of all clusters."""
    given = {"target": "kafka_clusters", "connectors": "mirror-*", **variables}
    return play(ROOT / "playbooks/pause.yml", sandbox, inventory=source, extra_vars=given, limit=limit)


@pytest.mark.every_core
def test_failing_cluster_stops_the_later_batches_or_none(
    sandbox: Sandbox, clusters: dict[str, str], source: Path
) -> None:
    sandbox.faults.abort(
        "Pause", "PERMISSION_DENIED", times=9, when=lambda call: bool(call.message["cluster_id"] == clusters["b"])
    )
    stopped = pause(sandbox, source, batch=2, max_fail=0)
    assert stopped.returncode != 0
    assert statuses(sandbox, clusters) == {"a": "PAUSED", **dict.fromkeys("bcde", "RUNNING")}
    assert "5 clusters: 1 FAILED (b); 3 not reached so far; 4 connectors: 2 FAILED, 2 paused" in stopped.output

    limited = pause(sandbox, source, limit="c,d")
    assert limited.returncode == 0, limited.output
    assert statuses(sandbox, clusters) == {**dict.fromkeys("acd", "PAUSED"), **dict.fromkeys("be", "RUNNING")}

    whole = pause(sandbox, source, batch=2)
    assert whole.returncode != 0
    assert statuses(sandbox, clusters) == {**dict.fromkeys("acde", "PAUSED"), "b": "RUNNING"}
    assert "failed=1" in whole.output


def test_unreadable_inventory_fails_the_playbook(sandbox: Sandbox, clusters: dict[str, str], source: Path) -> None:
    sandbox.faults.abort("Cluster.List", "PERMISSION_DENIED", times=9)
    result = pause(sandbox, source)
    assert result.returncode != 0
    assert "No host matches target=kafka_clusters." in result.output
    assert set(statuses(sandbox, clusters).values()) == {"RUNNING"}


def environment(sandbox: Sandbox, folder: Path) -> dict[str, str]:
    """Return the environment of a run, without anything of this process that it does not need."""
    return {
        **{name: os.environ[name] for name in KEPT if name in os.environ},
        "PATH": f"{program('ansible-playbook').parent}{os.pathsep}{os.environ['PATH']}",
        "HOME": str(folder),
        "ANSIBLE_HOME": str(folder / ".ansible"),
        "ANSIBLE_COLLECTIONS_PATH": collections_path(),
        "YC_ENDPOINT": sandbox.url,
        "YC_IAM_TOKEN": sandbox.iam_token(),
    }


def exported(sandbox: Sandbox, source: Path) -> dict[str, Any]:
    """Return the inventory as AWX reads it from the source."""
    command = [str(program("ansible-inventory")), "-i", str(source), "--list", "--export"]
    environ = environment(sandbox, source.parent)
    run = subprocess.run(command, env=environ, capture_output=True, text=True, timeout=SECONDS, check=True)
    inventory: dict[str, Any] = json.loads(run.stdout)
    return inventory


def slice_of(inventory: dict[str, Any], number: int, count: int) -> dict[str, Any]:
    """Return a slice as AWX makes it: each count-th host in the order of the names."""
    hosts = sorted(inventory["_meta"]["hostvars"])[number - 1 :: count]
    group = {**inventory["kafka_clusters"], "hosts": hosts}
    hostvars = {host: inventory["_meta"]["hostvars"][host] for host in hosts}
    return {"_meta": {"hostvars": hostvars}, "kafka_clusters": group}


def work(sandbox: Sandbox, folder: Path, inventory: dict[str, Any]) -> dict[str, Any]:
    """Pause the mirrors of an inventory with a worker of ansible-runner. Return the module's results by host."""
    job, worker, processed = (folder / name for name in ("job", "worker", "processed"))
    for directory in (job / "project", job / "inventory", job / "env", worker, processed):
        directory.mkdir(parents=True)
    (job / "project/pause.yml").write_text(f"- ansible.builtin.import_playbook: {COLLECTION}.pause\n")
    hosts = job / "inventory/hosts"
    hosts.write_text(f"#!/usr/bin/env python3\nprint({json.dumps(inventory)!r})\n")
    hosts.chmod(0o700)
    variables = {"target": "kafka_clusters", "connectors": "mirror-*"}
    (job / "env/extravars").write_text(json.dumps(variables))
    environ = environment(sandbox, worker)
    (job / "env/envvars").write_text(json.dumps(environ))
    runner = program("ansible-runner")
    pipeline = (
        f"set -o pipefail; {runner} transmit {job} --playbook pause.yml --ident 1 | "
        f"{runner} worker --private-data-dir {worker} | {runner} process {processed} --ident 1"
    )
    command = ["bash", "-c", pipeline]
    run = subprocess.run(command, env=environ, capture_output=True, text=True, timeout=SECONDS, check=False)
    assert run.returncode == 0, run.stdout + run.stderr
    events = [json.loads(path.read_text()) for path in processed.glob("artifacts/1/job_events/*.json")]
    data = [event["event_data"] for event in events if event["event"] == "runner_on_ok"]
    return {one["host"]: one["res"] for one in data if one["task_action"] == f"{COLLECTION}.kafka_connector"}


def comparable(results: dict[str, Any]) -> str:
    """Return results as text, without what differs between two runs: operations, their IDs and their seconds."""
    left_out = {"operations", "msg", "warnings"}
    kept = {host: {key: value for key, value in res.items() if key not in left_out} for host, res in results.items()}
    return json.dumps(kept, sort_keys=True, indent=1)


def test_slices_over_several_workers_equal_one_run(
    sandbox: Sandbox, clusters: dict[str, str], source: Path, tmp_path: Path
) -> None:
    inventory = exported(sandbox, source)
    whole = work(sandbox, tmp_path / "whole", inventory)
    assert sorted(whole) == sorted(clusters)
    assert set(statuses(sandbox, clusters).values()) == {"PAUSED"}
    assert all(result["changed"] for result in whole.values())

    for cluster_id in clusters.values():
        for name in ("mirror-1", "mirror-2"):
            sandbox.cloud.set_status(cluster_id, name, "RUNNING")
    slices = [slice_of(inventory, number, 2) for number in (1, 2)]
    with ThreadPoolExecutor(len(slices)) as pool:
        folders = [tmp_path / f"slice-{number}" for number in range(len(slices))]
        parts = list(pool.map(work, [sandbox] * len(slices), folders, slices))
    assert [sorted(part) for part in parts] == [["a", "c", "e"], ["b", "d"]]
    assert comparable({**parts[0], **parts[1]}) == comparable(whole)
    assert set(statuses(sandbox, clusters).values()) == {"PAUSED"}
