# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The playbooks as AWX runs them: by ansible-runner, with the credential injected by AWX's own code."""

from __future__ import annotations

import base64
import json
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]
from awx_plugins.interfaces._temporary_private_api import ManagedCredentialType
from awx_plugins.interfaces._temporary_private_container_api import CONTAINER_ROOT
from awx_plugins.interfaces._temporary_private_credential_api import Credential
from awx_plugins.interfaces._temporary_private_inject_api import inject_credential
from installed import NAME, ROOT
from runner import KEPT, SECONDS, collections_path, program

from sandbox import Sandbox

STAT = "connector_maintenance_paused"
BLANK = dict.fromkeys(("cluster_name", "folder_id", "target", "batch", "max_fail", "max_changes", "wait_timeout"), "")
"""Questions of a survey that nobody answered."""
INVENTORY = "localhost ansible_connection=local ansible_python_interpreter='{{ ansible_playbook_python }}'\n"


class Unsafe(yaml.SafeDumper):
    """Writes extra variables as AWX does: nothing in them is a template. Each text is marked, names included."""

    def represent_data(self, data: Any) -> Any:
        return self.represent_scalar("!unsafe", data) if isinstance(data, str) else super().represent_data(data)


@dataclass
class Job:
    """A job that has ended."""

    status: str
    events: list[dict[str, Any]]
    artifacts: dict[str, Any]
    """What AWX hands to the later nodes of a workflow, as extra variables."""

    safe_env: dict[str, str]
    """The environment as AWX shows it."""

    written: str
    """Everything that was written, and that AWX keeps."""

    def results(self, task: str) -> list[dict[str, Any]]:
        """Return the results of a task, named without its role."""
        data = [event["event_data"] for event in self.events if event["event"].startswith("runner_on_")]
        return [each["res"] for each in data if each["task"] == task and "res" in each]


class Awx:
    """Runs job templates with one credential."""

    def __init__(self, sandbox: Sandbox, folder: Path) -> None:
        self.sandbox = sandbox
        self.folder = folder
        self.secrets: list[str] = []
        self.inputs: dict[str, Any] = {"endpoint": sandbox.url}

    def job(self, playbook: str, **extra_vars: Any) -> Job:
        """Run a playbook of the collection from a project that has nothing but a playbook that imports it."""
        home = self.folder / f"job-{len(list(self.folder.iterdir()))}"
        for part in ("project", "inventory", "env"):
            (home / part).mkdir(parents=True)
        (home / "project/job.yml").write_text(f"- import_playbook: {NAME}.{playbook}\n")
        (home / "project/work.yml").write_text("- ansible.builtin.fail: {msg: disk full}\n")
        (home / "inventory/hosts").write_text(INVENTORY)
        env: dict[str, Any] = {"ANSIBLE_COLLECTIONS_PATH": collections_path(), "HOME": str(home)}
        safe_env: dict[str, Any] = {}
        args: list[str] = []
        given = yaml.safe_load(ROOT.joinpath("playbooks/awx/credential_type.yml").read_text())
        kind = ManagedCredentialType("yandex_cloud", given["name"], given["kind"], given["inputs"], given["injectors"])
        inject_credential(kind, Credential(self.inputs), env, safe_env, args, str(home))
        assert not args  # no extra variables: they would be shown
        # there is no container here
        env = {key: value.replace(f"{CONTAINER_ROOT}/", f"{home}/", 1) for key, value in env.items()}
        (home / "env/envvars").write_text(json.dumps(env))
        variables = [yaml.dump({name: value}, Dumper=Unsafe) for name, value in extra_vars.items()]
        (home / "env/extravars").write_text("".join(variables))
        command = [str(program("ansible-runner")), "run", str(home), "--playbook", "job.yml", "--ident", "1", "--quiet"]
        environ = {name: os.environ[name] for name in KEPT if name in os.environ}
        environ["PATH"] = f"{program('ansible-playbook').parent}{os.pathsep}{environ['PATH']}"
        subprocess.run(command, env=environ, stdin=subprocess.DEVNULL, timeout=SECONDS, check=False)
        events = [json.loads(path.read_text()) for path in (home / "artifacts/1/job_events").glob("*.json")]
        events.sort(key=lambda event: int(event["counter"]))
        (stats,) = [event for event in events if event["event"] == "playbook_on_stats"]
        # ansible-runner's own record of what it started; AWX replaces the environment in it by the safe one
        kept = [path for path in (home / "artifacts").rglob("*") if path.is_file() and path.name != "command"]
        written = "\n".join(path.read_text() for path in kept)
        status = (home / "artifacts/1/status").read_text()
        return Job(status, events, stats["event_data"]["artifact_data"], safe_env, written)

    def check_no_secret_in(self, job: Job) -> None:
        headers = [call.headers.get("authorization", "") for call in self.sandbox.requests]
        tokens = {header.removeprefix("Bearer ") for header in headers if header}
        assert tokens
        for secret in [*self.secrets, *tokens]:
            assert secret not in job.written
            assert secret not in str(job.safe_env)
            assert base64.b64encode(secret.encode()).decode() not in job.written


@pytest.fixture
def awx(sandbox: Sandbox, tmp_path: Path) -> Awx:
    sandbox.behaviour.operation_seconds = 0.1
    return Awx(sandbox, tmp_path)


def test_pause_with_a_key_and_a_survey(awx: Awx, cluster_id: str) -> None:
    key = awx.sandbox.service_account_key()
    awx.secrets = [line for line in key["private_key"].splitlines() if len(line) > 40]
    awx.inputs["service_account_key"] = json.dumps(key)
    # AWX itself cannot pass a lone *, so ?* stands for all.
    job = awx.job("pause", **BLANK, cluster_id=cluster_id, connectors="?*")
    assert job.status == "successful", job.written
    (result,) = job.results("Pause the connectors")
    assert result["affected"] == ["mirror"]
    (shown,) = job.results("Show the result")
    assert shown["msg"][0] == "1 connector: 1 paused"
    assert job.artifacts == {"connector_counts": {cluster_id: {"connectors": 1, "changed": 1, "failed": 0}}}
    assert awx.sandbox.requests_of("IamToken.Create")
    awx.check_no_secret_in(job)

    survey = {**BLANK, "cluster_id": cluster_id, "connectors": "", "wanted_health": ""}
    gate = awx.job("status", **survey, wanted_status="RUNNING")
    assert gate.status == "failed"
    (failed,) = gate.results("Fail if a connector is not as desired")
    assert failed["msg"] == "1 of 1 connector not RUNNING: mirror (PAUSED, ALIVE)."
    assert gate.artifacts == {"connector_counts": {cluster_id: {"PAUSED": 1}}}
    awx.check_no_secret_in(gate)


def test_the_last_node_of_a_workflow_resumes_exactly_what_the_first_paused(awx: Awx, cluster_id: str) -> None:
    token = awx.sandbox.iam_token()
    awx.secrets = [token]
    awx.inputs["iam_token"] = token
    awx.sandbox.cloud.add_connector(cluster_id, "other", status="PAUSED")
    survey = {**BLANK, "cluster_id": cluster_id, "connectors": "?*", "run_roles": "", "on_error": "", "tasks_file": ""}
    first = awx.job("maintenance", **{**survey, "tasks_file": "work.yml", "resume": "false"})
    assert first.status == "failed"
    counts = {"paused": 1, "resumed": 0, "still_paused": 1}
    assert first.artifacts == {STAT: {cluster_id: ["mirror"]}, "connector_maintenance_counts": {cluster_id: counts}}
    (told,) = first.results("Show the result")
    assert told["msg"].startswith("Maintenance failed: the work failed, see above. Still paused: mirror. Resume: ")
    awx.check_no_secret_in(first)

    # The survey of the workflow reaches each node and overrides artifacts. Its pattern also matches these.
    awx.sandbox.cloud.add_connector(cluster_id, "broken", status="ERROR")
    awx.sandbox.cloud.add_connector(cluster_id, "started")
    last = awx.job("maintenance_end", **{**first.artifacts, **survey})
    assert last.status == "successful", last.written
    assert last.artifacts[STAT] == {cluster_id: []}
    assert [call.message["connector_name"] for call in awx.sandbox.requests_of("Resume")] == ["mirror"]
    awx.check_no_secret_in(last)
