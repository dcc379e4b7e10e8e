# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The life of a rulebook's process: wrong input, SIGTERM, a second start, an outage."""

from __future__ import annotations

import signal
from pathlib import Path

from rulebook import running
from running import COLLECTION

from sandbox import Sandbox


def test_wrong_input_ends_the_rulebook_with_its_reason(sandbox: Sandbox, tmp_path: Path) -> None:
    variables = {"cluster_ids": "c9q1", "interval": "often"}
    with running(f"{COLLECTION}.report_changes", sandbox, tmp_path, variables) as one:
        assert one.wait() == 1
        assert "interval is not a number" in one.output
    # A playbook that an earlier rulebook started can still wait for its operation.
    assert [call for call in sandbox.requests if call.name == "List"] == []


def test_stopped_rulebook_misses_no_change(sandbox: Sandbox, cluster_id: str, tmp_path: Path) -> None:
    variables = {"cluster_ids": [cluster_id], "interval": "1", "state_file": str(tmp_path / "state.json")}
    rulebook = f"{COLLECTION}.report_changes"
    with running(rulebook, sandbox, tmp_path / "first", variables) as first:
        first.until(lambda: len(sandbox.requests_of("Connector.List")) > 1)
        assert first.terminate() in {-signal.SIGTERM, 128 + signal.SIGTERM}
    sandbox.cloud.begin("pause", cluster_id, "mirror", by="aje-day-shift")
    with running(rulebook, sandbox, tmp_path / "second", variables) as second:
        line = second.until_output(r"^mirror in cluster")
        assert "by aje-day-shift" in line
        # An outage ends nothing, and loses nothing.
        sandbox.envoy.stop()
        try:
            sandbox.cloud.set_status(cluster_id, "mirror", "ERROR")
            second.until_output(r"[Cc]ould not connect")
        finally:
            sandbox.envoy.start()
        assert "failed" in second.until_output(r"^mirror in cluster \S+: failed")
        assert second.output.count("mirror in cluster") == 2
