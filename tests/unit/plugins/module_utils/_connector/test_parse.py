# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From the options of a task to a specification, and to what the task wants."""

from __future__ import annotations

from typing import Any

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._api.errors import InputError
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._api.secrets import ANSIBLE_MASK, MASK
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._connector.fields import Field, options
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._connector.parse import (
    parse_specification,
    parse_wanted,
)
from ansible_collections.yandex_cloud.managed_kafka.plugins.modules.kafka_connector import TASK
from ansible_collections.yandex_cloud.managed_kafka.tests.unit.plugins.module_utils._connector.test_fields import walk

MIRROR = "connector_config_mirrormaker"
SOURCE = f"{MIRROR}.source_cluster"
S3 = "connector_config_s3_sink"
ICEBERG = "connector_config_iceberg_sink"
NAMES_WITH_SETTINGS = (
    "names allows no connector settings and no state: present. Use name and a loop to create or update connectors."
)
EXTERNAL: dict[str, Any] = {
    "bootstrap_servers": ["k1:9091", "k2:9091"],
    "sasl_username": "u",
    "sasl_password": "hunter2",
}


def named(**params: Any) -> dict[str, Any]:
    """Return the specification of a task with these options, as Ansible passes them to a module."""
    result = ArgumentSpecValidator(options()).validate(params)
    assert not result.error_messages, result.error_messages
    return parse_specification(result.validated_parameters)


def refusal(**params: Any) -> str:
    with pytest.raises(InputError) as refused:
        named(**params)
    return text_of(refused.value)


def text_of(error: InputError) -> str:
    return f"{error.reason}. {error.advice}"


def test_options_that_are_not_set_are_not_in_the_specification() -> None:
    assert named() == {}
    assert named(tasks_max=None, mirrormaker={"topics": None, "source_cluster": {}}) == {MIRROR: {"source_cluster": {}}}


@pytest.mark.parametrize(
    "written",
    [
        ["a", "b.*", 7],
        "a,b.*,7",
        " a ,\n b.* ,  7\n",
        [" a", "b.* ", " 7 "],
        ["a, b.*", "7"],
        "a,,b.*,7,",
        ["a", "", "b.*", "7"],
    ],
    ids=repr,
)
def test_list_and_text_with_commas_mean_the_same(written: Any) -> None:
    assert named(mirrormaker={"topics": written}) == {MIRROR: {"topics": "a,b.*,7"}}


@pytest.mark.parametrize("written", [[], ""], ids=repr)
def test_empty_list_is_an_empty_text(written: Any) -> None:
    assert named(iceberg_sink={"static_tables": {"tables": written}})[ICEBERG]["static_tables"]["tables"] == ""


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        ("text", "text"),
        ("", ""),
        (" spaced ", " spaced "),
        (True, "true"),
        (False, "false"),
        (0, "0"),
        (10**18, "1000000000000000000"),
        (0.5, "0.5"),
    ],
    ids=repr,
)
def test_values_of_properties_are_texts(written: Any, sent: str) -> None:
    value = named(properties={"a.b": written})["properties"]["a.b"]
    assert value == sent
    assert isinstance(value, str)


@pytest.mark.parametrize("written", [None, [], ["a"], {}, {"b": "c"}, float("nan"), float("inf")], ids=repr)
def test_other_values_of_properties_are_rejected(written: Any) -> None:
    assert refusal(properties={"fine": "x", "a.b": written}) == (
        "properties.a.b is not a string, a boolean or a number. Put the value in quotes, or remove it."
    )


@pytest.mark.parametrize("key", [1, True, None, ""], ids=repr)
def test_other_keys_of_properties_are_rejected(key: Any) -> None:
    with pytest.raises(InputError, match="properties has a key that is not a string"):
        parse_specification({"properties": {key: "x"}})


@pytest.mark.parametrize("number", [0, -1, "-1"])
@pytest.mark.parametrize(
    ("path", "field"), [pytest.param(*item, id=item[0]) for item in walk() if item[1].type == "int"]
)
def test_number_below_minimum_is_rejected(path: str, field: Field, number: Any) -> None:
    params: Any = number
    for name in reversed(path.split(".")):
        params = {name: params}
    assert refusal(**params) == f"{path} is {int(number)}, which is less than 1. Set it to at least 1."


@pytest.mark.parametrize(
    ("params", "message"),
    [
        ({"mirrormaker": {}, "s3_sink": {}}, f"{MIRROR} and {S3} exclude each other. Set only one of them."),
        (
            {"mirrormaker": {"source_cluster": {"this_cluster": {}, "external_cluster": EXTERNAL}}},
            f"{SOURCE}.this_cluster and {SOURCE}.external_cluster exclude each other. Set only one of them.",
        ),
        (
            {"iceberg_sink": {"topics": "a", "topics_regex": "b"}},
            f"{ICEBERG}.topics and {ICEBERG}.topics_regex exclude each other. Set only one of them.",
        ),
    ],
    ids=["types", "cluster", "topics"],
)
def test_fields_of_one_group_exclude_each_other(params: dict[str, Any], message: str) -> None:
    assert refusal(**params) == message


@pytest.mark.parametrize(
    ("params", "shown"),
    [
        ({"mirrormaker": {"source_cluster": {"external_cluster": {"sasl_password": MASK}}}}, MASK),
        ({"properties": {"a": ANSIBLE_MASK}}, ANSIBLE_MASK),
        ({"iceberg_sink": {"control_topic": ANSIBLE_MASK}}, ANSIBLE_MASK),
    ],
    ids=["secret", "property", "other_field"],
)
def test_mask_as_a_value_is_rejected(params: dict[str, Any], shown: str) -> None:
    assert f" is {shown}, which hides a secret in a result. Set it to the secret itself." in refusal(**params)


# What the task wants


def wanted(**params: Any) -> Any:
    defaults = {"cluster_id": "c9q", "state": "paused", **({} if "names" in params else {"name": "mirror"})}
    result = ArgumentSpecValidator(TASK.argument_spec, **TASK.constraints).validate({**defaults, **params})
    assert not result.error_messages, result.error_messages
    return parse_wanted(result.validated_parameters)


def test_options_become_what_the_task_wants() -> None:
    found = wanted(state="running", tasks_max=3, update_secrets=True, wait_for_health=True)
    assert found == ("running", {"tasks_max": 3}, False, True, True, True)


@pytest.mark.parametrize(
    ("params", "message"),
    [
        ({"names": ["mirror"], "state": "present"}, NAMES_WITH_SETTINGS),
        ({"names": ["mirror"], "tasks_max": 3}, NAMES_WITH_SETTINGS),
        (
            {"state": "restarted", "tasks_max": 3},
            "state: restarted allows no connector settings. Use state: present first.",
        ),
        ({"wait_timeout": 0}, "wait_timeout is 0, which is less than 1. Set it to at least 1."),
        ({"max_changes": 3}, "max_changes requires names. Remove max_changes, or use names."),
        ({"names": [], "max_changes": -1}, "max_changes is -1, which is less than 0. Set it to at least 0."),
        (
            {"wait_for_health": True},
            "wait_for_health requires state: running or restarted. Remove it, or change state.",
        ),
        (
            {"wait_for_health": True, "state": "running", "wait": False},
            "wait_for_health requires wait: true. Remove wait_for_health, or set wait: true.",
        ),
    ],
    ids=str,
)
def test_options_that_do_not_fit_are_rejected(params: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError) as refused:
        wanted(**params)
    assert text_of(refused.value) == message


@pytest.mark.parametrize(
    "params", [{"name": ".."}, {"names": ["mirror/*"]}, {"names": [""]}, {"cluster_id": "a/b"}], ids=str
)
def test_invalid_names_are_rejected(params: dict[str, Any]) -> None:
    with pytest.raises(InputError, match="is not a "):
        wanted(**params)
