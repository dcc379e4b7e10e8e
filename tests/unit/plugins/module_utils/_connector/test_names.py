# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Names of connectors, IDs, and patterns."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._api.errors import InputError
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._connector.names import (
    check_cluster,
    check_folder,
    check_id,
    check_name,
    check_names,
    is_pattern,
    matching,
    nearest,
)


@pytest.mark.parametrize("name", ["a", "mirror-1", "A_b.c", "...", "x" * 256])
def test_valid_names_are_accepted(name: str) -> None:
    check_name(name)
    check_names([name])
    assert not is_pattern(name)


@pytest.mark.parametrize("name", ["", ".", "..", "a/b", "a b", "ä", "a\n", "a?b", "x" * 257, "%2e%2e"], ids=repr)
def test_invalid_names_are_rejected(name: str) -> None:
    with pytest.raises(InputError, match="is not a valid connector name"):
        check_name(name)


def test_pattern_as_name_is_rejected_with_a_hint() -> None:
    with pytest.raises(InputError) as refused:
        check_name("mirror-*")
    assert refused.value.msg == (
        "'mirror-*' is not a valid connector name. Use 1 to 256 of a-z, A-Z, 0-9, '-', '_' and '.'. Use names for "
        "patterns."
    )


def test_long_name_is_shown_shortened() -> None:
    with pytest.raises(InputError) as refused:
        check_name("x" * 5000)
    assert "(5000 characters)" in refused.value.msg
    assert len(refused.value.msg) < 300


@pytest.mark.parametrize("pattern", ["*", "mirror-*", "a?", "[ab]*", "[!a]", "x" * 255 + "*"])
def test_valid_patterns_are_accepted(pattern: str) -> None:
    assert is_pattern(pattern)
    check_names(["plain", pattern])


@pytest.mark.parametrize("pattern", ["a/*", "a *", "ä*", "x" * 256 + "*", "*\n"], ids=repr)
def test_invalid_patterns_are_rejected(pattern: str) -> None:
    with pytest.raises(InputError, match="is not a pattern for connector names"):
        check_names(["plain", pattern])


@pytest.mark.parametrize(
    ("names", "found"),
    [
        (["mirror-1"], ["mirror-1"]),
        (["mirror-*"], ["mirror-1", "mirror-2"]),
        (["Mirror-*"], []),
        (["mirror-?", "a*"], ["archive", "mirror-1", "mirror-2"]),
        (["*[!2]"], ["archive", "mirror-1"]),
        (["mirror"], []),
        ([], []),
        (["mirror-1", "mirror-*", "mirror-1"], ["mirror-1", "mirror-2"]),
    ],
    ids=str,
)
def test_names_and_patterns_match_items_in_their_order(names: list[str], found: list[str]) -> None:
    items = [{"name": "archive"}, {"name": "mirror-1"}, {"name": "mirror-2"}, {}]
    assert [item.get("name") for item in matching(iter(names), items)] == found


@pytest.mark.parametrize(
    ("name", "expected"),
    [("orders-miror", "orders-mirror"), ("mirror", None), ("ORDERS", None), ("order-mirror", "orders-mirror")],
)
def test_nearest_name_is_a_close_one(name: str, expected: str | None) -> None:
    assert nearest(name, ["archive", "orders-mirror", "x"]) == expected
    assert nearest(name, []) is None


@pytest.mark.parametrize("value", ["c9qabc", "A-b_c", "x" * 50])
def test_valid_ids_are_accepted(value: str) -> None:
    check_id(value, "operation ID")
    check_cluster({"cluster_id": value})
    check_folder({"folder_id": value})
    check_cluster({"cluster_id": None, "cluster_name": value, "folder_id": value})


@pytest.mark.parametrize("value", ["", "a/b", ".", "..", "a.b", "x" * 51, "a\n", "a b", "ä"], ids=repr)
def test_invalid_ids_are_rejected(value: str) -> None:
    with pytest.raises(InputError, match="is not a valid cluster ID"):
        check_cluster({"cluster_id": value})


def test_cluster_id_that_looks_like_a_name_is_rejected_with_a_hint() -> None:
    with pytest.raises(InputError) as refused:
        check_cluster({"cluster_id": "prod.payments"})
    assert refused.value.msg == (
        "'prod.payments' is not a valid cluster ID. Use letters, digits, '-' and '_'. Use cluster_name for the name of "
        "a cluster."
    )


@pytest.mark.parametrize(
    ("options", "cause"),
    [
        ({"cluster_name": "a/b", "folder_id": "b1g"}, "is not a valid cluster name"),
        ({"cluster_name": "x" * 64, "folder_id": "b1g"}, "is not a valid cluster name"),
        ({"cluster_name": "demo"}, "folder_id is missing"),
        ({"cluster_name": "demo", "folder_id": ""}, "folder_id is missing"),
        ({"cluster_name": "demo", "folder_id": "a/b"}, "is not a valid folder ID"),
    ],
    ids=["slash", "long", "no_folder", "empty_folder", "bad_folder"],
)
def test_invalid_cluster_names_and_folders_are_rejected(options: dict[str, Any], cause: str) -> None:
    check_cluster({"cluster_name": "x" * 63, "folder_id": "b1g"})
    with pytest.raises(InputError, match=cause):
        check_cluster(options)
