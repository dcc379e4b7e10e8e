# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Random changes: the plan, executed by the rules of the protobufs, leads to the desired connector."""

from __future__ import annotations

import json
from typing import Any

from google.protobuf.json_format import MessageToDict, ParseDict
from hypothesis import given, settings
from hypothesis import strategies as st
from support.strategies import SECRET, of_type, patiently, specifications, updatable
from yandex.cloud.mdb.kafka.v1 import connector_pb2, connector_service_pb2

from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._api.errors import InputError
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._connector.fields import CONNECTOR_TYPES
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._connector.model import (
    Wanted,
    connector_from_api,
)
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._connector.parse import parse_specification
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._connector.plan import step_for
from sandbox import specification as cloud


def in_results(message: connector_pb2.Connector) -> dict[str, Any]:
    return connector_from_api(MessageToDict(message))


def secrets_of(spec: Any, path: str = "") -> dict[str, str]:
    if isinstance(spec, dict):
        return {k: v for name, item in spec.items() for k, v in secrets_of(item, f"{path}.{name}".lstrip(".")).items()}
    return {path: spec} if str(spec).startswith(SECRET) else {}


def has_part(connector: dict[str, Any], path: str) -> bool:
    """Return whether a connector has the part that contains a field."""
    value: Any = connector
    for name in path.split(".")[:-1]:
        value = value.get(name) if isinstance(value, dict) else None
    return value is not None


@st.composite
def lives(draw: st.DrawFn) -> tuple[dict[str, Any], Wanted]:
    """Return the settings of a new connector, and what a later task wants."""
    kind = draw(st.sampled_from(CONNECTOR_TYPES))
    first = draw(specifications(of_type(kind), complete=True))
    then = draw(specifications(updatable(of_type(kind))))
    flags = {"purge_properties": draw(st.booleans()), "update_secrets": draw(st.booleans())}
    return parse_specification(first), Wanted("present", parse_specification(then), **flags)


@settings(patiently, max_examples=100)
@given(lives())
def test_plan_leads_to_the_desired_connector(life: tuple[dict[str, Any], Wanted]) -> None:
    first, want = life
    creation = step_for("configure", Wanted("present", first), None, "mirror")
    assert creation
    assert creation.connector
    connector = connector_pb2.Connector(status=connector_pb2.Connector.RUNNING)
    secrets = cloud.copy(
        ParseDict(creation.body, connector_service_pb2.CreateConnectorRequest()).connector_spec, connector
    )
    assert step_for("configure", Wanted("present", first), in_results(connector)) is None
    assert in_results(connector) == {**creation.connector, "status": "RUNNING"}
    assert secrets == secrets_of(first)
    before, secrets_before = in_results(connector), dict(secrets)
    update, message = None, ""
    try:
        update = step_for("configure", want, in_results(connector))
    except InputError as error:
        message = error.msg
    assert not message or message.startswith("The change requires ")
    if update is None:
        return
    request = ParseDict(json.loads(json.dumps(update.body)), connector_service_pb2.UpdateConnectorRequest())
    cloud.update(list(request.update_mask.paths), request.connector_spec, connector, secrets)
    assert in_results(connector) == update.connector
    assert step_for("configure", want._replace(update_secrets=False), in_results(connector)) is None
    if want.update_secrets:
        assert secrets_of(want.spec).items() <= secrets.items()
    for path, secret in secrets_of(want.spec).items():
        # The secrets of a new part are always sent.
        assert secrets.get(path) == secret or path in secrets_before or has_part(before, path)
