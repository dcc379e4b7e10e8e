# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The summary of the gate: which results are red."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

SUMMARY = Path(__file__).parents[2] / ".ci/summary.py"
PASSED = "<testcase name='one'/>"
FAILED = "<testcase name='two'><failure/></testcase>"
ERROR = "<testcase name='three'><error/></testcase>"


def skipped(reason: str) -> str:
    return f"<testcase name='four'><skipped message='{reason}'/></testcase>"


def summarize(results: Path, tests: str | None, *, result: str = "success", reason: str | None = None) -> list[str]:
    """Return the summary of a good session and a second one, and its exit code in the last line."""
    sessions = {"first": ("success", None), "second(2.21)": (result, reason)}
    report = [
        {"signatures": [name, f"{name}-3.13"], "result": result, "reason": reason, "duration": 61.2}
        for name, (result, reason) in sessions.items()
    ]
    (results / "sessions.json").write_text(json.dumps({"sessions": report}))
    for name, cases in zip(sessions, (PASSED, tests)):
        if cases is not None:
            (results / name).mkdir()
            (results / name / "tests.xml").write_text(f"<testsuites><testsuite>{cases}</testsuite></testsuites>")
    return run(results)


def run(results: Path) -> list[str]:
    ended = subprocess.run([sys.executable, SUMMARY, results], capture_output=True, text=True, check=False)
    return [*ended.stdout.splitlines(), str(ended.returncode)]


def test_passed_tests_and_skips_with_a_reason_are_green(tmp_path: Path) -> None:
    assert summarize(tmp_path, PASSED + skipped("no shell here")) == [
        "first                61 s  1 passed, 0 failed, 0 skipped",
        "second(2.21)         61 s  1 passed, 0 failed, 1 skipped",
        "    skipped: no shell here: four",
        "2 passed, 0 failed, 1 skipped",
        "0",
    ]


@pytest.mark.parametrize(
    ("tests", "result"),
    [
        pytest.param(PASSED + FAILED, "failed", id="a failed test"),
        pytest.param(PASSED + FAILED, "success", id="a failed test in a session that hides it"),
        pytest.param(PASSED + ERROR, "failed", id="an error"),
        pytest.param(PASSED, "failed", id="a failed session without a failed test"),
        pytest.param(PASSED, "aborted", id="an aborted session"),
    ],
)
def test_failures_are_red(tmp_path: Path, tests: str, result: str) -> None:
    assert summarize(tmp_path, tests, result=result)[-2:] == ["2 passed, 1 failed, 0 skipped", "1"]


@pytest.mark.parametrize(
    "tests", [pytest.param(None, id="no file"), pytest.param("", id="no test"), pytest.param("<", id="no XML")]
)
def test_session_without_tests_is_red(tmp_path: Path, tests: str | None) -> None:
    assert summarize(tmp_path, tests)[-2:] == ["1 passed, 1 failed, 0 skipped", "1"]


@pytest.mark.parametrize("reason", ["", " ", "unconditional skip"])
def test_skip_without_a_reason_is_red(tmp_path: Path, reason: str) -> None:
    assert summarize(tmp_path, PASSED + skipped(reason))[-3:] == [
        "    skipped: NO REASON: four",
        "2 passed, 1 failed, 0 skipped",
        "1",
    ]


def test_skipped_session_is_green_only_with_a_reason(tmp_path: Path) -> None:
    with_reason, without = tmp_path / "with", tmp_path / "without"
    with_reason.mkdir()
    without.mkdir()
    assert summarize(with_reason, None, result="skipped", reason="no Python")[2:] == [
        "    skipped: no Python: second(2.21)",
        "1 passed, 0 failed, 1 skipped",
        "0",
    ]
    assert summarize(without, None, result="skipped")[-2:] == ["1 passed, 1 failed, 0 skipped", "1"]


def test_gate_without_a_report_is_red(tmp_path: Path) -> None:
    assert run(tmp_path)[-2:] == ["0 passed, 1 failed, 0 skipped", "1"]
