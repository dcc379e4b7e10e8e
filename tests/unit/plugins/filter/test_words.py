# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

import pytest
from ansible.errors import AnsibleFilterError

from ansible_collections.yandex_cloud.managed_kafka.plugins.filter.paused_by_cluster import paused_by_cluster
from ansible_collections.yandex_cloud.managed_kafka.plugins.filter.words import words


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, []),
        ("", []),
        (" , ", []),
        ("mirror-*", ["mirror-*"]),
        ("a, b\nc", ["a", "b", "c"]),
        (["a", " b ", None, ""], ["a", "b"]),
        (("a",), ["a"]),
        (10, ["10"]),
    ],
    ids=repr,
)
def test_words_of_text_and_lists(value: Any, expected: list[str]) -> None:
    assert words(value) == expected


def test_words_of_a_dictionary_are_an_error() -> None:
    with pytest.raises(AnsibleFilterError, match="not a dictionary"):
        words({"a": 1})


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, {}),
        ("", {}),
        ({}, {}),
        ({"c9q1": ["a", "b"], "c9q2": "c,d", "c9q3": []}, {"c9q1": ["a", "b"], "c9q2": ["c", "d"], "c9q3": []}),
        ('{"c9q1": ["a"]}', {"c9q1": ["a"]}),
        (' ["a", "b"]', {"c9q": ["a", "b"]}),
        ("a, b", {"c9q": ["a", "b"]}),
    ],
    ids=repr,
)
def test_paused_by_cluster_in_each_form(value: Any, expected: dict[str, list[str]]) -> None:
    assert paused_by_cluster(value, "c9q") == expected


def test_paused_by_cluster_of_broken_json_is_an_error() -> None:
    with pytest.raises(AnsibleFilterError, match="connector_maintenance_paused is not valid JSON"):
        paused_by_cluster('{"c9q1": ')
