# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the role connector_maintenance decides: what to pause, what to resume, and what it reports."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.yandex_cloud.managed_kafka.plugins.filter.maintenance_outcome import maintenance_outcome
from ansible_collections.yandex_cloud.managed_kafka.plugins.filter.maintenance_plan import maintenance_plan

CLUSTER = "c9q1"
COMMAND = f"ansible-playbook yandex_cloud.managed_kafka.resume -e cluster_id={CLUSTER} -e connectors="


def found(**statuses: str) -> dict[str, Any]:
    return {
        "connectors": [
            {"name": name, "cluster_id": CLUSTER, "status": status, "health": "ALIVE"}
            for name, status in statuses.items()
        ]
    }


SETTINGS = {
    "names": ["*"],
    "paused": {},
    "on_error": "fail",
    "tasks_file": "w.yml",
    "tasks_path": "/w.yml",
    "roles": [],
    "resume": True,
    "max_fail": 100,
}


def plan(connectors: dict[str, Any] | None = None, hosts: Any = None, own: str = "", **settings: Any) -> dict[str, Any]:
    connectors = connectors or found(a="RUNNING", b="RUNNING", c="PAUSED")
    return maintenance_plan(connectors, {**SETTINGS, **settings}, host_cluster_id=own, hosts=hosts)


NO_WORK = {"tasks_file": "", "tasks_path": ""}
TWO_HOSTS = {"all": ["one", "two"], "not_failed": ["one", "two"], "batch": ["one", "two"]}


class TestPlan:
    def test_pauses_connectors_that_run(self) -> None:
        made = plan()
        assert made["is_possible"]
        assert (made["cluster_id"], made["pause"], made["earlier"]) == (CLUSTER, ["a", "b"], [])
        assert made["text"] == (
            "Pausing: a, b. Already paused, and not resumed at the end: c. "
            f"If this run is interrupted, resume with: {COMMAND}a,b"
        )

    def test_includes_what_an_earlier_run_paused_in_this_cluster(self) -> None:
        made = plan(names=["a"], paused={CLUSTER: ["c"], "c9q2": ["b"]}, connectors=found(a="RUNNING"))
        assert made["earlier"] == ["c"]
        assert made["text"] == (
            f"Pausing: a. Paused by an earlier run: c. If this run is interrupted, resume with: {COMMAND}a,c"
        )

    def test_without_names_pauses_nothing(self) -> None:
        made = plan(names=[], paused={CLUSTER: ["a"]}, **NO_WORK)
        assert made["is_possible"]
        assert (made["pause"], made["earlier"]) == ([], ["a"])

    def test_of_a_host_of_a_fleet_needs_no_entry_in_the_record(self) -> None:
        made = plan(names=[], paused={"c9q2": ["a"]}, own=CLUSTER, **NO_WORK)
        assert made["is_possible"]
        assert made["text"] == "There is nothing to pause and nothing to resume."

    def test_names_connectors_that_are_not_healthy_before(self) -> None:
        connectors = found(a="RUNNING", b="RUNNING", c="PAUSED")
        connectors["connectors"][0]["health"] = connectors["connectors"][2]["health"] = "DEAD"
        assert "Pausing: a, b. Not healthy before: a (DEAD). Already paused" in plan(connectors)["text"]

    def test_with_nothing_to_do_says_so(self) -> None:
        text = plan(found(c="PAUSED"))["text"]
        assert text == "There is nothing to pause and nothing to resume. Already paused: c."
        made = plan({"skipped": True}, names=[], paused={"": []}, **NO_WORK)
        assert made["is_possible"]
        assert made["text"] == "There is nothing to pause and nothing to resume."

    @pytest.mark.parametrize(
        ("options", "problem"),
        [
            ({"names": []}, "No connectors are selected, and connector_maintenance_paused contains none"),
            (
                {"names": [], "paused": {"c9q2": ["a"], "c9q3": []}},
                "connector_maintenance_paused has no entry for this cluster, but for c9q2, c9q3.",
            ),
            (NO_WORK, "There is no work."),
            ({"tasks_path": ""}, "The tasks file w.yml does not exist."),
            ({"names": ["a", "x"]}, "Cluster c9q1 has no connector x."),
            ({"names": ["x-*"], "connectors": {"connectors": []}}, "No connector matches x-*."),
            (
                {"connectors": found(a="ERROR")},
                "The status is ERROR: a. Fix them, or skip them with on_error=skip.",
            ),
            (
                {"connectors": found(a="STATUS_UNKNOWN", b="NEW"), "on_error": "skip"},
                "The status is unknown: a, b.",
            ),
            ({"hosts": TWO_HOSTS}, "On several hosts, each host must be a cluster"),
        ],
        ids=lambda value: value if isinstance(value, str) else "",
    )
    def test_refuses_to_start(self, options: dict[str, Any], problem: str) -> None:
        made = plan(**options)
        assert not made["is_possible"]
        assert made["text"].startswith(f"Maintenance cannot start: {problem}")
        assert made["text"].endswith(" No change was made.")

    def test_a_refusal_names_what_an_earlier_run_left(self) -> None:
        made = plan(names=["x"], paused={CLUSTER: ["c"]})
        assert made["text"].endswith(f"No change was made. An earlier run left paused: c. Resume: {COMMAND}c")

    @pytest.mark.parametrize(
        "options",
        [
            {**NO_WORK, "roles": ["move"]},
            {**NO_WORK, "resume": False},
            {"connectors": found(a="ERROR", b="RUNNING"), "on_error": "skip"},
            {"hosts": TWO_HOSTS, "own": CLUSTER},
        ],
        ids=["roles", "resume later", "skip errors", "clusters as hosts"],
    )
    def test_starts(self, options: dict[str, Any]) -> None:
        made = plan(**options)
        assert made["is_possible"], made["text"]
        assert "b" in made["pause"]

    @pytest.mark.parametrize(("max_fail", "is_possible"), [("49", False), ("50", True), (0, False), (100, True)])
    def test_counts_failed_clusters_of_earlier_batches(self, max_fail: float | str, is_possible: bool) -> None:
        hosts = {"all": ["h1", "h2", "h3", "h4"], "not_failed": ["h2", "h3", "h4"], "batch": ["h3", "h4"]}
        made = plan(hosts=hosts, own=CLUSTER, max_fail=max_fail)
        assert made["is_possible"] is is_possible
        assert ("1 of 2 clusters failed, more than max_fail=" in made["text"]) is not is_possible


def outcome(
    pause: dict[str, Any], resume: dict[str, Any] | None = None, earlier: tuple[str, ...] = (), **options: Any
) -> dict[str, Any]:
    made = {"cluster_id": CLUSTER, "earlier": list(earlier), "resume": options.pop("resumes", True)}
    return maintenance_outcome(made, pause, resume, **options)


PAUSED = {"affected": ["a", "b"], "changed": True}
HALF_PAUSED = {"affected": ["a"], "failed": True}
RESUMED = found(a="RUNNING", b="RUNNING")
HALF_RESUMED = {
    **found(a="RUNNING", b="PAUSED"),
    "failed": True,
    "failed_connectors": [{"name": "b", "status": "PAUSED", "msg": "broker lost"}],
}
SKIPPED = {"skipped": True}


class TestResume:
    """Which connectors to resume once the pause ended."""

    @pytest.mark.parametrize(
        ("pause", "options", "resume", "paused"),
        [
            (PAUSED, {}, ["a", "b"], ["a", "b"]),
            (PAUSED, {"earlier": ("c", "a")}, ["a", "b", "c"], ["a", "b", "c"]),
            (SKIPPED, {"earlier": ("c",)}, ["c"], ["c"]),
            (PAUSED, {"resumes": False, "earlier": ("c",)}, [], ["a", "b", "c"]),
            (HALF_PAUSED, {}, ["a"], ["a"]),
            (HALF_PAUSED, {"resumes": False, "earlier": ("c",)}, ["a"], ["a", "c"]),
            ({"failed": True, "msg": "no such cluster"}, {}, [], []),
        ],
        ids=[
            "what this run paused",
            "and what an earlier run left",
            "only what an earlier run left",
            "nothing if it stays paused",
            "what was paused before a failure",
            "also if it was to stay paused",
            "nothing if nothing was accepted",
        ],
    )
    def test_after_the_pause(
        self, pause: dict[str, Any], options: dict[str, Any], resume: list[str], paused: list[str]
    ) -> None:
        ended = outcome(pause, **options)
        assert ended["resume"] == resume
        assert ended["paused"] == paused


class TestText:
    @pytest.mark.parametrize(
        ("pause", "resume", "options", "text"),
        [
            (PAUSED, RESUMED, {}, "Maintenance succeeded. Resumed: a, b. Nothing is still paused."),
            (SKIPPED, SKIPPED, {}, "Maintenance succeeded. Nothing was paused, and nothing was resumed."),
            (
                PAUSED,
                RESUMED,
                {"is_failed": True},
                "Maintenance failed: the work failed, see above. Resumed: a, b. Nothing is still paused.",
            ),
            (
                HALF_PAUSED,
                found(a="RUNNING"),
                {"is_failed": True},
                "Maintenance failed: the pause failed, see above. Resumed: a. Nothing is still paused.",
            ),
            (
                PAUSED,
                HALF_RESUMED,
                {"is_failed": True},
                (
                    "Maintenance failed: the work failed and the resume failed, see above. "
                    f"Resumed: a. Still paused: b. Resume: {COMMAND}b"
                ),
            ),
            (
                PAUSED,
                {"failed": True, "msg": "The token expired."},
                {},
                f"Maintenance failed: the resume failed, see above. Still paused: a, b. Resume: {COMMAND}a,b",
            ),
            (
                PAUSED,
                SKIPPED,
                {"resumes": False, "earlier": ("c",)},
                f"Maintenance succeeded. Still paused: a, b, c. Resume: {COMMAND}a,b,c",
            ),
            (
                PAUSED,
                found(b="RUNNING"),
                {},
                "Maintenance succeeded. Resumed: b. No longer existing: a. Nothing is still paused.",
            ),
            (
                PAUSED,
                {**RESUMED, "failed": True, "failed_connectors": [{"name": "b", "status": "RUNNING"}]},
                {},
                (
                    "Maintenance failed: the resume failed, see above. Resumed: a, b. Not healthy: b. "
                    "Nothing is still paused."
                ),
            ),
            (
                PAUSED,
                RESUMED,
                {"check_mode": True},
                "Check mode: this run would pause a, b and resume at the end a, b.",
            ),
            (SKIPPED, SKIPPED, {"check_mode": True}, "Check mode: this run would pause and resume nothing."),
        ],
        ids=[
            "success",
            "nothing to do",
            "failed work",
            "failed pause",
            "failed work and resume",
            "resume failed as a whole",
            "resume later",
            "deleted connector",
            "unhealthy connector",
            "check mode",
            "check mode without a change",
        ],
    )
    def test_at_the_end(
        self, pause: dict[str, Any], resume: dict[str, Any], options: dict[str, Any], text: str
    ) -> None:
        assert outcome(pause, resume, **options)["text"] == text

    @pytest.mark.parametrize(
        ("resume", "retry"),
        [
            (RESUMED, False),
            (SKIPPED, False),
            (HALF_RESUMED, True),
            ({"failed": True, "msg": "The token expired."}, True),
            ({**RESUMED, "failed": True, "failed_connectors": [{"name": "b", "status": "RUNNING"}]}, False),
        ],
        ids=["resumed", "skipped", "half resumed", "failed as a whole", "unhealthy"],
    )
    def test_another_attempt_is_made_only_if_it_can_help(self, resume: dict[str, Any], retry: bool) -> None:
        assert outcome(PAUSED, resume)["retry"] is retry

    def test_counts(self) -> None:
        assert outcome(PAUSED, HALF_RESUMED)["counts"] == {"paused": 2, "resumed": 1, "still_paused": 1}
