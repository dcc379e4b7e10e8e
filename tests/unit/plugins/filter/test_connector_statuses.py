# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.yandex_cloud.managed_kafka.plugins.filter.connector_statuses import connector_statuses


def connector(name: str, status: str = "RUNNING", health: str = "ALIVE", **more: Any) -> dict[str, Any]:
    return {"name": name, "cluster_id": "c9q1", "status": status, "health": health, **more}


PAUSE = {
    "id": "mqq1",
    "description": "Pause Apache Kafka connector",
    "created_at": "2026-11-24T10:00:00Z",
    "modified_at": "2026-11-24T10:00:05.123456Z",
    "created_by": "ajealice",
    "done": True,
}
FOUND = {
    "connectors": [connector("a"), connector("b", "PAUSED", last_operation=PAUSE), connector("c", "ERROR", "DEAD")]
}


def rows(summary: dict[str, Any]) -> list[str]:
    return [" ".join(line.split()) for line in summary["lines"][2:]]


class TestOneCluster:
    def test_shows_since_when_and_by_whom_a_connector_is_paused(self) -> None:
        summary = connector_statuses({"localhost": FOUND})
        assert summary["lines"][0] == "3 connectors: 1 RUNNING, 1 PAUSED, 1 ERROR"
        assert rows(summary) == [
            "a RUNNING ALIVE - - -",
            "b PAUSED ALIVE 2026-11-24T10:00:05 ajealice Pause Apache Kafka connector",
            "c ERROR DEAD - - -",
        ]
        assert summary["problems"] == {}
        assert summary["counts"] == {"c9q1": {"RUNNING": 1, "PAUSED": 1, "ERROR": 1}}

    @pytest.mark.parametrize(
        ("changes", "shown"),
        [
            ({"done": False}, "2026-11-24T10:00:05 ajealice Pause Apache Kafka connector (in progress)"),
            ({"error": {"code": 13}}, "2026-11-24T10:00:05 ajealice Pause Apache Kafka connector (failed)"),
            ({"modified_at": None, "created_by": "", "description": None}, "2026-11-24T10:00:00 - -"),
        ],
        ids=["in progress", "failed", "unknown"],
    )
    def test_shows_how_the_last_operation_stands(self, changes: dict[str, Any], shown: str) -> None:
        found = {"connectors": [connector("a", last_operation={**PAUSE, **changes})]}
        assert rows(connector_statuses({"localhost": found})) == [f"a RUNNING ALIVE {shown}"]

    @pytest.mark.parametrize(
        ("options", "problem"),
        [
            ({"status": ["RUNNING", "PAUSED", "ERROR"]}, None),
            ({"status": ["running", "paused"]}, "1 of 3 connectors not RUNNING or PAUSED: c (ERROR, DEAD)."),
            ({"health": ["ALIVE"]}, "1 of 3 connectors not ALIVE: c (ERROR, DEAD)."),
            (
                {"status": ["RUNNING"], "health": ["ALIVE"]},
                "2 of 3 connectors not RUNNING and ALIVE: b (PAUSED, ALIVE), c (ERROR, DEAD).",
            ),
            ({"names": ["a", "x", "y-*"]}, "No such connector: x. The playbook status without connectors lists all."),
        ],
        ids=["as desired", "status", "health", "both", "unknown name"],
    )
    def test_names_the_problem(self, options: dict[str, Any], problem: str | None) -> None:
        summary = connector_statuses({"localhost": FOUND}, **options)
        assert summary["problems"] == ({"localhost": problem} if problem else {})

    def test_shows_connectors_with_another_status_first(self) -> None:
        summary = connector_statuses({"localhost": FOUND}, status=["RUNNING"])
        assert summary["lines"][0] == "3 connectors: 1 PAUSED, 1 ERROR, 1 RUNNING; 2 not RUNNING"
        assert [row[0] for row in rows(summary)] == ["b", "c", "a"]

    def test_without_connectors_is_a_problem_only_if_a_status_is_desired(self) -> None:
        assert connector_statuses({"localhost": {"connectors": []}})["lines"] == ["0 connectors"]
        assert connector_statuses({"localhost": {"msg": "Denied."}})["lines"] == ["FAILED: Denied."]
        summary = connector_statuses({"localhost": {"connectors": []}}, status=["RUNNING"])
        assert summary["problems"] == {"localhost": "No connector matches, so none is RUNNING."}


def test_many_clusters_show_failures_first() -> None:
    results = {
        "good": {"connectors": [connector("a")]},
        "bad": FOUND,
        "late": {},
        "denied": {"msg": "Denied.\nGrant it."},
    }
    summary = connector_statuses(results, status=["RUNNING"])
    assert summary["lines"][0] == "4 clusters: 2 FAILED (bad, denied); 4 connectors: 2 RUNNING, 1 PAUSED, 1 ERROR"
    assert rows(summary) == [
        (
            "bad 1 PAUSED, 1 ERROR, 1 RUNNING 2 ALIVE, 1 DEAD FAILED: 2 of 3 connectors not RUNNING: "
            "b (PAUSED, ALIVE), c (ERROR, DEAD)."
        ),
        "denied - - FAILED: Denied. Grant it.",
        "late - - not reached so far",
        "good 1 RUNNING 1 ALIVE ok",
    ]
    assert summary["problems"]["denied"] == "Denied. Grant it."
    assert set(summary["counts"]) == {"c9q1"}


def test_a_table_has_at_most_forty_lines() -> None:
    found = {
        "connectors": [connector(f"c-{number:03}", "ERROR" if number == 99 else "RUNNING") for number in range(100)]
    }
    summary = connector_statuses({"localhost": found}, status=["RUNNING"])
    assert len(summary["lines"]) == 40
    assert rows(summary)[0].startswith("c-099 ERROR")
    assert summary["lines"][-1] == "... and 63 more connectors"
