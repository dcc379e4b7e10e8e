# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The modules as processes: AnsibleModule in, one JSON object out."""

from __future__ import annotations

import json
from typing import Any

import pytest
from ansible.module_utils import basic
from ansible.module_utils.common.parameters import PASS_VARS

from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._run import module
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._run.execute import execute
from ansible_collections.yandex_cloud.managed_kafka.plugins.modules import (
    kafka_cluster_info,
    kafka_connector,
    kafka_connector_info,
    operation_info,
)
from ansible_collections.yandex_cloud.managed_kafka.tests.unit.plugins.wire import (
    CLUSTER_ID,
    CONNECTOR,
    CONNECTORS,
    OPERATION,
    Call,
    Wire,
    connector,
    done,
)


@pytest.fixture
def process(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    """Return a function that runs a module over a wire, and returns its exit code and its JSON."""

    def run(main: Any, wire: Wire, *, check_mode: bool = False, **options: Any) -> tuple[int, dict[str, Any]]:
        arguments = {"iam_token": "t1.static.token", **options, "_ansible_check_mode": check_mode}
        if "inject_invocation" in PASS_VARS:
            # Newer ansible-core prints the arguments only on request.
            arguments["_ansible_inject_invocation"] = True
        monkeypatch.setattr(basic, "_ANSIBLE_ARGS", json.dumps({"ANSIBLE_MODULE_ARGS": arguments}).encode())
        monkeypatch.setattr(basic, "_ANSIBLE_PROFILE", "legacy", raising=False)

        def over_wire(*args: Any, **others: Any) -> Any:
            return execute(*args, **others, clock=wire.clock, transport=wire)

        monkeypatch.setattr(module, "execute", over_wire)
        with wire, pytest.raises(SystemExit) as ended:
            main()
        assert isinstance(ended.value.code, int)
        return ended.value.code, json.loads(capsys.readouterr().out.splitlines()[-1])

    return run


@pytest.mark.parametrize(
    ("main", "call", "options", "key"),
    [
        pytest.param(
            kafka_connector.main,
            Call("GET", CONNECTOR, connector()),
            {"cluster_id": CLUSTER_ID, "name": "mirror", "state": "paused"},
            "connector",
            id="kafka_connector",
        ),
        pytest.param(
            kafka_connector_info.main,
            Call("GET", CONNECTORS, {"connectors": [connector()]}),
            {"cluster_id": CLUSTER_ID},
            "connectors",
            id="kafka_connector_info",
        ),
        pytest.param(
            kafka_cluster_info.main,
            Call("GET", "mdb /managed-kafka/v1/clusters", {"clusters": []}),
            {"folder_id": "b1g"},
            "clusters",
            id="kafka_cluster_info",
        ),
        pytest.param(
            operation_info.main,
            Call("GET", OPERATION, done("PAUSED")),
            {"operation_id": "op1"},
            "operation",
            id="operation_info",
        ),
    ],
)
def test_module_prints_its_result_in_check_mode(
    process: Any, main: Any, call: Call, options: dict[str, Any], key: str
) -> None:
    code, result = process(main, Wire(call), check_mode=True, **options)
    assert code == 0
    assert key in result
    assert result["changed"] is (key == "connector")
    assert result["invocation"]["module_args"]["iam_token"] == "********"


def test_failed_module_exits_with_1_and_prints_what_happened(process: Any) -> None:
    code, result = process(operation_info.main, Wire(), operation_id="a/b")
    assert code == 1
    assert result["failed"] is True
    assert "is not a valid operation ID" in result["msg"]


def test_warnings_are_given_to_ansible(process: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    # Where the warnings go depends on the process: AnsibleModule prints them, the controller displays them.
    warnings: list[str] = []
    monkeypatch.setattr(basic.AnsibleModule, "warn", lambda self, warning: warnings.append(warning))
    options = {"cluster_id": CLUSTER_ID, "names": ["none-*"], "state": "paused"}
    code, _result = process(kafka_connector.main, Wire(Call("GET", CONNECTORS, {})), **options)
    assert code == 0
    assert warnings == ["No connector of the cluster matches the pattern none-*."]


def test_secret_properties_are_not_printed(process: Any) -> None:
    options = {"cluster_id": CLUSTER_ID, "name": "mirror", "state": "paused", "check_mode": True}
    secret = {"db.password": "hunter-two"}
    _code, result = process(
        kafka_connector.main,
        Wire(Call("GET", CONNECTOR, connector("PAUSED", properties={"description": "hunter-two"}))),
        **{**options, "properties": secret},
    )
    assert "hunter-two" not in json.dumps(result)


def test_invalid_arguments_are_not_printed(process: Any) -> None:
    code, result = process(kafka_connector.main, Wire(), name="mirror", properties={"db.password": "hunter-two"}, x=1)
    assert code == 1
    assert "hunter-two" not in json.dumps(result)


def test_module_waits_without_lines(process: Any) -> None:
    polls = [Call("GET", OPERATION, {"id": "op1"}, takes=40), Call("GET", OPERATION, done("PAUSED"))]
    code, _result = process(operation_info.main, Wire(*polls), operation_id="op1", wait=True)
    assert code == 0
