# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The whole life of a connector by real playbooks: created, changed, given back, deleted; and what is refused."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pytest
from support.runner import COLLECTION, Result, play

from sandbox import Sandbox
from sandbox.calls import Call
from sandbox.cloud import FOLDER

INFO = f"{COLLECTION}.kafka_connector_info"
CHANGES = ("Connector.Create", "Connector.Update", "Connector.Delete", "Connector.Pause", "Connector.Resume")
PASSWORD = "first-sasl-password"
OTHER_PASSWORD = "second-sasl-password"
CERTIFICATES = "-----BEGIN CERTIFICATE-----\nfirst-certificate\n-----END CERTIFICATE-----\n"
S3_SECRET = "first-s3-secret"
# of a property whose name tells that it is one
PROPERTY = "secret-of-a-property"

SPECIFICATIONS: dict[str, dict[str, Any]] = {
    "mirrormaker": {
        "tasks_max": 2,
        "properties": {"refresh.topics.enabled": True, "refresh.topics.interval.seconds": 60},
        "mirrormaker": {
            "topics": ["orders", "payments"],
            "replication_factor": 3,
            "source_cluster": {
                "alias": "source",
                "external_cluster": {
                    "bootstrap_servers": ["k1.example.com:9091", "k2.example.com:9091"],
                    "sasl_username": "mirror",
                    "sasl_password": PASSWORD,
                    "ssl_truststore_certificates": CERTIFICATES,
                },
            },
            "target_cluster": {"alias": "target", "this_cluster": {}},
        },
    },
    "s3_sink": {
        "placement": {"dedicated": True},
        "s3_sink": {
            "topics": "orders, payments",
            "file_compression_type": "gzip",
            "s3_connection": {
                "bucket_name": "archive",
                "external_s3": {"access_key_id": "id", "secret_access_key": S3_SECRET, "endpoint": "s3.example.com"},
            },
        },
    },
    "iceberg_sink": {
        "iceberg_sink": {
            "topics_regex": "events-.*",
            "control_topic": "control",
            "metastore_connection": {"catalog_uri": "thrift://meta.example.com:9083", "warehouse": "s3a://lake/"},
            "s3_connection": {"external_s3": {"access_key_id": "id", "secret_access_key": S3_SECRET}},
            "dynamic_tables": {"route_field": "table"},
            "tables_config": {"default_id_columns": ["id", "day"], "evolve_schema_enabled": True},
        },
    },
}


@dataclass(frozen=True)
class Update:
    """An update of a connector that SPECIFICATIONS has made."""

    options: Mapping[str, Any]
    mask: Sequence[str]
    diff: Mapping[str, Any]


UPDATES = {
    "mirrormaker": Update(
        {
            "tasks_max": 4,
            "mirrormaker": {
                "topics": ["orders"],
                "replication_factor": 3,
                "source_cluster": {"this_cluster": {}},
                "target_cluster": {"alias": "there"},
            },
        },
        (
            "tasks_max",
            "connector_config_mirrormaker.source_cluster.this_cluster",
            "connector_config_mirrormaker.target_cluster.alias",
            "connector_config_mirrormaker.topics",
        ),
        {
            "before": {
                "tasks_max": 2,
                "connector_config_mirrormaker": {
                    "source_cluster": {"this_cluster": None},
                    "target_cluster": {"alias": "target"},
                    "topics": "orders,payments",
                },
            },
            "after": {
                "tasks_max": 4,
                "connector_config_mirrormaker": {
                    "source_cluster": {"this_cluster": {}},
                    "target_cluster": {"alias": "there"},
                    "topics": "orders",
                },
            },
        },
    ),
    "s3_sink": Update(
        {"s3_sink": {"file_max_records": 500, "s3_connection": {"external_s3": {"region": "ru-central1"}}}},
        (
            "connector_config_s3_sink.file_max_records",
            "connector_config_s3_sink.s3_connection.external_s3.region",
        ),
        {
            "before": {
                "connector_config_s3_sink": {
                    "file_max_records": None,
                    "s3_connection": {"external_s3": {"region": None}},
                }
            },
            "after": {
                "connector_config_s3_sink": {
                    "file_max_records": 500,
                    "s3_connection": {"external_s3": {"region": "ru-central1"}},
                }
            },
        },
    ),
    "iceberg_sink": Update(
        {
            "iceberg_sink": {
                "topics": ["events"],
                "tables_config": {"evolve_schema_enabled": False, "default_id_columns": "id"},
                "control_config": {"commit_interval_ms": 60000},
            }
        },
        (
            "connector_config_iceberg_sink.topics",
            "connector_config_iceberg_sink.tables_config.default_id_columns",
            "connector_config_iceberg_sink.tables_config.evolve_schema_enabled",
            "connector_config_iceberg_sink.control_config.commit_interval_ms",
        ),
        {
            "before": {
                "connector_config_iceberg_sink": {
                    "topics": None,
                    "tables_config": {"default_id_columns": "id,day", "evolve_schema_enabled": True},
                    "control_config": {"commit_interval_ms": None},
                }
            },
            "after": {
                "connector_config_iceberg_sink": {
                    "topics": "events",
                    "tables_config": {"default_id_columns": "id", "evolve_schema_enabled": False},
                    "control_config": {"commit_interval_ms": 60000},
                }
            },
        },
    ),
}


def changes(sandbox: Sandbox) -> list[str]:
    """Return the changes that were sent."""
    return [call.name for call in sandbox.requests if call.short_name in CHANGES]


def run(tasks: Sequence[Mapping[str, Any]], sandbox: Sandbox, cluster_id: str, **how: Any) -> Result:
    """Run tasks on one cluster, with operations that take no time."""
    sandbox.behaviour.operation_seconds = 0
    defaults = {f"group/{COLLECTION}.all": {"cluster_id": cluster_id}}
    return play(tasks, sandbox, module_defaults=defaults, **how)


def one(title: str, **options: Any) -> dict[str, Any]:
    """Return a task that has to succeed, for the connector `mirror` unless it is said otherwise."""
    named = {name: value for name, value in options.items() if value is not None}
    return {"name": title, f"{COLLECTION}.kafka_connector": {"name": "mirror", **named}}


def may_fail(title: str, **options: Any) -> dict[str, Any]:
    """Return a task after which the play goes on whatever happens."""
    return {**one(title, **options), "ignore_errors": True}


def pair(title: str, **options: Any) -> list[dict[str, Any]]:
    """Return a task in check mode, and then the same in earnest."""
    task = one(title, **options)
    return [{**task, "name": f"would {title}", "check_mode": True, "diff": True}, {**task, "diff": True}]


@pytest.mark.parametrize("kind", sorted(SPECIFICATIONS))
def test_a_life(sandbox: Sandbox, cluster_id: str, kind: str) -> None:
    first, update = SPECIFICATIONS[kind], UPDATES[kind]
    steps: dict[str, tuple[dict[str, Any], bool]] = {
        "create": (first, True),
        "create again": (first, False),
        "update": ({**update.options}, True),
        "update again": ({**update.options}, False),
        "delete": ({"state": "absent"}, True),
        "delete again": ({"state": "absent"}, False),
    }
    tasks = [task for name, (options, dummy) in steps.items() for task in pair(name, name=kind, **options)]
    result = run(tasks, sandbox, cluster_id)
    assert result.returncode == 0, result.output
    assert changes(sandbox) == ["Create", "Update", "Delete"]
    for name, (dummy, changed) in steps.items():
        task, would = result[name], result[f"would {name}"]
        assert task.changed is would.changed is changed, name
        assert task["diff"] == would["diff"], name
        assert bool(task["diff"]["before"] or task["diff"]["after"]) is changed, name
        assert ("operation" in task.result) is changed, name
    assert result["create"]["connector"] == result["create again"]["connector"]
    expected = {**result["would create"]["connector"], "health": "ALIVE"}
    assert expected.items() <= result["create"]["connector"].items()
    assert result["create"]["diff"]["before"] == {}
    assert result["update"]["diff"] == update.diff
    assert result["would update"]["connector"] == result["update"]["connector"]
    assert result["delete"]["connector"] is result["would delete"]["connector"] is None
    assert result["delete"]["diff"]["before"] == result["update"]["connector"]
    assert result["delete"]["diff"]["after"] == {}
    (patch,) = sandbox.requests_of("Connector.Update")
    assert list(patch.request.update_mask.paths) == [f"connector_spec.{path}" for path in update.mask]
    assert all(secret not in result.output for secret in (PASSWORD, "first-certificate", S3_SECRET))
    assert sandbox.cloud.connector(cluster_id, kind) is None


def test_what_info_returns_can_be_given_back(sandbox: Sandbox, cluster_id: str) -> None:
    for kind in ("s3_sink", "iceberg_sink"):
        sandbox.cloud.add_connector(cluster_id, kind, kind=kind, status="PAUSED", properties={"camelCase": "a, b"})
    sandbox.cloud.add_connector(cluster_id, "secretive", properties={"db.password": PROPERTY, "tasksMax": "7"})
    before = {name: sandbox.cloud.connector(cluster_id, name) for name in ("mirror", "s3_sink", "iceberg_sink")}
    optional = ("placement", *(f"connector_config_{kind}" for kind in SPECIFICATIONS))
    again = {
        **one("give back", name="{{ item.name }}"),
        "loop": "{{ found.connectors }}",
    }
    again[f"{COLLECTION}.kafka_connector"] |= {
        "tasks_max": "{{ item.tasks_max }}",
        "properties": "{{ item.properties }}",
        "purge_properties": True,
        **{name: f"{{{{ item.{name} | default(omit) }}}}" for name in optional},
    }
    result = run([{"name": "look", INFO: {}, "register": "found"}, again], sandbox, cluster_id)
    assert result.returncode == 0, result.output
    given_back = result.items("give back")
    assert [task["connector"]["name"] for task in given_back] == ["iceberg_sink", "mirror", "s3_sink", "secretive"]
    assert not any(task.changed for task in given_back)
    assert [task["connector"] for task in given_back] == result["look"]["connectors"]
    assert changes(sandbox) == []
    assert {name: sandbox.cloud.connector(cluster_id, name) for name in before} == before
    assert PROPERTY not in result.output


REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "fixed placement": (
        {"placement": {"dedicated": True}, "tasks_max": 9},
        (
            "Could not create or update connector mirror of cluster {cluster_id}: "
            "placement cannot be changed after the creation. "
            "Leave it as it is, or delete the connector and create it again."
        ),
    ),
    "fixed compression": (
        {"name": "sink", "s3_sink": {"file_compression_type": "zstd"}},
        "connector_config_s3_sink.file_compression_type cannot be changed after the creation.",
    ),
    "another type": (
        {"s3_sink": {"topics": "a"}},
        "it is of the type connector_config_mirrormaker, and a connector_config_s3_sink is wanted",
    ),
    "two types": (
        {"s3_sink": {"topics": "a"}, "mirrormaker": {"topics": "a"}},
        "connector_config_mirrormaker and connector_config_s3_sink exclude each other.",
    ),
    "both clusters": (
        {
            "mirrormaker": {
                "source_cluster": {"this_cluster": {}, "external_cluster": {"bootstrap_servers": "k1"}},
            }
        },
        "connector_config_mirrormaker.source_cluster: this_cluster and external_cluster exclude each other.",
    ),
    "neither cluster": (
        {"name": "new", "mirrormaker": {"topics": "a", "source_cluster": {"alias": "a"}, "target_cluster": {}}},
        (
            "to create it the task lacks "
            "connector_config_mirrormaker.source_cluster.this_cluster or external_cluster, "
            "connector_config_mirrormaker.target_cluster.this_cluster or external_cluster."
        ),
    ),
    "no type": (
        {"name": "new", "tasks_max": 1},
        (
            "to create it the task lacks "
            "connector_config_mirrormaker or connector_config_s3_sink or connector_config_iceberg_sink."
        ),
    ),
    "half a new part": (
        {"mirrormaker": {"target_cluster": {"external_cluster": {"sasl_username": "u"}}}},
        "the task lacks connector_config_mirrormaker.target_cluster.external_cluster.bootstrap_servers.",
    ),
    "a negative number": ({"tasks_max": -1}, "tasks_max is -1, which is less than 1."),
    "an option that there is not": ({"task_max": 1}, "Unsupported parameters"),
    "a suboption that there is not": (
        {"mirrormaker": {"source_cluster": {"external_cluster": {"password": PASSWORD}}}},
        "Unsupported parameters",
    ),
    "something in this_cluster": ({"mirrormaker": {"target_cluster": {"this_cluster": {"a": "b"}}}}, "Unsupported"),
    "a masked secret": (
        {"mirrormaker": {"source_cluster": {"external_cluster": {"sasl_password": "********"}}}},
        "sasl_password",
    ),
}


def test_what_cannot_be_is_refused_before_anything_is_sent(sandbox: Sandbox, cluster_id: str) -> None:
    sandbox.cloud.add_connector(cluster_id, "sink", kind="s3_sink")
    tasks = [may_fail(name, **options) for name, (options, dummy) in REFUSED.items()]
    result = run(tasks, sandbox, cluster_id)
    assert len(result.tasks) == len(tasks)
    for task in result.tasks:
        assert task.failed, task.name
        assert REFUSED[task.name][1].format(cluster_id=cluster_id) in task.msg
        assert "\n" not in task.msg
        assert not task.result.get("changed")
    assert changes(sandbox) == []


@pytest.mark.every_core
def test_secrets_are_sent_only_when_they_have_to_be_and_never_shown(sandbox: Sandbox, cluster_id: str) -> None:
    def external(password: str, **options: Any) -> dict[str, Any]:
        secrets = {"sasl_password": password, "ssl_truststore_certificates": CERTIFICATES}
        whole = {"bootstrap_servers": "k1", "sasl_username": "u", **secrets}
        clusters = {"source_cluster": {"external_cluster": whole}, "target_cluster": {"this_cluster": {}}}
        properties = {"db.password": f"{PROPERTY}-{password}", "shown": "shown-value"}
        return {
            "name": "secretive",
            "properties": properties,
            "connector_config_mirrormaker": {"topics": "a", **clusters},
            **options,
        }

    stored: list[dict[str, str]] = []

    def note(call: Call) -> None:
        if call.message["connector_name"] == "secretive" and sandbox.cloud.connector(cluster_id, "secretive"):
            stored.append(sandbox.cloud.secrets(cluster_id, "secretive"))

    # before each task reads the connector
    sandbox.on_request("Connector.Get", note)
    only_secret = {"source_cluster": {"external_cluster": {"sasl_password": OTHER_PASSWORD}}}
    new_part = {"target_cluster": {"external_cluster": {"bootstrap_servers": "k2", "sasl_password": PASSWORD}}}
    steps: dict[str, tuple[dict[str, Any], bool]] = {
        "create": (external(PASSWORD), True),
        "leave": (external(PASSWORD), False),
        "ignore": ({"name": "secretive", "mirrormaker": only_secret}, False),
        "would send": ({"name": "secretive", "mirrormaker": only_secret, "update_secrets": True}, True),
        "send": ({"name": "secretive", "mirrormaker": only_secret, "update_secrets": True}, True),
        "send again": ({"name": "secretive", "mirrormaker": only_secret, "update_secrets": True}, True),
        "another part": ({"name": "secretive", "mirrormaker": new_part}, True),
        "change": (external(OTHER_PASSWORD, connector_config_mirrormaker=None), True),
    }
    tasks: list[dict[str, Any]] = [
        {**one(title, **options), "diff": True, "check_mode": title == "would send"}
        for title, (options, dummy) in steps.items()
    ]
    tasks.append({"name": "look", INFO: {"names": "secret*"}, "no_log": False})
    tasks += [{**may_fail(name, **external(PASSWORD, name=name)), "diff": True} for name in ("refused", "failed")]
    sandbox.faults.abort(
        "Connector.Create",
        "INVALID_ARGUMENT",
        f"bad sasl_password {PASSWORD}",
        when=lambda call: call.message["connector_spec"]["name"] == "refused",
    )
    sandbox.faults.fail_operation("create", message=f"cannot log in with {PASSWORD}", connector="failed")
    result = run(tasks, sandbox, cluster_id, verbosity=3)
    for name, (dummy, changed) in steps.items():
        assert result[name].status == "ok", result[name].result
        assert result[name].changed is changed, name
    path = "connector_config_mirrormaker.{}_cluster.external_cluster.{}".format
    created = {
        path("source", "sasl_password"): PASSWORD,
        path("source", "ssl_truststore_certificates"): CERTIFICATES,
    }
    sent = {**created, path("source", "sasl_password"): OTHER_PASSWORD}
    assert stored == [
        created,
        created,
        created,
        created,
        sent,
        sent,
        {**sent, path("target", "sasl_password"): PASSWORD},
    ]
    updates = sandbox.requests_of("Connector.Update")
    assert [list(call.request.update_mask.paths) for call in updates] == [
        [f"connector_spec.{path('source', 'sasl_password')}"],
        [f"connector_spec.{path('source', 'sasl_password')}"],
        ["connector_spec.connector_config_mirrormaker.target_cluster.external_cluster"],
        ["connector_spec.properties"],
    ]
    assert result["refused"].failed
    assert result["failed"].failed
    assert "cannot log in with" in result["failed"].msg
    assert "shown-value" in result.output
    text = result.output + json.dumps([task.result for task in result.tasks])
    for secret in (PASSWORD, OTHER_PASSWORD, "first-certificate", PROPERTY):
        assert secret not in text, secret


def test_properties_are_merged_purged_and_left_alone(sandbox: Sandbox, cluster_id: str) -> None:
    sandbox.cloud.add_connector(cluster_id, "it", properties={"a": "1", "db.password": PROPERTY, "Camel.Case": "x"})
    steps: dict[str, tuple[dict[str, Any], dict[str, str] | None]] = {
        "nothing new": ({"properties": {"a": 1}}, None),
        "nothing at all": ({"properties": {}}, None),
        "no purge without properties": ({"tasks_max": 3, "purge_properties": True}, None),
        "merged": ({"properties": {"b": True, "c": 2.5}}, {"a": "1", "Camel.Case": "x", "b": "true", "c": "2.5"}),
        "from Jinja": (
            {"properties": {"b": "{{ false }}", "c": "{{ 3 + 4 }}", "d": "{{ 'text' }}"}},
            {"a": "1", "Camel.Case": "x", "b": "false", "c": "7", "d": "text"},
        ),
        "from Jinja again": ({"properties": {"b": False, "c": "7", "d": "text"}}, None),
        "masked": ({"properties": {"db.password": "********", "a": 1}}, None),
        "purged": (
            {"properties": {"db.password": "********", "a": 2}, "purge_properties": True},
            {"a": "2"},
        ),
        "purged again": ({"properties": {"db.password": "********", "a": "2"}, "purge_properties": True}, None),
    }
    tasks = [one(title, **{"name": "it", **options}) for title, (options, dummy) in steps.items()]
    result = run(tasks, sandbox, cluster_id)
    assert result.returncode == 0, result.output
    updates = iter(sandbox.requests_of("Connector.Update"))
    for name, (dummy, properties) in steps.items():
        assert result[name].changed is (properties is not None), name
        if properties is not None:
            request = next(updates).request
            assert dict(request.connector_spec.properties) == {**properties, "db.password": PROPERTY}
            assert result[name]["connector"]["properties"] == {**properties, "db.password": "********"}
    last = sandbox.cloud.connector(cluster_id, "it")
    assert last
    assert dict(last.properties) == {"a": "2", "db.password": PROPERTY}


def test_the_same_in_other_words_changes_nothing(sandbox: Sandbox, cluster_id: str) -> None:
    ways: dict[str, dict[str, Any]] = {
        "first": {"tasks_max": 2, "iceberg_sink": {"topics": ["a", "b"], "control_config": {"commit_threads": 4}}},
        "as Jinja": {
            "tasks_max": "{{ two }}",
            "iceberg_sink": {"topics": "{{ topics }}", "control_config": {"commit_threads": "{{ '4' }}"}},
        },
        "as text": {"tasks_max": "2", "iceberg_sink": {"topics": "a,b", "control_config": {"commit_threads": "4"}}},
        "with spaces": {"iceberg_sink": {"topics": " a ,  b"}},
        "with a comma in a list": {"iceberg_sink": {"topics": ["a, b"]}},
        "by its full name": {"connector_config_iceberg_sink": {"topics": "{{ topics | join(', ') }}"}},
        "with what is false anyway": {"placement": {"dedicated": False}},
    }
    tasks = [one(title, **{"name": "lake", **options}) for title, options in ways.items()]
    sandbox.cloud.add_connector(cluster_id, "lake", kind="iceberg_sink")
    result = run(tasks, sandbox, cluster_id, vars={"two": 2, "topics": ["a", "b"]})
    assert [task.changed for task in result.tasks] == [True, False, False, False, False, False, False], result.output
    assert changes(sandbox) == ["Update"]


def test_a_specification_and_then_a_state(sandbox: Sandbox, cluster_id: str) -> None:
    spec = SPECIFICATIONS["s3_sink"]
    steps: dict[str, tuple[dict[str, Any], bool]] = {
        "create paused": ({"state": "paused", **spec}, True),
        "paused already": ({"state": "paused", **spec}, False),
        "present does not resume": ({"state": "present", **spec}, False),
        "update and resume": ({"state": "running", "tasks_max": 5}, True),
        "update and pause": ({"state": "paused", "tasks_max": 6}, True),
    }
    tasks = [task for name, (options, dummy) in steps.items() for task in pair(name, **{"name": "sink", **options})]
    result = run(tasks, sandbox, cluster_id)
    assert result.returncode == 0, result.output
    for name, (dummy, changed) in steps.items():
        assert result[name].changed is result[f"would {name}"].changed is changed, name
        assert result[name]["diff"] == result[f"would {name}"]["diff"], name
    assert changes(sandbox) == ["Create", "Pause", "Update", "Resume", "Update", "Pause"]
    assert result["update and pause"]["diff"] == {
        "before": {"tasks_max": 5, "status": "RUNNING"},
        "after": {"tasks_max": 6, "status": "PAUSED"},
    }


def test_more_connectors_than_one_page_holds(sandbox: Sandbox, cluster_id: str) -> None:
    for number in range(1001):
        sandbox.cloud.add_connector(cluster_id, f"many-{number:04}", status="PAUSED" if number % 500 else "ERROR")
    tasks: list[dict[str, Any]] = [
        {"name": "count", INFO: {}, "register": "found"},
        {"name": "tell", "ansible.builtin.debug": {"msg": "{{ found.connectors | length }}"}},
        {"name": "filter", INFO: {"names": "many-*", "status": ["ERROR", "RUNNING"]}},
        {"name": "last", INFO: {"names": ["many-1000", "no-such"]}},
        one("one that is missing", name="zzz", state="absent"),
        may_fail("one on no page", name="zzz", state="paused"),
    ]
    result = run(tasks, sandbox, cluster_id)
    assert int(result["tell"].msg) == 1002
    assert [item["name"] for item in result["filter"]["connectors"]] == ["many-0000", "many-0500", "many-1000"]
    assert [item["name"] for item in result["last"]["connectors"]] == ["many-1000"]
    assert not result["one that is missing"].changed
    assert "it does not exist" in result["one on no page"].msg
    lists = [len(call.message.get("page_token", "")) > 0 for call in sandbox.requests_of("Connector.List")]
    assert lists == [False, True] * 5


def test_clusters_and_what_they_hold(sandbox: Sandbox) -> None:
    ids = {
        name: sandbox.cloud.add_cluster(name, labels={"team": team, "camelCase": "kept"})
        for name, team in {"prod-a": "payments", "prod-b": "search", "test-a": "payments"}.items()
    }
    elsewhere = sandbox.cloud.add_cluster("prod-c", folder_id="b1gelsewhere")
    sandbox.cloud.add_connector(ids["prod-b"], "mirror", status="PAUSED", health="DEAD")
    sandbox.behaviour.page_cap = 1
    clusters = f"{COLLECTION}.kafka_cluster_info"
    by_name = {"cluster_name": "prod-b", "folder_id": FOLDER}
    tasks: list[dict[str, Any]] = [
        {"name": "all", clusters: {"folder_id": FOLDER}},
        {"name": "patterns", clusters: {"names": ["prod-*"]}, "environment": {"YC_FOLDER_ID": FOLDER}},
        {"name": "labels", clusters: {"folder_id": FOLDER, "labels": {"team": "payments"}, "names": "*-a,none"}},
        {"name": "none", clusters: {"folder_id": FOLDER, "labels": {"team": "nobody"}}},
        {"name": "by name", INFO: {**by_name, "name": "mirror"}, "check_mode": True},
        {"name": "no connectors", INFO: {"cluster_id": ids["prod-a"]}},
        {"name": "no such connector", INFO: {**by_name, "name": "other"}},
        {"name": "no folder", clusters: {}, "ignore_errors": True},
        {"name": "another folder", clusters: {"folder_id": "b1gnothing"}, "ignore_errors": True},
        {"name": "no cluster", INFO: {"cluster_id": "c9qnothing"}, "ignore_errors": True},
        {"name": "no such name", INFO: {"cluster_name": "prod-c", "folder_id": FOLDER}, "ignore_errors": True},
        {"name": "two ways", INFO: {**by_name, "cluster_id": elsewhere}, "ignore_errors": True},
    ]
    result = play(tasks, sandbox)

    def names(task: str) -> list[str]:
        return [cluster["name"] for cluster in result[task]["clusters"]]

    assert names("all") == ["prod-a", "prod-b", "test-a"]
    assert names("patterns") == ["prod-a", "prod-b"]
    assert names("labels") == ["prod-a", "test-a"]
    assert names("none") == []
    (cluster,) = [item for item in result["all"]["clusters"] if item["name"] == "prod-b"]
    assert cluster["id"] == ids["prod-b"]
    assert cluster["labels"] == {"team": "search", "camelCase": "kept"}
    assert cluster["config"]["brokers_count"] == 3
    (found,) = result["by name"]["connectors"]
    assert (found["status"], found["health"], found["cluster_id"]) == ("PAUSED", "DEAD", ids["prod-b"])
    assert result["no connectors"]["connectors"] == result["no such connector"]["connectors"] == []
    for name, message in {
        "no folder": "folder_id is missing",
        "another folder": "list the clusters of folder b1gnothing",
        "no cluster": "no cluster c9qnothing",
        "no such name": "no cluster named prod-c",
        "two ways": "mutually exclusive",
    }.items():
        assert result[name].failed, name
        assert message in result[name].msg
    assert not any(task.result.get("changed") for task in result.tasks)
    assert changes(sandbox) == []


def test_an_operation_that_was_left_to_the_server(sandbox: Sandbox, cluster_id: str) -> None:
    sandbox.behaviour.operation_seconds = 3600
    sandbox.faults.fail_operation("resume", "INTERNAL", "broker is down")
    polls: Counter[str] = Counter()

    def end_at_the_third_poll(call: Call) -> None:
        operation_id = call.message["operation_id"]
        polls[operation_id] += 1
        if polls[operation_id] == 3:
            sandbox.cloud.finish(operation_id)

    sandbox.on_request("Operation.Get", end_at_the_third_poll)
    operation = f"{COLLECTION}.operation_info"
    left = {"cluster_id": cluster_id, "wait": False}
    tasks: list[dict[str, Any]] = [
        {**one("pause", state="paused", **left), "register": "begun"},
        {"name": "look", operation: {"operation_id": "{{ begun.operation.id }}"}},
        {"name": "wait", operation: {"operation_id": "{{ begun.operation.id }}", "wait": True}},
        {**one("resume", state="running", **left), "register": "begun"},
        {"name": "fail", operation: {"operation_id": "{{ begun.operation.id }}", "wait": True}, "ignore_errors": True},
        {"name": "look at it", operation: {"operation_id": "{{ begun.operation.id }}"}},
        {"name": "unknown", operation: {"operation_id": "mqqnothing"}, "ignore_errors": True},
    ]
    result = play(tasks, sandbox)
    assert result["pause"].changed
    assert result["pause"]["connector"]["status"] == "RUNNING"
    assert not result["look"]["operation"]["done"]
    assert result["wait"]["operation"]["done"]
    assert result["wait"]["operation"]["response"]["status"] == "PAUSED"
    assert result["wait"]["operation"]["metadata"]["connector_name"] == "mirror"
    assert "failed with INTERNAL: broker is down" in result["fail"].msg
    assert result["fail"]["operation"]["done"]
    assert result["fail"]["error"]["status"] == "INTERNAL"
    assert result["look at it"].status == "ok"
    assert result["look at it"]["operation"]["error"]["message"] == "broker is down"
    assert "Operation mqqnothing not found" in result["unknown"].msg
