# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._api.errors import InputError
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._watch.options import (
    USUAL_EVENTS,
    Options,
    check,
    convert,
)

DOCUMENTED: dict[str, dict[str, Any]] = {
    "cluster_ids": {"type": "list"},
    "folder_id": {"type": "str"},
    "cluster_names": {"type": "list"},
    "labels": {"type": "dict"},
    "names": {"type": "list"},
    "events": {"type": "list"},
    "interval": {"type": "float", "default": 30},
    "clusters_interval": {"type": "float", "default": 300},
    "paused_longer_than": {"type": "int"},
    "unreachable_after": {"type": "int", "default": 300},
    "snapshot": {"type": "bool", "default": False},
    "state_file": {"type": "path"},
    "find_operation": {"type": "bool", "default": True},
    "service_account_key": {"type": "json"},
}


def parse(environ: dict[str, str] | None = None, **args: Any) -> Options:
    return check(convert(args, DOCUMENTED), environ or {})


def test_defaults() -> None:
    options = parse(cluster_ids=["c9q1"])
    assert options.events == frozenset(USUAL_EVENTS)
    assert (options.interval, options.clusters_interval, options.unreachable_after) == (30, 300, 300)
    assert (options.snapshot, options.find_operation, options.paused_longer_than) == (False, True, None)


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("interval", "45.5", 45.5),
        ("interval", "", 30),
        ("interval", None, 30),
        ("paused_longer_than", "3600", 3600),
        ("paused_longer_than", "", None),
        ("snapshot", "yes", True),
        ("snapshot", "False", False),
        ("snapshot", 1, True),
        ("find_operation", "off", False),
        ("names", "a, b,,c", ("a", "b", "c")),
        ("names", ["a", "b"], ("a", "b")),
        ("names", 7, ("7",)),
        ("names", "", ()),
        ("cluster_ids", "c9q1,c9q2,c9q1", ("c9q1", "c9q2")),
        ("state_file", "/tmp/state.json", "/tmp/state.json"),
    ],
)
def test_value_given_as_text_has_the_type_of_the_option(name: str, value: Any, expected: Any) -> None:
    assert getattr(parse(**{"cluster_ids": "c9q1", name: value}), name) == expected


@pytest.mark.parametrize("labels", [{"env": "prod", "tier": 1}, "env=prod, tier=1"], ids=["dictionary", "text"])
def test_labels(labels: Any) -> None:
    assert parse(folder_id="b1g1", labels=labels).labels == {"env": "prod", "tier": "1"}


@pytest.mark.parametrize("key", [{"id": "1"}, '{"id": "1"}'], ids=["dictionary", "text"])
def test_json(key: Any) -> None:
    values = convert({"service_account_key": key}, DOCUMENTED)
    assert json.loads(values["service_account_key"]) == {"id": "1"}


def test_folder_of_the_environment_is_used_only_without_cluster_ids() -> None:
    environ = {"YC_FOLDER_ID": "b1g2"}
    assert parse(environ).folder_id == "b1g2"
    assert parse(environ, folder_id="b1g1").folder_id == "b1g1"
    assert parse(environ, cluster_ids="c9q1").folder_id is None


def test_snapshot_event_and_snapshot_option_mean_the_same() -> None:
    by_option = parse(cluster_ids="c9q1", snapshot=True)
    by_event = parse(cluster_ids="c9q1", events=[*USUAL_EVENTS, "snapshot"])
    assert by_option == by_event
    assert "snapshot" in by_option.events


@pytest.mark.parametrize(
    ("args", "message"),
    [
        ({}, "neither cluster_ids nor folder_id is set"),
        ({"cluster_ids": [], "folder_id": ""}, "neither cluster_ids nor folder_id is set"),
        ({"cluster_ids": "c9q1", "folder_id": "b1g1"}, "cluster_ids cannot be combined with folder_id"),
        ({"cluster_ids": "c/../q"}, "is not a valid cluster ID"),
        ({"folder_id": "b 1"}, "is not a valid folder ID"),
        ({"cluster_ids": "c9q1", "names": ["a b"]}, "is not a valid connector name"),
        ({"folder_id": "b1g1", "cluster_names": ["a b*"]}, "is not a pattern"),
        ({"cluster_ids": "c9q1", "interval": 0.5}, "interval must be at least 1"),
        ({"cluster_ids": "c9q1", "interval": "soon"}, "interval is not a number"),
        ({"cluster_ids": "c9q1", "interval": "nan"}, "interval is not a number"),
        ({"cluster_ids": "c9q1", "interval": True}, "interval is not a number"),
        ({"cluster_ids": "c9q1", "clusters_interval": 0}, "clusters_interval must be at least 1"),
        ({"cluster_ids": "c9q1", "paused_longer_than": -1}, "paused_longer_than must be at least 0"),
        ({"cluster_ids": "c9q1", "paused_longer_than": 1.5}, "paused_longer_than is not a whole number"),
        ({"cluster_ids": "c9q1", "snapshot": "maybe"}, "snapshot is not true or false"),
        ({"cluster_ids": "c9q1", "names": {"a": 1}}, "names is not a list, or text with commas"),
        ({"cluster_ids": "c9q1", "names": True}, "names is not a list, or text with commas"),
        ({"folder_id": "b1g1", "labels": "env"}, "labels is not a dictionary"),
        ({"folder_id": "b1g1", "labels": ["env"]}, "labels is not a dictionary"),
        ({"folder_id": ["b1g1"]}, "folder_id is not text"),
        ({"cluster_ids": "c9q1", "events": "failed,broken"}, "'broken' is not a type of event"),
        ({"cluster_ids": "c9q1", "intervall": 5}, r"unknown option intervall \(did you mean interval\?\)"),
        ({"cluster_ids": "c9q1", "zzz": 5}, "unknown option zzz"),
    ],
    ids=str,
)
def test_wrong_input_is_refused(args: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError) as caught:
        parse(**args)
    assert re.search(message, caught.value.reason)


def test_message_about_a_type_does_not_show_the_value() -> None:
    with pytest.raises(InputError) as caught:
        convert({"service_account_key": ["hidden-value"]}, DOCUMENTED)
    assert "hidden-value" not in caught.value.msg
