# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The examples in the documentation of every module work, in the order in which they are written."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from support.installed import documentation, modules
from support.runner import play

from sandbox import Sandbox
from sandbox.cloud import FOLDER


@pytest.mark.every_core
@pytest.mark.parametrize("module", modules())
def test_the_examples_work(sandbox: Sandbox, tmp_path: Path, module: str) -> None:
    sandbox.behaviour.operation_seconds = 0
    cluster_id = sandbox.cloud.add_cluster("prod-payments", labels={"team": "payments"})
    sandbox.cloud.add_connector(cluster_id, "mirror-orders")
    sandbox.cloud.add_connector(cluster_id, "archive-orders", kind="s3_sink", status="ERROR")
    key_file = tmp_path / "key.json"
    key_file.write_text(json.dumps(sandbox.service_account_key()), encoding="utf-8")
    key_file.chmod(0o600)
    variables = {
        "folder_id": FOLDER,
        "cluster_id": cluster_id,
        "cluster_name": "prod-payments",
        "key_file": str(key_file),
        "sasl_password": "a-password",
        "access_key_id": "a-key",
        "secret_access_key": "a-secret",
    }
    examples = documentation(module, "EXAMPLES")
    result = play(examples, sandbox, vars=variables)
    assert result.returncode == 0, result.output
    assert {task.name: task.status for task in result.tasks if not task.is_item} == {
        example["name"]: "ok" for example in examples
    }
    assert "WARNING]" not in result.output
