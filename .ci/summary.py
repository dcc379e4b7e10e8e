# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Count the tests of all sessions. Fail if a test failed, if a session has no test, or if a skip has no reason.

The argument is a directory: nox's report `sessions.json`, and for each session a directory with its JUnit files.
"""

from __future__ import annotations

import json
import sys
import xml.etree.ElementTree as ET
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any


def main(results: Path) -> int:
    """Print the result of each session, the reasons of skipped tests, and the sum in the last line."""
    total: Counter[str] = Counter()
    for session in sessions(results / "sessions.json"):
        name = session["signatures"][0]
        counts, skipped = count(results / name)
        if session["result"] == "skipped":
            skipped[session["reason"] or ""].append(name)
        counts["failed"] += len(skipped[""])
        counts["skipped"] = sum(len(names) for reason, names in skipped.items() if reason)
        # Without a failed test, a session fails if a command failed outside of its tests, or if it has no test.
        if not counts["failed"] and (session["result"] not in {"success", "skipped"} or not counts.total()):
            counts["failed"] = 1
        print(f"{name:18} {session['duration']:4.0f} s  {words(counts)}")
        for reason, names in skipped.items():
            if names:
                print(f"    skipped: {reason or 'NO REASON'}: {', '.join(sorted(names))}")
        total += counts
    print(words(total))
    return 1 if total["failed"] or not total["passed"] else 0


def sessions(report: Path) -> list[dict[str, Any]]:
    """Read nox's report. Without a report, nox was stopped or could not start: that is a failed session."""
    if not report.is_file():
        return [{"signatures": ["nox"], "result": "failed", "duration": 0}]
    return list(json.loads(report.read_text())["sessions"])


def count(folder: Path) -> tuple[Counter[str], dict[str, list[str]]]:
    """Count the passed and the failed tests of a session, and return the skipped tests by reason."""
    counts: Counter[str] = Counter()
    skipped: dict[str, list[str]] = defaultdict(list)
    for case in (case for file in folder.glob("*.xml") for case in cases(file)):
        if case.find("failure") is not None or case.find("error") is not None:
            counts["failed"] += 1
        elif (skip := case.find("skipped")) is not None:
            reason = (skip.get("message") or skip.text or "").strip()
            skipped["" if reason == "unconditional skip" else reason].append(case.get("name", "?"))
        else:
            counts["passed"] += 1
    return counts, skipped


def cases(file: Path) -> list[ET.Element]:
    """Return the test cases of a JUnit file. A broken file is a failed test, because its tests are missing."""
    try:
        return list(ET.parse(file).iter("testcase"))
    except ET.ParseError:
        case = ET.Element("testcase", name=file.name)
        ET.SubElement(case, "error")
        return [case]


def words(counts: Counter[str]) -> str:
    """Return the counts as text."""
    return ", ".join(f"{counts[result]} {result}" for result in ("passed", "failed", "skipped"))


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
