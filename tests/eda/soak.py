# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A long run of the event source in a real ansible-rulebook: random changes, random faults, and a count of both.

    python tests/eda/soak.py --minutes 10

Each change lasts until its event was seen, so each change must have exactly one event.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from rulebook import Rulebook, running
from running import COLLECTION, FILE

from sandbox import Sandbox

INTERVAL = 1.0
CLUSTERS = 5
CONNECTORS = 4
QUIET_SECONDS = 60
STATUSES = ("RUNNING", "PAUSED", "ERROR", "STATUS_UNKNOWN")
RULEBOOK = f"""
- name: Soak
  hosts: localhost
  execution_strategy: parallel
  sources:
    - {COLLECTION}.connector_status:
        cluster_ids: "{{{{ cluster_ids }}}}"
        interval: {INTERVAL}
  rules:
    - name: Print each event
      condition: event.connector_status is defined
      action:
        debug:
          msg: "EVENT {{{{ event.connector_status | tojson }}}} {{{{ event.meta.received_at }}}}"
"""
# Polls of a source without an engine: its process prints its own memory after some of them.
ALONE = """
import asyncio, runpy, sys
from dataclasses import replace
module = runpy.run_path(sys.argv[1])
def resident():
    return next(line for line in open("/proc/self/status") if line.startswith("VmRSS")).split()[1]
async def main():
    args = {"endpoint": sys.argv[2], "iam_token": sys.argv[3], "cluster_ids": sys.argv[4]}
    source = module["create"](asyncio.Queue(1), args, {}, module["Secrets"]())
    source.options = replace(source.options, interval=0.001)
    task = asyncio.ensure_future(source.run())
    polls = 0
    update = source.update
    def count(*args):
        nonlocal polls
        polls += 1
        if polls in (2000, 12000):
            print(resident(), flush=True)
        return update(*args)
    source.update = count
    while polls < 12000 and not task.done():
        await asyncio.sleep(0.05)
    task.cancel()
asyncio.run(main())
"""


class Soak:
    """The changes of a run, and the events that they caused."""

    def __init__(self, sandbox: Sandbox, rulebook: Rulebook, clusters: list[str], dice: random.Random) -> None:
        self.sandbox = sandbox
        self.rulebook = rulebook
        self.dice = dice
        self.status = {(cluster_id, f"c{number}"): "RUNNING" for cluster_id in clusters for number in range(CONNECTORS)}
        self.open: dict[tuple[str, str], float] = {}
        """Changes without an event yet, and when they were made."""
        self.changes = self.faults = self.cluster_events = 0
        self.delays: list[float] = []
        self.problems: list[str] = []
        self._read = 0

    def change(self) -> None:
        """Change a connector whose last change was seen."""
        free = [key for key in self.status if key not in self.open]
        if free:
            key = self.dice.choice(free)
            status = self.dice.choice([status for status in STATUSES if status != self.status[key]])
            self.status[key] = status
            self.open[key] = time.time()
            self.changes += 1
            self.sandbox.cloud.set_status(*key, status)

    def fault(self) -> None:
        """Break something."""
        self.faults += 1
        times = self.dice.randrange(1, 6)
        choices: list[Callable[[], None]] = [
            lambda: self.sandbox.faults.abort("Connector.List", "UNAVAILABLE", times=times),
            lambda: self.sandbox.faults.abort("Connector.List", "INTERNAL", times=times),
            lambda: self.sandbox.faults.abort("Connector.List", "RESOURCE_EXHAUSTED", headers={"retry-after": "2"}),
            lambda: self.sandbox.faults.abort("Connector.List", "PERMISSION_DENIED", times=times),
            lambda: self.sandbox.faults.abort("Cluster.ListOperations", "UNAVAILABLE", times=times),
            lambda: self.sandbox.faults.answer("Connector.List", "<html>proxy</html>", times=times),
            lambda: self.sandbox.faults.answer("Connector.List", '{"connectors": [', times=times),
            lambda: self.sandbox.faults.reset("Connector.List", times=times),
            lambda: self.sandbox.faults.delay("Connector.List", 3, times=times),
            self.sandbox.envoy.restart,
        ]
        self.dice.choice(choices)()

    def read(self) -> None:
        """Compare new events with the changes."""
        text = self.rulebook.output
        end = text.rfind("\n") + 1
        for line in text[self._read : end].splitlines():
            if line.startswith("EVENT "):
                self._compare(*line[len("EVENT ") :].rsplit(" ", 1))
        self._read = end

    def _compare(self, text: str, received_at: str) -> None:
        event: dict[str, Any] = json.loads(text)
        if event["connector"] is None:
            self.cluster_events += 1
            return
        key = (event["cluster"]["id"], event["connector"]["name"])
        status = self.status[key]
        if key not in self.open or event["connector"]["status"] != status:
            self.problems.append(f"no change of {key} to {status}: {event}")
            return
        self.delays.append(max(0.0, _seconds(received_at) - self.open.pop(key)))


def _seconds(timestamp: str) -> float:
    return datetime.fromisoformat(timestamp.replace("Z", "+00:00")).timestamp()


def soak(minutes: float, seed: int) -> list[str]:
    """Run, and return what was wrong."""
    with Sandbox() as sandbox, tempfile.TemporaryDirectory() as folder:
        clusters = [sandbox.cloud.add_cluster(f"demo-{number}") for number in range(CLUSTERS)]
        for cluster_id in clusters:
            for number in range(CONNECTORS):
                sandbox.cloud.add_connector(cluster_id, f"c{number}")
        file = Path(folder) / "soak.yml"
        file.write_text(RULEBOOK)
        with running(file, sandbox, Path(folder), {"cluster_ids": clusters}) as rulebook:
            rulebook.until(lambda: len(sandbox.requests_of("Connector.List")) > 2 * CLUSTERS)
            run = Soak(sandbox, rulebook, clusters, random.Random(seed))
            _healthy(run)
            first = rulebook.resident()
            _random(run, minutes)
            last = rulebook.resident()
            started = time.monotonic()
            rulebook.terminate()
            stopped = time.monotonic() - started
    print(f"seed {seed}: {run.changes} changes, {run.faults} faults, {run.cluster_events} events of clusters")
    print(f"memory of the process: {first:.0f} MiB after the first minute, {last:.0f} MiB at the end")
    print(f"stopped in {stopped:.1f} s")
    if last > 200:
        run.problems.append(f"{last:.0f} MiB are too many")
    if stopped > 1:
        run.problems.append(f"stopped only after {stopped:.1f} s")
    return run.problems


def _healthy(run: Soak) -> None:
    """Without faults: how often the source polls, and how late its events are."""
    run.sandbox.forget()
    end = (started := time.monotonic()) + QUIET_SECONDS
    while time.monotonic() < end:
        run.change()
        time.sleep(0.5)
        run.read()
    seconds = time.monotonic() - started
    polls = len(run.sandbox.requests_of("Connector.List")) * INTERVAL / CLUSTERS / seconds
    latest = max(run.delays)
    print(
        f"healthy: {polls:.3f} polls for each cluster and interval; latest of {len(run.delays)} events: {latest:.2f} s"
    )
    if abs(polls - 1) > 0.05:
        run.problems.append(f"{polls:.3f} polls for each cluster and interval")
    if latest > 1.1 * INTERVAL + 1:
        run.problems.append(f"an event came after {latest:.2f} s")


def _random(run: Soak, minutes: float) -> None:
    """With faults: each change has its event."""
    end = time.monotonic() + 60 * minutes
    while time.monotonic() < end:
        run.change()
        if run.dice.random() < 0.05:
            run.fault()
        time.sleep(run.dice.uniform(0.05, 1))
        run.read()
    run.sandbox.faults.clear()
    # The longest delay after failures is 5 minutes.
    end = time.monotonic() + 330
    while run.open and time.monotonic() < end:
        time.sleep(0.5)
        run.read()
    if run.open:
        run.problems.append(f"changes without an event: {sorted(run.open)}")


def memory_of_polls() -> list[str]:
    """Run a source without an engine for 12,000 polls; return what was wrong."""
    with Sandbox() as sandbox:
        cluster_id = sandbox.cloud.add_cluster()
        sandbox.cloud.add_connector(cluster_id, "mirror")
        command = [sys.executable, "-c", ALONE, FILE, sandbox.url, sandbox.iam_token(), cluster_id]
        lines = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout.split()
    early, late = map(int, lines)
    print(f"source alone: {late - early:+d} KiB for 10,000 polls")
    return [f"the source alone grew {late - early} KiB"] if late - early > 1024 else []


def main() -> int:
    """Run both; return an exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=10, help="with faults (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=random.randrange(10**6), help="of an earlier run")
    arguments = parser.parse_args()
    problems = memory_of_polls() + soak(arguments.minutes, arguments.seed)
    print("\n".join(problems) or "No change was lost, none was reported twice.")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
