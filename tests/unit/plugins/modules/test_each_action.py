# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is the same for each change: its refusal, the failure of its operation, and a task that does not wait for it."""

from __future__ import annotations

import pytest

from ansible_collections.yandex_cloud.managed_kafka.tests.unit.plugins.modules.tasks import ACTIONS, fail, succeed
from ansible_collections.yandex_cloud.managed_kafka.tests.unit.plugins.wire import Call, operation, status

NOUNS = {"create": "Creation", "update": "Update", "pause": "Pause", "resume": "Resume", "delete": "Deletion"}


@pytest.mark.parametrize("action", ACTIONS)
def test_refused_change_is_read_again_and_fails(action: str) -> None:
    options, reads, route = ACTIONS[action]
    denied = Call(*route, status(7, "Permission denied"), status=403)
    result = fail(*reads, denied, *reads, **options).result
    assert result["msg"] == (
        f"Could not {action} connector mirror in cluster c9qtest: mdb.api.cloud.yandex.net returned HTTP 403 "
        "PERMISSION_DENIED: Permission denied. Grant your account the role managed-kafka.editor on the folder."
    )
    assert result["error"]["http_status"] == 403
    assert ("connector" in result) is (action != "create")
    assert not result["changed"]


@pytest.mark.parametrize("action", ACTIONS)
def test_failed_operation_fails(action: str) -> None:
    options, reads, route = ACTIONS[action]
    result = fail(*reads, Call(*route, operation(done=True, error=status(13, "broker is down"))), **options).result
    assert result["msg"] == (
        f"Could not {action} connector mirror in cluster c9qtest: the service reported an error: broker is down "
        "(INTERNAL, operation op1). Fix the cause and run the task again."
    )
    assert result["changed"]


@pytest.mark.parametrize("action", ACTIONS)
def test_task_without_wait_ends_when_change_is_accepted(action: str) -> None:
    options, reads, route = ACTIONS[action]
    result = succeed(*reads, Call(*route, operation()), wait=False, **options).result
    assert result["changed"]
    if action == "create":
        assert result["connector"] is None
    else:
        assert result["connector"]["status"] == ("PAUSED" if action == "resume" else "RUNNING")
        assert result["connector"]["tasks_max"] == 3
    assert result["operation"] == {"id": "op1", "description": "Pause connector", "done": False}
    assert result["msg"] == f"{NOUNS[action]} of mirror accepted, not finished (operation op1)"
    assert "ansible_facts" not in result
