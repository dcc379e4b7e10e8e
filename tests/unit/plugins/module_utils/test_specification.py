# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The fields of a specification: what a task may write, what is compared, and what is sent."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from hypothesis import given

from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._differences import (
    differences,
    missing,
    nested,
    overlaid,
    secrets_masked,
    to_json,
    update_mask,
    without_secrets,
)
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._errors import InputError
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._json import MASK
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._specification import (
    CONNECTOR_TYPES,
    SPECIFICATION,
    Field,
    check_specification,
    options,
)
from ansible_collections.yandex_cloud.managed_kafka.tests.unit.plugins.strategies import (
    SECRET,
    patiently,
    specifications,
)

MIRROR = "connector_config_mirrormaker"
S3 = "connector_config_s3_sink"
ICEBERG = "connector_config_iceberg_sink"
EXTERNAL: dict[str, Any] = {
    "bootstrap_servers": ["k1:9091", "k2:9091"],
    "sasl_username": "u",
    "sasl_password": "hunter2",
}


def by_ansible(**params: Any) -> dict[str, Any]:
    """Return options as Ansible hands them to a module."""
    result = ArgumentSpecValidator(options()).validate(params)
    assert not result.error_messages, result.error_messages
    validated: dict[str, Any] = result.validated_parameters
    return validated


def named(**params: Any) -> dict[str, Any]:
    """Return the specification of a task that names these options."""
    return check_specification(by_ansible(**params))


def refusal(**params: Any) -> str:
    with pytest.raises(InputError) as refused:
        named(**params)
    return refused.value.msg


def walk(fields: tuple[Field, ...] = SPECIFICATION, path: tuple[str, ...] = ()) -> Iterator[tuple[str, Field]]:
    for field in fields:
        yield ".".join((*path, field.name)), field
        yield from walk(field.fields, (*path, field.name))


def paths(spec: dict[str, Any], current: dict[str, Any], **how: Any) -> list[str]:
    return [".".join(difference.path) for difference in differences(spec, current, **how)]


# What a task may write


def test_the_options_of_a_module() -> None:
    found = options()
    assert list(found) == ["tasks_max", "properties", "placement", *CONNECTOR_TYPES]
    assert found["tasks_max"] == {"type": "int"}
    assert found["properties"] == {"type": "dict"}
    assert found[MIRROR]["aliases"] == ["mirrormaker"]
    cluster = found[MIRROR]["options"]["source_cluster"]["options"]
    assert cluster["this_cluster"] == {"type": "dict", "options": {}}
    assert cluster["external_cluster"]["options"]["bootstrap_servers"] == {"type": "list", "elements": "str"}
    s3 = found[S3]["options"]["s3_connection"]["options"]["external_s3"]["options"]
    assert s3["secret_access_key"] == {"type": "str", "no_log": True}
    assert s3["access_key_id"] == {"type": "str"}


@pytest.mark.parametrize(("path", "field"), [pytest.param(*item, id=item[0]) for item in walk()])
def test_every_field_is_an_option(path: str, field: Field) -> None:
    level, *names = options(), *path.split(".")
    for name in names[:-1]:
        level = level[name]["options"]
    option = level[names[-1]]
    assert option.get("no_log", False) is field.secret
    assert ("options" in option) == (field.type == "dict")
    # an alias is told from a name at any level, or one would hide the other
    assert not set(field.aliases) & set(level)
    assert not option.get("required"), "what is needed to create a connector is not needed to pause it"


def test_what_is_not_named_is_not_there() -> None:
    assert named() == {}
    assert named(tasks_max=None, mirrormaker={"topics": None, "source_cluster": {}}) == {MIRROR: {"source_cluster": {}}}


@pytest.mark.parametrize("written", [3, "3", " 3 "])
def test_numbers_as_jinja_gives_them(written: Any) -> None:
    assert named(tasks_max=written, s3_sink={"file_max_records": written}) == {
        "tasks_max": 3,
        S3: {"file_max_records": 3},
    }


@pytest.mark.parametrize(
    ("written", "meant"), [(True, True), ("true", True), ("yes", True), ("False", False), (0, False), ("no", False)]
)
def test_booleans_as_jinja_gives_them(written: Any, meant: bool) -> None:
    assert named(placement={"dedicated": written}) == {"placement": {"dedicated": meant}}


@pytest.mark.parametrize(
    "written",
    [
        ["a", "b.*", "7"],
        ["a", "b.*", 7],
        "a,b.*,7",
        "a, b.*, 7",
        " a ,b.* ,  7 ",
        "a,\n  b.*,\n  7\n",
        [" a", "b.* ", " 7 "],
        ["a, b.*", "7"],
        "a,,b.*,7,",
        ["a", "", "b.*", "7"],
    ],
)
def test_a_list_and_a_string_mean_the_same(written: Any) -> None:
    assert named(mirrormaker={"topics": written}) == {MIRROR: {"topics": "a,b.*,7"}}


@pytest.mark.parametrize("written", [[], ""])
def test_an_empty_list(written: Any) -> None:
    assert named(iceberg_sink={"static_tables": {"tables": written}})[ICEBERG]["static_tables"]["tables"] == ""


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        ("text", "text"),
        ("", ""),
        (" spaced ", " spaced "),
        ("True", "True"),
        (True, "true"),
        (False, "false"),
        (0, "0"),
        (-5, "-5"),
        (60, "60"),
        (10**18, "1000000000000000000"),
        (0.5, "0.5"),
        (1.0, "1.0"),
    ],
)
def test_values_of_properties(written: Any, sent: str) -> None:
    value = named(properties={"a.b": written})["properties"]["a.b"]
    assert value == sent
    assert isinstance(value, str)


@pytest.mark.parametrize("written", [None, [], ["a"], {}, {"b": "c"}, float("nan"), float("inf")])
def test_what_is_no_value_of_a_property(written: Any) -> None:
    message = refusal(properties={"fine": "x", "a.b": written})
    assert "properties.a.b is neither a string, a boolean nor a number" in message
    assert "hunter2" not in message


@pytest.mark.parametrize("key", [1, True, None, ""])
def test_what_is_no_key_of_a_property(key: Any) -> None:
    with pytest.raises(InputError, match="properties has a key that is not a string"):
        check_specification({"properties": {key: "x"}})


def test_nothing_of_a_bad_secret_is_shown() -> None:
    assert "hunter2" not in refusal(properties={"db.password": ["hunter2"]})


@pytest.mark.parametrize("number", [0, -1, "-1"])
@pytest.mark.parametrize(
    ("path", "field"), [pytest.param(*item, id=item[0]) for item in walk() if item[1].type == "int"]
)
def test_a_number_that_is_too_small(path: str, field: Field, number: Any) -> None:
    params: Any = number
    for name in reversed(path.split(".")):
        params = {name: params}
    assert refusal(**params) == f"{path} is {int(number)}, which is less than 1."


@pytest.mark.parametrize(
    ("params", "message"),
    [
        ({"mirrormaker": {}, "s3_sink": {}}, f"{MIRROR} and {S3} exclude each other. Name one."),
        (
            {"mirrormaker": {}, "s3_sink": {}, "iceberg_sink": {}},
            f"{MIRROR} and {S3} and {ICEBERG} exclude each other. Name one.",
        ),
        (
            {"mirrormaker": {"source_cluster": {"this_cluster": {}, "external_cluster": EXTERNAL}}},
            f"{MIRROR}.source_cluster: this_cluster and external_cluster exclude each other. Name one.",
        ),
        (
            {"iceberg_sink": {"topics": "a", "topics_regex": "b"}},
            f"{ICEBERG}: topics and topics_regex exclude each other. Name one.",
        ),
        (
            {"iceberg_sink": {"static_tables": {}, "dynamic_tables": {}}},
            f"{ICEBERG}: static_tables and dynamic_tables exclude each other. Name one.",
        ),
    ],
)
def test_what_excludes_each_other(params: dict[str, Any], message: str) -> None:
    assert refusal(**params) == message


@pytest.mark.parametrize(
    "params",
    [
        {"mirrormaker": {"source_cluster": {"external_cluster": {"sasl_password": MASK}}}},
        {"mirrormaker": {"target_cluster": {"external_cluster": {"ssl_truststore_certificates": MASK}}}},
        {"s3_sink": {"s3_connection": {"external_s3": {"secret_access_key": MASK}}}},
        {"iceberg_sink": {"s3_connection": {"external_s3": {"secret_access_key": MASK}}}},
    ],
)
def test_the_mask_is_no_secret(params: dict[str, Any]) -> None:
    assert f"is {MASK}, which stands for a secret in a result" in refusal(**params)


# What is needed to create


@pytest.mark.parametrize(
    ("params", "lacking"),
    [
        ({}, [" or ".join(CONNECTOR_TYPES)]),
        ({"tasks_max": 1}, [" or ".join(CONNECTOR_TYPES)]),
        ({"mirrormaker": {}}, [f"{MIRROR}.{name}" for name in ("source_cluster", "target_cluster", "topics")]),
        (
            {"mirrormaker": {"source_cluster": {"external_cluster": {}}, "target_cluster": {}, "topics": []}},
            [
                f"{MIRROR}.source_cluster.external_cluster.bootstrap_servers",
                f"{MIRROR}.target_cluster.this_cluster or external_cluster",
                f"{MIRROR}.topics",
            ],
        ),
        ({"s3_sink": {}}, [f"{S3}.topics", f"{S3}.s3_connection"]),
        ({"s3_sink": {"topics": "a", "s3_connection": {"bucket_name": ""}}}, [f"{S3}.s3_connection.bucket_name"]),
        (
            {"iceberg_sink": {"s3_connection": {}, "metastore_connection": {}}},
            [
                f"{ICEBERG}.control_topic",
                f"{ICEBERG}.metastore_connection.catalog_uri",
                f"{ICEBERG}.metastore_connection.warehouse",
                f"{ICEBERG}.topics or topics_regex",
            ],
        ),
        (
            {
                "iceberg_sink": {
                    "topics": [],
                    "control_topic": "c",
                    "s3_connection": {},
                    "metastore_connection": {"catalog_uri": "u", "warehouse": "w"},
                }
            },
            [f"{ICEBERG}.topics or topics_regex"],
        ),
    ],
)
def test_what_is_missing_is_named(params: dict[str, Any], lacking: list[str]) -> None:
    assert list(missing(named(**params))) == lacking


@patiently
@given(specifications(complete=True))
def test_what_is_complete_lacks_nothing(params: dict[str, Any]) -> None:
    assert list(missing(check_specification(params))) == []


# What is compared


CURRENT: dict[str, Any] = {
    "name": "mirror",
    "tasks_max": 3,
    "properties": {"a": "1"},
    MIRROR: {
        "source_cluster": {
            "alias": "source",
            "external_cluster": {"bootstrap_servers": "k1, k2", "sasl_username": "u"},
        },
        "target_cluster": {"this_cluster": {}},
        "topics": "a,b",
        "replication_factor": 3,
    },
}


@pytest.mark.parametrize(
    ("params", "found"),
    [
        ({}, []),
        ({"tasks_max": 3, "properties": {"a": 1}}, []),
        ({"tasks_max": 4}, ["tasks_max"]),
        ({"mirrormaker": {"topics": ["a", "b"], "replication_factor": "3"}}, []),
        ({"mirrormaker": {"topics": ["b", "a"]}}, [f"{MIRROR}.topics"]),
        ({"mirrormaker": {"topics": ["a, b"]}}, []),
        ({"mirrormaker": {"source_cluster": {"external_cluster": {"bootstrap_servers": ["k1", "k2"]}}}}, []),
        (
            {"mirrormaker": {"source_cluster": {"alias": "other", "external_cluster": {"sasl_username": "v"}}}},
            [f"{MIRROR}.source_cluster.alias", f"{MIRROR}.source_cluster.external_cluster.sasl_username"],
        ),
        ({"mirrormaker": {"source_cluster": {"this_cluster": {}}}}, [f"{MIRROR}.source_cluster.this_cluster"]),
        ({"mirrormaker": {"target_cluster": {"this_cluster": {}}}}, []),
        (
            {"mirrormaker": {"target_cluster": {"external_cluster": EXTERNAL}}},
            [f"{MIRROR}.target_cluster.external_cluster"],
        ),
        ({"mirrormaker": {"source_cluster": {"external_cluster": {"sasl_password": "hunter2"}}}}, []),
        ({"placement": {"dedicated": False}}, []),
        ({"placement": {}}, []),
        ({"placement": {"dedicated": True}}, ["placement"]),
        ({"s3_sink": {}}, [S3]),
    ],
)
def test_what_differs(params: dict[str, Any], found: list[str]) -> None:
    assert paths(named(**params), CURRENT) == found


@pytest.mark.parametrize("region", ["", "us-east-1"])
@pytest.mark.parametrize("shown", [None, "", "us-east-1"])
def test_a_default_is_the_same_whether_it_is_written_or_not(region: str, shown: str | None) -> None:
    current = {S3: {"s3_connection": {"external_s3": {"region": shown} if shown is not None else {}}}}
    assert paths(named(s3_sink={"s3_connection": {"external_s3": {"region": region}}}), current) == []
    other = named(s3_sink={"s3_connection": {"external_s3": {"region": "ru-central1"}}})
    assert paths(other, current) == [f"{S3}.s3_connection.external_s3.region"]


@pytest.mark.parametrize(("params", "differs"), [("true", True), ("false", False)])
def test_a_boolean_that_the_api_leaves_out_is_false(params: str, differs: bool) -> None:
    spec = named(iceberg_sink={"tables_config": {"evolve_schema_enabled": params}})
    assert bool(paths(spec, {ICEBERG: {"topics": "a"}})) is differs
    assert bool(paths(spec, {ICEBERG: {"tables_config": {"evolve_schema_enabled": True}}})) is not differs


def test_a_part_that_is_not_there_yet_is_made_of_its_fields() -> None:
    spec = named(iceberg_sink={"control_config": {"commit_threads": 4, "group_id_prefix": "g"}})
    found = list(differences(spec, {ICEBERG: {"topics": "a"}}))
    assert update_mask(found) == (
        "connectorSpec.connectorConfigIcebergSink.controlConfig.groupIdPrefix,"
        "connectorSpec.connectorConfigIcebergSink.controlConfig.commitThreads"
    )


def test_secrets_are_compared_by_nobody_and_found_only_when_asked_for() -> None:
    spec = named(mirrormaker={"source_cluster": {"external_cluster": {"sasl_username": "u", "sasl_password": "new"}}})
    assert paths(spec, CURRENT) == []
    (found,) = differences(spec, CURRENT, secrets=True)
    assert found.path == (MIRROR, "source_cluster", "external_cluster", "sasl_password")
    assert (found.current, found.wanted) == (None, "new")
    assert update_mask([found]) == (
        "connectorSpec.connectorConfigMirrormaker.sourceCluster.externalCluster.saslPassword"
    )


def test_the_mask_has_just_what_differs() -> None:
    spec = named(tasks_max=4, properties={"b": "2"}, mirrormaker={"topics": "c", "replication_factor": 3})
    assert update_mask(differences(spec, CURRENT)) == (
        "connectorSpec.tasksMax,connectorSpec.properties,connectorSpec.connectorConfigMirrormaker.topics"
    )


def test_names_with_digits_in_the_mask() -> None:
    spec = named(s3_sink={"s3_connection": {"external_s3": {"access_key_id": "k"}}})
    current: dict[str, Any] = {S3: {"s3_connection": {"external_s3": {}}}}
    assert update_mask(differences(spec, current)) == (
        "connectorSpec.connectorConfigS3Sink.s3Connection.externalS3.accessKeyId"
    )


def test_both_sides_are_nested_as_in_the_connector() -> None:
    spec = named(
        tasks_max=4, mirrormaker={"source_cluster": {"alias": "x", "external_cluster": {"sasl_username": "v"}}}
    )
    found = list(differences(spec, CURRENT))
    assert nested(found, "wanted") == spec
    assert nested(found, "current") == {
        "tasks_max": 3,
        MIRROR: {"source_cluster": {"alias": "source", "external_cluster": {"sasl_username": "u"}}},
    }
    assert nested([], "wanted") == {}


def test_changes_are_laid_over_a_connector() -> None:
    changes = {
        "tasks_max": 4,
        "properties": {"b": "2"},
        MIRROR: {"source_cluster": {"this_cluster": {}}, "topics": "c"},
    }
    assert overlaid(CURRENT, changes) == {
        "name": "mirror",
        "tasks_max": 4,
        "properties": {"b": "2"},
        MIRROR: {
            "source_cluster": {"alias": "source", "this_cluster": {}},
            "target_cluster": {"this_cluster": {}},
            "topics": "c",
            "replication_factor": 3,
        },
    }
    assert "external_cluster" in CURRENT[MIRROR]["source_cluster"], "the connector itself stays as it was"
    assert overlaid({ICEBERG: {"topics": "a"}}, {ICEBERG: {"topics_regex": "b"}}) == {ICEBERG: {"topics_regex": "b"}}


def test_what_is_false_or_empty_is_left_out_as_by_the_api() -> None:
    current = {ICEBERG: {"tables_config": {"evolve_schema_enabled": True, "default_id_columns": "a"}}}
    changes = {
        "placement": {"dedicated": False},
        "properties": {},
        ICEBERG: {"tables_config": {"evolve_schema_enabled": False, "default_id_columns": ""}, "control_config": {}},
    }
    assert overlaid(current, changes) == {
        "placement": {},
        "properties": {},
        ICEBERG: {"tables_config": {}, "control_config": {}},
    }


# What is sent, and what is shown


def test_the_apis_json() -> None:
    spec = named(
        tasks_max=3,
        properties={"sync.topicsConfig": True},
        placement={"dedicated": True},
        mirrormaker={"source_cluster": {"external_cluster": EXTERNAL}, "target_cluster": {"this_cluster": {}}},
    )
    assert to_json(spec) == {
        "tasksMax": "3",
        "properties": {"sync.topicsConfig": "true"},
        "placement": {"dedicated": True},
        "connectorConfigMirrormaker": {
            "sourceCluster": {
                "externalCluster": {
                    "bootstrapServers": "k1:9091,k2:9091",
                    "saslUsername": "u",
                    "saslPassword": "hunter2",
                }
            },
            "targetCluster": {"thisCluster": {}},
        },
    }


def test_secrets_in_what_is_shown() -> None:
    spec = named(mirrormaker={"source_cluster": {"external_cluster": EXTERNAL}, "topics": "a"})
    shown = {"bootstrap_servers": "k1:9091,k2:9091", "sasl_username": "u"}
    assert without_secrets(spec) == {MIRROR: {"source_cluster": {"external_cluster": shown}, "topics": "a"}}
    masked = {**shown, "sasl_password": MASK}
    assert secrets_masked(spec) == {MIRROR: {"source_cluster": {"external_cluster": masked}, "topics": "a"}}
    assert spec[MIRROR]["source_cluster"]["external_cluster"]["sasl_password"] == "hunter2"
    assert secrets_masked({"name": "kept", MIRROR: None}) == {"name": "kept", MIRROR: None}


@patiently
@given(specifications(complete=True))
def test_what_is_shown_holds_no_secret_and_does_not_differ(params: dict[str, Any]) -> None:
    spec = check_specification(params)
    shown = without_secrets(spec)
    assert SECRET not in json.dumps([shown, secrets_masked(spec)])
    assert list(differences(spec, shown)) == []
    assert check_specification(shown) == shown


@patiently
@given(specifications())
def test_the_body_of_a_mask_has_just_its_fields(params: dict[str, Any]) -> None:
    spec = check_specification(params)
    found = list(differences(spec, {}, secrets=True))
    changes = nested(found, "wanted")
    assert list(differences(changes, {}, secrets=True)) == found
    body = {"connectorSpec": to_json(changes)}
    for path in update_mask(found).split(",") if found else []:
        value: Any = body
        for name in path.split("."):
            value = value[name]
