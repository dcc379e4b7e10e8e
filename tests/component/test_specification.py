# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Settings that are impossible fail before any change is sent."""

from __future__ import annotations

from typing import Any

import pytest
from support.specifications import PASSWORD
from support.world import World

MIRRORMAKER = "connector_config_mirrormaker"
INVALID: dict[str, tuple[dict[str, Any], str]] = {
    "immutable placement": (
        {"placement": {"dedicated": True}, "tasks_max": 9},
        (
            "Could not create or update connector mirror in cluster {cluster_id}: immutable fields differ: placement. "
            "Remove them, or delete the connector and create it again."
        ),
    ),
    "immutable compression": (
        {"name": "sink", "s3_sink": {"file_compression_type": "zstd"}},
        "immutable fields differ: connector_config_s3_sink.file_compression_type.",
    ),
    "another type": (
        {"s3_sink": {"topics": "a"}},
        "the type connector_config_mirrormaker cannot change to connector_config_s3_sink.",
    ),
    "two types": (
        {"s3_sink": {"topics": "a"}, "mirrormaker": {"topics": "a"}},
        "connector_config_mirrormaker and connector_config_s3_sink exclude each other.",
    ),
    "two clusters": (
        {"mirrormaker": {"source_cluster": {"this_cluster": {}, "external_cluster": {"bootstrap_servers": "k1"}}}},
        f"{MIRRORMAKER}.source_cluster.external_cluster exclude each other.",
    ),
    "no cluster": (
        {"name": "new", "mirrormaker": {"topics": "a", "source_cluster": {"alias": "a"}, "target_cluster": {}}},
        (
            f"creating it requires {MIRRORMAKER}.source_cluster.this_cluster or external_cluster, "
            f"{MIRRORMAKER}.target_cluster.this_cluster or external_cluster."
        ),
    ),
    "no type": (
        {"name": "new", "tasks_max": 1},
        (
            "creating it requires connector_config_mirrormaker or connector_config_s3_sink or "
            "connector_config_iceberg_sink."
        ),
    ),
    "no settings": ({"name": "new"}, "no such connector, and the task has no settings to create it."),
    "incomplete new part": (
        {"mirrormaker": {"target_cluster": {"external_cluster": {"sasl_username": "u"}}}},
        f"the change requires {MIRRORMAKER}.target_cluster.external_cluster.bootstrap_servers.",
    ),
    "negative number": ({"tasks_max": -1}, "tasks_max is -1, which is less than 1."),
    "unknown option": ({"task_max": 1}, "task_max. Supported parameters include"),
    "unknown suboption": (
        {"mirrormaker": {"source_cluster": {"external_cluster": {"password": PASSWORD}}}},
        "mirrormaker.source_cluster.external_cluster.password. Supported parameters include",
    ),
    "content of this_cluster": (
        {"mirrormaker": {"target_cluster": {"this_cluster": {"a": "b"}}}},
        "mirrormaker.target_cluster.this_cluster.a",
    ),
    "masked secret": (
        {"mirrormaker": {"source_cluster": {"external_cluster": {"sasl_password": "********"}}}},
        "external_cluster.sasl_password is ********, which hides a secret in a result.",
    ),
    "masked property without a value": (
        {"properties": {"db.password": "********"}},
        "property db.password has no current value to keep.",
    ),
    "list as a property": ({"properties": {"a": [1]}}, "roperties.a is not a string, a boolean or a number."),
}


@pytest.mark.parametrize("case", INVALID)
def test_impossible_settings_fail_before_any_change(world: World, case: str) -> None:
    world.sandbox.cloud.add_connector(world.cluster_id, "sink", kind="s3_sink")
    options, expected = INVALID[case]
    report = world.perform(state="present", **options)
    assert report.failed
    assert not report.changed
    assert expected.format(cluster_id=world.cluster_id) in report.msg
    assert PASSWORD not in report.msg
    assert all(call.name in ("Get", "List") for call in world.sandbox.requests)


def test_error_of_the_service_hides_the_secrets_that_it_quotes(world: World) -> None:
    cluster = {"external_cluster": {"bootstrap_servers": "k1", "sasl_username": "u", "sasl_password": PASSWORD}}
    create = {"topics": "a", "source_cluster": cluster, "target_cluster": {"this_cluster": {}}}
    world.sandbox.faults.abort("Connector.Create", "INVALID_ARGUMENT", f"bad sasl_password {PASSWORD}")
    refused = world.perform(state="present", name="refused", mirrormaker=create)
    world.sandbox.faults.fail_operation("create", message=f"cannot log in with {PASSWORD}")
    failed = world.perform(state="present", name="failed", mirrormaker=create)
    for report in (refused, failed):
        assert report.failed
        assert PASSWORD not in str(report.result)
    assert "bad sasl_password ********" in refused.msg
    assert "cannot log in with ********" in failed.msg
