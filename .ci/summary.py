# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Count the tests of all sessions: nox's report names them, a folder of each session's name holds its JUnit files."""

from __future__ import annotations

import json
import sys
import xml.etree.ElementTree as ET
from collections import Counter, defaultdict
from pathlib import Path


def main(results: Path) -> int:
    """Print each session's count, the reasons of what was skipped, and the sum."""
    total: Counter[str] = Counter()
    for session in json.loads((results / "sessions.json").read_text())["sessions"]:
        folder = results / session["signatures"][-1]
        counts, skipped = count(folder)
        if "" in skipped:
            counts["failed"] += len(skipped[""])  # skipped for no reason
        if session["result"] == "failed" or (folder.is_dir() and not counts):
            counts["failed"] = max(counts["failed"], 1)  # red without a red test: a linter, or no test at all
        outcome = session["reason"] or (words(counts) if folder.is_dir() else "")
        print(f"{folder.name:18} {session['result']:8} {outcome}".rstrip())
        for reason, names in skipped.items():
            print(f"    skipped: {reason or 'NO REASON'}: {', '.join(sorted(names))}")
        total += counts
    print(words(total))
    return 1 if total["failed"] or not total["passed"] else 0


def count(folder: Path) -> tuple[Counter[str], dict[str, list[str]]]:
    """Count a session's tests by how they ended, and name the skipped ones by reason."""
    counts: Counter[str] = Counter()
    skipped: dict[str, list[str]] = defaultdict(list)
    for case in (case for file in folder.glob("*.xml") for case in ET.parse(file).iter("testcase")):
        if case.find("failure") is not None or case.find("error") is not None:
            counts["failed"] += 1
        elif (skip := case.find("skipped")) is not None:
            counts["skipped"] += 1
            reason = (skip.get("message") or skip.text or "").strip()
            skipped["" if reason == "unconditional skip" else reason].append(case.get("name", "?"))
        else:
            counts["passed"] += 1
    return counts, skipped


def words(counts: Counter[str]) -> str:
    """Word a count."""
    return ", ".join(
        f"{counts[how]} {how}" for how in ("passed", "failed", "skipped") if counts[how] or how != "skipped"
    )


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
