# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A task has the same result in Ansible's worker process and as a module."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from ansible.constants import DEFAULT_VAULT_ID_MATCH
from ansible.parsing.vault import VaultLib, VaultSecret
from support.runner import COLLECTION, Result, connector, play

from sandbox import Sandbox
from sandbox.calls import Call

TOKEN = "t1.CANARY-token.CANARY-signature"
S3_SECRET = "CANARY/s3+secret"
PROPERTY = "CANARY-property"
VAULTED = "CANARY-vaulted"
MARKS = {
    "mqq": r"mqq[0-9a-z]{17}",
    "aje": r"aje[0-9a-z]{17}",
    "c9q": r"c9q[0-9a-z]{17}",
    "UUID": r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}",
    "TIME": r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z",
    "in SECONDS": r"in \d+\.\d s",
}


def normalized(result: Any) -> Any:
    """Return a result without IDs, times and Ansible's private keys, which differ between two runs."""
    text = json.dumps({key: value for key, value in result.items() if not key.startswith("_ansible")})
    for mark, pattern in MARKS.items():
        text = re.sub(pattern, mark, text)
    return json.loads(text)


def write_variables(folder: Path) -> Path:
    """Write a file with values that only YAML can express."""
    vault = VaultLib([(DEFAULT_VAULT_ID_MATCH, VaultSecret(b"password"))])
    vaulted = vault.encrypt(VAULTED).decode().replace("\n", "\n  ")
    (folder / "password").write_text("password")
    file = folder / "variables.yml"
    file.write_text(
        f"vaulted: !vault |\n  {vaulted}\n"
        "day: 2026-11-24\n"
        "moment: 2026-11-24T10:00:00Z\n"
        "integer_keys: {1: one, 2.5: two}\n"
        "boolean_keys: {true: kept}\n"
    )
    return file


SINK = {
    "topics": ["orders", "{{ 'pay' ~ 'ments' }}"],
    "s3_connection": {"bucket_name": "b", "external_s3": {"secret_access_key": S3_SECRET, "endpoint": "e"}},
}
SEVERAL = {"names": ["many-*"], "state": "paused"}
INFO = f"{COLLECTION}.kafka_connector_info"
Tasks = list[dict[str, Any]]
CHANGES: Tasks = [
    connector("pause", state="paused"),
    connector("no change", state="paused"),
    connector("check mode", state="running", check_mode_=True),
    connector("diff", state="running", diff_=True),
    connector("restart", state="restarted"),
    connector("no wait", name="second", state="paused", wait=False),
    connector("names in check mode", **SEVERAL, check_mode_=True, diff_=True),
    connector("names", **{**SEVERAL, "names": ["many-*", "no-match-*"]}, diff_=True),
    connector("names, no change", **SEVERAL),
    {"name": "loop", INFO: {"name": "{{ item }}"}, "loop": ["mirror", "known"]},
    {"name": "no_log", INFO: {"name": "mirror"}, "no_log": True},
]
FAILURES: Tasks = [
    connector("limit", **SEVERAL, max_changes=2),
    connector("names, one missing", **{**SEVERAL, "names": ["many-1", "many-4"]}),
    connector("missing connector", name="mirro", state="paused"),
    connector("missing cluster", cluster_id="c9qnothing", state="paused"),
    connector("denied", state="paused", iam_token="{{ viewer }}"),
    connector("failing operation", name="broken", state="paused", diff_=True),
    connector("timeout", name="slow", state="paused", wait_timeout=1),
    connector("unknown option", pased=True),
    connector("wrong type", tasks_max="many"),
    connector("wrong choice", state="stopped"),
    connector("exclusive options", name="mirror", names=["mirror"]),
    {"name": "missing option", f"{COLLECTION}.operation_info": {}, "ignore_errors": True},
    connector("two credentials", iam_token=TOKEN, service_account_key={"id": "CANARY-key"}),
    connector("refused creation", name="refused", s3_sink=SINK, properties={"db.password": "{{ vaulted }}"}),
    {"name": "no folder", f"{COLLECTION}.kafka_cluster_info": {}, "ignore_errors": True},
    {"name": "no operation", f"{COLLECTION}.operation_info": {"operation_id": "mqqnothing"}, "ignore_errors": True},
]
VALUES: Tasks = [
    connector("creation", name="sink", s3_sink=SINK, diff_=True, properties={"db.password": "{{ vaulted }}"}),
    connector("secret again", name="sink", s3_sink=SINK, update_secrets=True),
    connector("masked property", name="known", properties={"db.password": "********", "a": "{{ 1 + 1 }}"}),
    connector("nested templates", name="known", properties="{{ {'b': text, 'c': [1, 2] | length} }}"),
    connector("date", name="known", properties={"day": "{{ day }}"}),
    connector("time", name="known", properties={"moment": "{{ moment }}"}),
    connector("integer keys", name="known", properties="{{ integer_keys }}"),
    connector("boolean key", name="known", properties="{{ boolean_keys }}"),
    connector("secret of the service", name="known", state="paused", diff_=True),
]


def run(sandbox: Sandbox, tmp_path: Path, tasks: Tasks, *, in_process: bool) -> Result:
    """Run tasks against a new cluster."""
    sandbox.reset()
    cluster_id = sandbox.cloud.add_cluster("orders")
    for name in ("mirror", "second", "slow", "many-1", "many-2", "many-3"):
        sandbox.cloud.add_connector(cluster_id, name)
    for name in ("broken", "known"):
        sandbox.cloud.add_connector(cluster_id, name, properties={"db.password": PROPERTY, "shown": "as-is"})
    sandbox.behaviour.operation_seconds = lambda _kind, name: 60 if name in ("second", "slow") else 0
    sandbox.behaviour.exclusive = False
    sandbox.faults.fail_operation("pause", message=f"cannot log in with {PROPERTY}", connector="broken")
    refusal = f"bad {S3_SECRET} and {VAULTED}"

    def is_refused(call: Call) -> bool:
        return bool(call.message["connector_spec"]["name"] == "refused")

    sandbox.faults.abort("Connector.Create", "INVALID_ARGUMENT", refusal, when=is_refused)
    result = play(
        tasks,
        sandbox,
        verbosity=3,
        options=[f"--vault-password-file={tmp_path / 'password'}"],
        extra_vars={"yandex_cloud_in_process": in_process},
        module_defaults={f"group/{COLLECTION}.all": {"cluster_id": cluster_id, "request_retries": 1}},
        vars_files=[str(write_variables(tmp_path))],
        vars={"text": "some text", "viewer": sandbox.iam_token("viewer")},
    )
    assert "CANARY" not in result.output
    assert "CANARY" not in json.dumps([task.result for task in result.tasks])
    return result


@pytest.mark.parametrize(
    ("tasks", "status"),
    [
        pytest.param(CHANGES, "ok", id="changes"),
        pytest.param(FAILURES, "failed", id="failures"),
        pytest.param(VALUES, "ok", id="values", marks=pytest.mark.every_core),
    ],
)
def test_results_are_the_same_both_ways(sandbox: Sandbox, tmp_path: Path, tasks: Tasks, status: str) -> None:
    inside, module = (run(sandbox, tmp_path, tasks, in_process=in_process) for in_process in (True, False))
    ended = {task.name: task.status for task in inside.tasks if not task.is_item}
    assert ended == {task["name"]: status for task in tasks}, inside.output
    assert ended == {task.name: task.status for task in module.tasks if not task.is_item}
    for one, other in zip(inside.tasks, module.tasks):
        assert normalized(one.result) == normalized(other.result), one.name


@pytest.mark.every_core
def test_values_reach_the_service_unchanged(sandbox: Sandbox, tmp_path: Path) -> None:
    result = run(sandbox, tmp_path, VALUES, in_process=True)
    (cluster_id,) = {str(task["connector"]["cluster_id"]) for task in result.tasks}
    sink, known = (sandbox.cloud.connector(cluster_id, name) for name in ("sink", "known"))
    assert sink
    assert known
    assert dict(sink.properties) == {"db.password": VAULTED}
    assert known.properties["moment"].replace(" ", "T") == "2026-11-24T10:00:00+00:00"
    assert sink.connector_config_s3_sink.topics == "orders,payments"
    assert dict(known.properties) == {
        "db.password": PROPERTY,
        "shown": "as-is",
        "a": "2",
        "b": "some text",
        "c": "2",
        "day": "2026-11-24",
        # Before ansible-core 2.19, a template makes it text, with a space.
        "moment": known.properties["moment"],
        "1": "one",
        "2.5": "two",
        "true": "kept",
    }


@pytest.mark.every_core
@pytest.mark.parametrize("in_process", [True, False], ids=["in process", "as a module"])
def test_values_of_the_service_are_not_templates(sandbox: Sandbox, tmp_path: Path, in_process: bool) -> None:
    file = tmp_path / "executed"
    evil = f"{{{{ lookup('pipe', 'touch {file}') }}}}"
    cluster_id = sandbox.cloud.add_cluster(labels={"evil": evil})
    sandbox.cloud.add_connector(cluster_id, "mirror", properties={"evil": evil})
    sandbox.faults.fail_operation("pause", message=evil)
    show: dict[str, Any] = {"ansible.builtin.debug": {"msg": "{{ registered }}"}}
    deeper = {"ansible.builtin.set_fact": {"copy": "{{ registered.connector.properties | default('none') }}"}}
    copied = {"name": "copy", "ansible.builtin.debug": {"msg": "{{ copy }} {{ kafka_connector | default('') }}"}}
    tasks: list[dict[str, Any]] = []
    for state in ("running", "paused"):
        task = connector(state, cluster_id=cluster_id, state=state, register_="registered")
        tasks += [task, {"name": f"show {state}", **show}, deeper, copied]
    clusters = {"name": "clusters", f"{COLLECTION}.kafka_cluster_info": {"folder_id": "{{ folder }}"}}
    tasks += [{**clusters, "register": "registered"}, {"name": "show clusters", **show}]
    folder_id = sandbox.cloud.get_cluster(cluster_id).folder_id
    variables = {"yandex_cloud_in_process": in_process, "folder": folder_id}
    result = play(tasks, sandbox, extra_vars=variables, verbosity=3)
    assert result.returncode == 0, result.output
    assert not file.exists()
    assert result["running"]["connector"]["properties"] == {"evil": evil}
    assert evil in result["paused"].msg
    assert evil in json.dumps(result["clusters"]["clusters"])
