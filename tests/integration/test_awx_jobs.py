# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The templates and the workflow of the AWX kit run, with answers to surveys as AWX writes them."""

from __future__ import annotations

import itertools
import json
from pathlib import Path
from typing import Any

import ansible.release
import awx_kit
import pytest
from awx_job import BLANK, Awx, write_extra_vars
from packaging.version import Version
from support.installed import NAME
from support.runner import play

from sandbox import Sandbox

STAT = "connector_maintenance_paused"
REQUIRED = {"connectors": "?*", "tasks_file": "work.yml"}
TEXTS = {**REQUIRED, "max_changes": "2", "wait_timeout": "600", "wait_for_health": "true", "on_error": "skip"}
"""Numbers and booleans as text."""

ONE_CLUSTER = [template["name"] for template in awx_kit.load().templates if "slices" not in template]


@pytest.fixture
def awx(sandbox: Sandbox, tmp_path: Path) -> Awx:
    """AWX with a credential that has only a token."""
    sandbox.behaviour.operation_seconds = 0.1
    token = sandbox.iam_token()
    return Awx(sandbox, tmp_path, {"endpoint": sandbox.url, "iam_token": token}, [token])


def statuses(sandbox: Sandbox, cluster_id: str) -> dict[str, str]:
    connectors = sandbox.cloud.list_connectors(cluster_id, 1000, "").connectors
    return {connector.name: connector.Status.Name(connector.status) for connector in connectors}


def test_extra_variables_are_written_as_awx_writes_them() -> None:
    variables = {"resume": False, "connectors": "*", "max_changes": 3, STAT: {"c9q": ["a"]}, "cluster_name": ""}
    assert write_extra_vars(variables, {"resume": False}).splitlines() == [
        "resume: false",
        "!unsafe 'connectors': !unsafe '*'",
        "!unsafe 'max_changes': 3",
        f"!unsafe '{STAT}':",
        "  !unsafe 'c9q':",
        "  - !unsafe 'a'",
        "!unsafe 'cluster_name': !unsafe ''",
    ]


def test_pause_with_a_key(awx: Awx, cluster_id: str) -> None:
    key = awx.sandbox.service_account_key()
    awx.secrets = [line for line in key["private_key"].splitlines() if len(line) > 40]
    awx.inputs = {"endpoint": awx.sandbox.url, "service_account_key": json.dumps(key)}
    job = awx.launch("pause", {"cluster_id": cluster_id, "connectors": "?*"})
    assert job.status == "successful", job.output
    assert statuses(awx.sandbox, cluster_id) == {"mirror": "PAUSED"}
    assert awx.sandbox.requests_of("IamToken.Create")
    awx.check_no_secret_in(job)


def test_check_sends_no_change(awx: Awx, cluster_id: str) -> None:
    job = awx.launch("pause", {"cluster_id": cluster_id, "connectors": "?*"}, check=True)
    assert job.status == "successful", job.output
    assert "mirror" in job.output
    assert not awx.sandbox.requests_of("Pause")


@pytest.mark.every_core
def test_lone_asterisk_breaks_the_job_before_ansible_starts(awx: Awx, cluster_id: str) -> None:
    # This is a fault of AWX with new releases of ansible-core. So no text of the kit suggests a lone asterisk.
    job = awx.launch("pause", {"cluster_id": cluster_id, "connectors": "*"})
    broken = Version(ansible.release.__version__) >= Version("2.19")
    assert job.status == ("failed" if broken else "successful"), job.output
    assert statuses(awx.sandbox, cluster_id) == {"mirror": "RUNNING" if broken else "PAUSED"}
    assert ("No inventory was parsed" in job.output) == broken, job.output


@pytest.mark.every_core
@pytest.mark.parametrize("name", ONE_CLUSTER)
def test_template_accepts_blank_answers(awx: Awx, cluster_id: str, name: str) -> None:
    optional, required = questions(name)
    answers = {**dict.fromkeys(optional, BLANK), **{variable: REQUIRED[variable] for variable in required}}
    if "cluster_id" in answers:
        answers["cluster_id"] = cluster_id
    node: dict[str, Any] = {"failed_step": "work"} if name == "maintenance failed" else {STAT: {cluster_id: []}}
    job = awx.launch(name, answers, node=None if answers else node)
    assert job.status == ("failed" if name == "maintenance failed" else "successful"), job.output


@pytest.mark.parametrize("name", ["resume", "maintenance"])
def test_template_accepts_numbers_and_booleans_as_text(awx: Awx, cluster_id: str, name: str) -> None:
    optional, required = questions(name)
    answers = {variable: text for variable, text in TEXTS.items() if variable in {*optional, *required}}
    job = awx.launch(name, {**answers, "cluster_id": cluster_id})
    assert job.status == "successful", job.output


def questions(name: str) -> tuple[list[str], list[str]]:
    """Return the variables that a survey asks for: those that can be blank, and those that need an answer."""
    kit = awx_kit.load()
    (template,) = [template for template in kit.templates if template["name"] == name]
    asked = [kit.questions[question] for question in template.get("questions", [])]
    optional = [question["variable"] for question in asked if not question["required"]]
    return optional, [question["variable"] for question in asked if question["required"] and question["default"] == ""]


def test_cluster_is_found_by_its_name_in_the_folder_of_the_credential(awx: Awx) -> None:
    cluster_id = awx.sandbox.cloud.add_cluster("payments")
    awx.sandbox.cloud.add_connector(cluster_id, "mirror")
    awx.inputs["folder_id"] = awx.sandbox.cloud.get_cluster(cluster_id).folder_id
    job = awx.launch("pause", {"cluster_name": "payments", "connectors": "mirror"})
    assert job.status == "successful", job.output
    assert statuses(awx.sandbox, cluster_id) == {"mirror": "PAUSED"}


def test_workflow_resumes_what_it_paused(awx: Awx, cluster_id: str) -> None:
    awx.sandbox.cloud.add_connector(cluster_id, "archive", status="PAUSED")
    ended = awx.launch_workflow({"cluster_id": cluster_id, "connectors": "?*"}, "work_job.yml")
    assert list(ended.jobs) == ["status", "pause", "work", "resume"]
    assert ended.status == "successful", ended.jobs["resume"].output
    assert ended.jobs["pause"].artifacts[STAT] == {cluster_id: ["mirror"]}
    assert statuses(awx.sandbox, cluster_id) == {"archive": "PAUSED", "mirror": "RUNNING"}
    assert ended.jobs["resume"].artifacts[STAT] == {cluster_id: []}
    for job in ended.jobs.values():
        awx.check_no_secret_in(job)


def test_workflow_with_failed_work_resumes_exactly_what_it_paused_and_fails(awx: Awx, cluster_id: str) -> None:
    cloud = awx.sandbox.cloud
    cloud.add_connector(cluster_id, "archive", status="PAUSED")

    def change_the_cluster(_call: object) -> None:
        # Other users do this while the connectors are paused. The answer ?* matches these connectors also.
        if cloud.connector(cluster_id, "broken") is None:
            cloud.add_connector(cluster_id, "broken", status="ERROR")
            cloud.add_connector(cluster_id, "new")

    awx.sandbox.on_request("Pause", change_the_cluster, after=True)
    ended = awx.launch_workflow({"cluster_id": cluster_id, "connectors": "?*"}, "broken_job.yml")
    assert list(ended.jobs) == ["status", "pause", "work", "resume after work", "work failed"]
    assert ended.jobs["resume after work"].status == "successful", ended.jobs["resume after work"].output
    assert [call.message["connector_name"] for call in awx.sandbox.requests_of("Resume")] == ["mirror"]
    assert statuses(awx.sandbox, cluster_id) == {
        "archive": "PAUSED",
        "broken": "ERROR",
        "mirror": "RUNNING",
        "new": "RUNNING",
    }
    assert ended.status == "failed"
    assert 'The step "work"' in ended.jobs["work failed"].messages
    assert "All connectors that it had paused were resumed." in ended.jobs["work failed"].messages


def test_workflow_stops_before_the_approval_if_a_connector_is_in_error(awx: Awx, cluster_id: str) -> None:
    awx.sandbox.cloud.set_status(cluster_id, "mirror", "ERROR")
    ended = awx.launch_workflow({"cluster_id": cluster_id, "connectors": "?*"}, "work_job.yml")
    assert list(ended.jobs) == ["status"]
    assert ended.status == "failed"
    assert "mirror (ERROR" in ended.jobs["status"].messages


def test_workflow_with_failed_pause_fails_and_says_where_to_look(awx: Awx, cluster_id: str) -> None:
    awx.sandbox.cloud.add_connector(cluster_id, "other")
    ended = awx.launch_workflow({"cluster_id": cluster_id, "connectors": "?*", "max_changes": 1}, "work_job.yml")
    assert list(ended.jobs) == ["status", "pause", "resume after pause", "pause failed"]
    assert ended.status == "failed"
    assert set(statuses(awx.sandbox, cluster_id).values()) == {"RUNNING"}
    # A cancelled pause would look the same from here: AWX loses the artifacts of its job.
    assert 'The step "pause" of the workflow' in ended.jobs["pause failed"].messages
    assert 'Launch the template "status"' in ended.jobs["pause failed"].messages


def test_last_step_names_what_is_still_paused(awx: Awx, cluster_id: str) -> None:
    node, artifacts = {"failed_step": "work"}, {STAT: {cluster_id: ["mirror", "other"], "c9qother": []}}
    job = awx.launch("maintenance failed", {}, node=node, artifacts=artifacts)
    assert job.status == "failed"
    assert f"Still paused in cluster {cluster_id}: mirror, other. To resume them, launch the template" in job.output
    assert (
        'The step "work" of the workflow (job unknown) failed. Look at the job of that step for the cause. '
        "Connectors are still paused, see above."
    ) in job.messages
    assert "c9qother" not in job.output


FIELDS = "service_account_key", "iam_token", "folder_id", "endpoint"
# Each combination of three fields. The endpoint is left blank in half of them.
COMBINATIONS = [
    dict(zip(FIELDS, [*filled, number in (0, 3, 5, 6)]))
    for number, filled in enumerate(itertools.product([False, True], repeat=3))
]


def test_module_ignores_each_blank_field_of_the_credential(awx: Awx, cluster_id: str) -> None:
    sandbox = awx.sandbox
    values = {
        "service_account_key": json.dumps(sandbox.service_account_key()),
        "iam_token": sandbox.iam_token(),
        "folder_id": sandbox.cloud.get_cluster(cluster_id).folder_id,
        "endpoint": sandbox.url,
    }
    tasks = []
    for number, has in enumerate(COMBINATIONS):
        home = awx.folder / str(number)
        home.joinpath("env").mkdir(parents=True)
        awx.inputs = {field: value for field, value in values.items() if has[field]}
        env, safe_env = awx.inject(home)
        assert env["YC_IAM_TOKEN"] == awx.inputs.get("iam_token", "")
        assert values["iam_token"] not in str(safe_env)
        task = {
            "name": f"List {number}",
            f"{NAME}.kafka_cluster_info": {} if has["endpoint"] else {"endpoint": sandbox.url},
            # No metadata service answers at this address.
            "environment": {name: value for name, value in env.items() if name.startswith("YC_")}
            | {"YC_METADATA_ADDR": "127.0.0.1:1"},
            "ignore_errors": True,
        }
        tasks.append(task)
    # Only the credential of each task counts.
    result = play(tasks, sandbox, env={"YC_IAM_TOKEN": None, "YC_ENDPOINT": None})
    for number, has in enumerate(COMBINATIONS):
        listed = result[f"List {number}"]
        has_credential = has["iam_token"] or has["service_account_key"]
        assert listed.failed == (not has_credential or not has["folder_id"]), (has, listed.result)
        if listed.failed:
            missing = "YC_FOLDER_ID" if not has["folder_id"] else "YC_SERVICE_ACCOUNT_KEY_FILE"
            assert missing in listed.msg, (has, listed.msg)
    # A token is used before a key: only the task with a folder and a key, but no token, exchanges the key.
    assert len(sandbox.requests_of("IamToken.Create")) == 1
