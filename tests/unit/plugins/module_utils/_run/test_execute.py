# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The life of a task: whatever happens ends as a result."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._run.execute import USER_AGENT, Context, Task
from ansible_collections.yandex_cloud.managed_kafka.plugins.modules.kafka_connector import TASK
from ansible_collections.yandex_cloud.managed_kafka.tests.unit.plugins.wire import (
    CLUSTER_ID,
    CONNECTOR,
    Call,
    Wire,
    connector,
)

OPTIONS: dict[str, Any] = {"cluster_id": CLUSTER_ID, "name": "mirror", "state": "paused"}
READ = Call("GET", CONNECTOR, connector("PAUSED"))


def bug(*_args: Any) -> Any:
    raise ZeroDivisionError("t1.static.token")


@pytest.mark.parametrize("part", ["parse", "run"])
def test_bug_is_a_failure_without_its_text(part: str) -> None:
    broken = Task(options={}, parse=bug if part == "parse" else dict, run=bug)
    ended = Wire().run(broken)
    assert ended.failed
    assert ended.result["msg"].startswith("This is a bug in yandex_cloud.managed_kafka ")
    assert "(ZeroDivisionError in bug, line " in ended.result["msg"]
    assert ended.result["msg"].endswith(" of test_execute.py). Please report it.")
    assert "t1.static.token" not in ended.result["msg"]
    assert ended.result["changed"] is False
    assert ended.result.keys() == {"changed", "msg"}


@pytest.mark.parametrize("exception", [KeyboardInterrupt, SystemExit])
def test_end_of_process_is_not_caught(exception: type[BaseException]) -> None:
    def stop(*_args: Any) -> Any:
        raise exception

    with pytest.raises(exception):
        Wire().run(Task(options={}, parse=dict, run=stop))


def test_requests_have_a_user_agent_and_the_credential_of_the_environment() -> None:
    with Wire(READ) as wire:
        assert not wire.run(TASK, environ={"YC_IAM_TOKEN": "t1.from.environment"}, **OPTIONS).failed
    (request,) = wire.requests
    assert request.headers["User-Agent"] == USER_AGENT
    assert request.headers["Authorization"] == "Bearer t1.from.environment"


def test_secrets_of_the_task_are_returned_for_hiding() -> None:
    with Wire(Call("GET", CONNECTOR, connector("PAUSED", properties={"db.password": "hunter-two"}))) as wire:
        ended = wire.run(TASK, **OPTIONS, properties={"db.password": "hunter-two"})
    assert {"t1.static.token", "hunter-two"} <= set(ended.secrets)
    assert "hunter-two" not in str(ended.result)


def test_deadline_of_a_task_is_its_wait_timeout() -> None:
    def run(context: Context, _params: Mapping[str, Any], _wanted: Any) -> dict[str, Any]:
        return {"seconds": context.client.deadline.seconds, "check_mode": context.check_mode}

    timed = Task(options={"wait_timeout": {"type": "int"}}, parse=dict, run=run)
    assert Wire().run(timed, wait_timeout=7, check_mode=True).result == {"seconds": 7, "check_mode": True}
    assert Wire().run(Task(options={}, parse=dict, run=run)).result == {"seconds": 1200, "check_mode": False}


def test_warnings_of_a_task_are_returned() -> None:
    def run(context: Context, _params: Mapping[str, Any], _wanted: Any) -> dict[str, Any]:
        context.warn("careful")
        raise ZeroDivisionError

    assert Wire().run(Task(options={}, parse=dict, run=run)).warnings == ["careful"]
