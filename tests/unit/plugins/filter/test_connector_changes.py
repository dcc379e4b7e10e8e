# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.yandex_cloud.managed_kafka.plugins.filter.connector_changes import connector_changes

CLUSTER = "c9q1"


def connector(name: str, status: str, cluster: str = CLUSTER) -> dict[str, str]:
    return {"name": name, "cluster_id": cluster, "status": status, "health": "ALIVE"}


def operation(name: str, seconds: float | None = 5.0, start: int = 10) -> dict[str, Any]:
    """Return an operation that ended after some seconds, or has not ended."""
    return {
        "id": f"mqq{name}",
        "metadata": {"connector_name": name},
        "created_at": f"2026-11-24T10:00:{start}.000000Z",
        "modified_at": f"2026-11-24T10:00:{start + (seconds or 0):09.6f}Z",
        "done": seconds is not None,
    }


def paused(*names: str, already: tuple[str, ...] = (), cluster: str = CLUSTER) -> dict[str, Any]:
    """Return the result of a task that paused connectors."""
    return {
        "changed": bool(names),
        "msg": "",
        "affected": list(names),
        "connectors": [connector(name, "PAUSED", cluster) for name in sorted((*names, *already))],
        "operations": [operation(name) for name in names],
        "diff": {"before": {name: {"status": "RUNNING"} for name in names}},
        "ansible_facts": {},
    }


PARTLY_FAILED = {
    "changed": True,
    "msg": "Could not pause 2 of 3 connectors in cluster c9q1: ...",
    "affected": ["a", "c"],
    "connectors": [connector("a", "PAUSED"), connector("b", "RUNNING"), connector("c", "RUNNING")],
    "operations": [operation("a"), operation("c", seconds=None)],
    "failed_connectors": [
        {
            "name": "b",
            "status": "RUNNING",
            "msg": "Could not pause connector b in cluster c9q1: Denied.\nGrant a role.",
        },
        {"name": "c", "msg": "Timed out."},
    ],
}
REFUSED = {"changed": False, "msg": "Could not pause connectors: no such connector: x.", "failed_when_result": False}


def cells(lines: list[str]) -> list[list[str]]:
    """Return the words of each line."""
    return [line.split() for line in lines]


class TestOneCluster:
    def test_shows_each_connector(self) -> None:
        total, headings, *rows = connector_changes({"localhost": paused("b", already=("a",))}, "paused")["lines"]
        assert total == "2 connectors: 1 already paused, 1 paused"
        assert headings.split() == ["connector", "before", "after", "operation", "seconds", "result"]
        assert cells(rows) == [
            ["a", "PAUSED", "PAUSED", "-", "-", "already", "paused"],
            ["b", "RUNNING", "PAUSED", "mqqb", "5.0", "paused"],
        ]
        assert {row.index(word) for row, word in zip([headings, *rows], ["result", "already", "paused"])} == {
            headings.index("result")
        }

    def test_shows_failures_first(self) -> None:
        summary = connector_changes({"localhost": PARTLY_FAILED}, "paused")
        total, dummy, *rows = summary["lines"]
        assert total == "3 connectors: 2 FAILED, 1 paused"
        assert [" ".join(row.split()) for row in rows] == [
            "b RUNNING RUNNING - - FAILED: Denied. Grant a role.",
            "c ? RUNNING mqqc - FAILED: Timed out.",
            "a ? PAUSED mqqa 5.0 paused",
        ]
        assert summary["counts"] == {CLUSTER: {"connectors": 3, "changed": 2, "failed": 2}}

    def test_shows_the_failure_of_the_whole_task(self) -> None:
        summary = connector_changes({"localhost": REFUSED}, "paused")
        assert summary["lines"] == ["FAILED: Could not pause connectors: no such connector: x."]
        assert summary["counts"] == {"localhost": {"connectors": 0, "changed": 0, "failed": 1}}

    def test_says_that_check_mode_sent_nothing(self) -> None:
        result = {**paused("a"), "operations": []}
        total, dummy, row = connector_changes({"localhost": result}, "paused", check_mode=True)["lines"]
        assert total == "1 connector: 1 would be paused (check mode: no change was sent)"
        assert row.split() == ["a", "RUNNING", "PAUSED", "-", "-", "would", "be", "paused"]

    def test_without_a_match_has_no_rows(self) -> None:
        assert connector_changes({"localhost": paused()}, "paused")["lines"] == ["0 connectors: none"]

    def test_shows_a_long_message_on_one_short_line(self) -> None:
        failed = {"name": "a", "status": "ERROR", "msg": "word\n" * 100}
        result = {"connectors": [connector("a", "ERROR")], "failed_connectors": [failed]}
        row = connector_changes({"localhost": result}, "paused")["lines"][-1]
        assert row.endswith("...")
        assert len(row) < 180


@pytest.mark.parametrize(
    ("state", "changed", "unchanged"),
    [("running", "resumed", "already running"), ("restarted", "restarted", "not restarted")],
)
def test_results_are_named_by_the_state(state: str, changed: str, unchanged: str) -> None:
    total = connector_changes({"localhost": paused("a", already=("b",))}, state)["lines"][0]
    assert total == f"2 connectors: 1 {changed}, 1 {unchanged}"


class TestManyClusters:
    def test_shows_each_cluster_failures_first(self) -> None:
        results = {
            "idle": paused(already=("a", "b"), cluster="c9q4"),
            "good": {**paused("a", "b", cluster="c9q2"), "operations": [operation("a"), operation("b", start=20)]},
            "empty": paused(),
            "bad": PARTLY_FAILED,
            "late": {},
            "refused": REFUSED,
        }
        summary = connector_changes(results, "paused")
        total, headings, *rows = summary["lines"]
        assert total == (
            "6 clusters: 2 FAILED (bad, refused); 1 not reached so far; "
            "7 connectors: 2 FAILED, 3 paused, 2 already paused"
        )
        assert headings.split() == ["cluster", "before", "after", "operations", "seconds", "result"]
        assert [" ".join(row.split()) for row in rows] == [
            "bad 1 RUNNING, 2 ? 2 RUNNING, 1 PAUSED 2 - FAILED: 2 of 3: b: Denied. Grant a role.",
            "refused - - 0 - FAILED: Could not pause connectors: no such connector: x.",
            "late - - 0 - not reached so far",
            "good 2 RUNNING 2 PAUSED 2 15.0 2 paused",
            "empty - - 0 - no connector matches",
            "idle 2 PAUSED 2 PAUSED 0 - 2 already paused",
        ]
        assert set(summary["counts"]) == {"c9q4", "c9q2", "empty", "c9q1", "refused"}

    def test_has_at_most_forty_lines(self) -> None:
        results = {f"cluster-{number:04}": paused("a", cluster=f"c9q{number}") for number in range(1000)}
        results["zzz"] = REFUSED
        lines = connector_changes(results, "paused")["lines"]
        assert len(lines) == 40
        assert lines[0].startswith("1001 clusters: 1 FAILED (zzz); 1000 connectors: 1000 paused")
        assert lines[2].startswith("zzz ")
        assert lines[-1] == "... and 964 more clusters"

    def test_that_fits_is_not_cut(self) -> None:
        lines = connector_changes({f"cluster-{number}": paused("a") for number in range(38)}, "paused")["lines"]
        assert len(lines) == 40
        assert lines[-1].startswith("cluster-")


def test_a_restart_shows_the_status_before_and_after() -> None:
    result = {**paused(), "affected": ["a"], "connectors": [connector("a", "RUNNING")], "operations": [operation("a")]}
    row = connector_changes({"localhost": result}, "restarted")["lines"][-1]
    assert row.split() == ["a", "RUNNING", "RUNNING", "mqqa", "5.0", "restarted"]


def test_an_operation_with_an_unknown_time_has_no_duration() -> None:
    result = {**paused("a"), "operations": [{**operation("a"), "modified_at": None}]}
    assert connector_changes({"localhost": result}, "paused")["lines"][-1].split()[3:5] == ["mqqa", "-"]
