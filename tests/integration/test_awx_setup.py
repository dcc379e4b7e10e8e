# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The playbook awx/setup.yml creates the kit, changes nothing in a second run, and deletes it.

The modules of awx.awx are real. Install them with `pip install --no-deps ansible==12.3.0`.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import awx_kit
import pytest
from awx_api import Awx, Server
from awx_kit import KIT, SITE_PACKAGES
from support.installed import NAME
from support.runner import KEPT, collections_path, program

TOKEN = "controller-token-8f3e"
SECRETS = TOKEN, "t1.token-of-the-cloud", "https://hooks.example.com/services/a-secret-path"
SETTINGS = {
    "managed_kafka_awx_project_url": "https://git.example.com/managed-kafka.git",
    "managed_kafka_awx_ee_image": "registry.example.com/managed-kafka",
    "managed_kafka_awx_work_template": "My work",
    "managed_kafka_awx_credential_inputs": {"iam_token": SECRETS[1], "folder_id": "b1gvmob95yysaplct532"},
    "managed_kafka_awx_error_notification": SECRETS[2],
    "managed_kafka_awx_schedule_rrule": "DTSTART;TZID=Europe/Moscow:20270101T030000 RRULE:FREQ=WEEKLY;INTERVAL=1",
    "managed_kafka_awx_schedule_answers": {"cluster_id": "c9q0ktrria41dv9e5v51", "connectors": "mirror-*"},
}


@pytest.fixture
def awx() -> Awx:
    """An AWX with the organization Default, and with the job template of a user that does the work."""
    directory = awx_kit.load().settings["managed_kafka_awx_project_playbook_dir"]
    awx = Awx(TOKEN, {"work.yml", *(f"{directory}/{path.name}" for path in KIT.glob("project/*.yml"))})
    project = awx.create("projects", {"name": "Mine", "organization": 1})["id"]
    inventory = awx.create("inventories", {"name": "Mine", "organization": 1})["id"]
    work = {"name": "My work", "organization": 1, "project": project, "playbook": "work.yml", "inventory": inventory}
    awx.create("job_templates", work)
    return awx


@pytest.fixture
def server(awx: Awx) -> Iterator[Server]:
    with Server(awx) as server:
        yield server


def setup(server: Server, home: Path, *options: str, **settings: Any) -> tuple[int, str]:
    """Run the playbook. Return how many tasks changed something, or -1 if it failed, and the output."""
    command = (
        str(program("ansible-playbook")),
        f"{NAME}.awx.setup",
        "-e",
        json.dumps({**SETTINGS, **settings}),
        *options,
    )
    environ = {
        **{name: os.environ[name] for name in KEPT if name in os.environ},
        "HOME": str(home),
        "ANSIBLE_COLLECTIONS_PATH": f"{collections_path()}{os.pathsep}{SITE_PACKAGES}",
        "ANSIBLE_NOCOLOR": "true",
        "ANSIBLE_PIPELINING": "true",
        "CONTROLLER_HOST": server.url,
        "CONTROLLER_OAUTH_TOKEN": TOKEN,
    }
    ended = subprocess.run(command, env=environ, cwd=home, capture_output=True, text=True, timeout=600, check=False)
    output = ended.stdout + ended.stderr
    for secret in SECRETS:
        assert secret not in output
    changed = re.search(r"changed=(\d+)", output)
    return int(changed[1]) if changed and ended.returncode == 0 else -1, output


def objects(awx: Awx) -> set[str]:
    return {item["url"] for kind, item in awx.all() if kind != "project_updates"}


@pytest.mark.matrix
@pytest.mark.timeout(1200)  # about 130 runs of modules; two minutes of a processor
def test_kit_is_created_once_and_deleted_completely(awx: Awx, server: Server, tmp_path: Path) -> None:
    before = objects(awx)
    awx.failing_updates = 1
    changed, output = setup(server, tmp_path)
    assert changed == -1
    assert "Project update failed" in output

    changed, output = setup(server, tmp_path, "-vvv")
    assert changed > 0, output
    check_created(awx)
    created = objects(awx)
    changed, output = setup(server, tmp_path)
    assert changed == 0, output
    assert objects(awx) == created

    changed, output = setup(server, tmp_path, "-vvv", awx_state="absent")
    assert changed > 0, output
    assert objects(awx) == before
    changed, output = setup(server, tmp_path, awx_state="absent")
    assert changed == 0, output


def check_created(awx: Awx) -> None:
    """Check what only the whole of setup.yml decides: names, references, links."""
    prefix = "Managed Kafka - "
    fleet = awx.named("job_templates", f"{prefix}fleet pause")
    assert (fleet["job_slice_count"], fleet["forks"], fleet["ask_limit_on_launch"]) == (10, 25, False)
    assert fleet["inventory"] == awx.named("inventories", f"{prefix}clusters")["id"]
    start = awx.named("job_templates", f"{prefix}maintenance start")
    assert json.loads(start["extra_vars"]) == {"resume": False}
    for template in awx.store["job_templates"].values():
        assert template["name"] == "My work" or template["ask_job_type_on_launch"]
        assert not template.get("allow_simultaneous")
    assert awx.linked("workflow_job_template_nodes", "pause", "failure_nodes") == {"resume after pause"}
    assert awx.linked("workflow_job_templates", f"{prefix}maintenance workflow", "notification_templates_error") == {
        f"{prefix}error webhook"
    }
    (approval,) = awx.store["workflow_approval_templates"].values()
    assert approval["timeout"] == 3600
    assert awx.named("schedules", f"{prefix}schedule")["enabled"] is False
    source = awx.named("inventory_sources", f"{prefix}inventory plugin")
    assert source["source_path"] == "playbooks/awx/project/kafka_clusters.yml"
    credential = awx.named("credentials", f"{prefix}credential")
    assert credential["inputs"]["iam_token"] == SECRETS[1]


def test_wrong_settings_are_reported_before_any_change(awx: Awx, server: Server, tmp_path: Path) -> None:
    before = objects(awx)
    for missing in (
        {"managed_kafka_awx_ee_image": ""},
        {"managed_kafka_awx_approval_timeout": 0},
        {"awx_state": "gone"},
    ):
        changed, output = setup(server, tmp_path, **missing)
        assert changed == -1
        assert "Could not set up the AWX kit" in output
    changed, output = setup(server, tmp_path, managed_kafka_awx_work_template="My wrok")
    assert changed == -1
    assert 'no template has the name "My wrok"' in " ".join(output.split())
    assert objects(awx) == before
