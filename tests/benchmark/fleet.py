# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Measure one play over many clusters, and write the page: `make benchmark-fleet`.

The ways are measured by turns, so that other work on the machine affects all of them. Ratios decide.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

import certifi
import yaml  # type: ignore[import-untyped]
from support.certificates import Authority

from benchmark.fleet_page import write_page
from sandbox import Sandbox

OURS = "yandex_cloud.managed_kafka.kafka_connector"
PAUSE = {OURS: {"cluster_id": "{{ kafka_cluster_id }}", "names": ["*"], "state": "paused"}}
FORKS = 10
CONNECTORS = 20
# Clusters. A module process for each of 1,000 clusters would take minutes, and its cost does not depend on the number.
FEW = 100
# Seconds between two looks at the memory of all processes.
_LOOK = 0.5


class Usage(NamedTuple):
    """What a run of Ansible took.

    :param cpu: seconds of CPU of all its processes
    :param requests: number of requests that reached the service
    """

    cpu: float
    requests: int


class Memory(NamedTuple):
    """Peaks in MB: resident memory of the main process, and memory of all processes, where shared pages count once."""

    controller: float
    all_processes: float


@dataclass(frozen=True)
class Fleet:
    """Clusters with connectors that are all paused, and Ansible's inventory of them.

    :param folder: directory of the inventories and playbooks
    :param cluster_ids: by name
    """

    sandbox: Sandbox
    folder: Path
    environ: Mapping[str, str]
    folder_ids: list[str]
    cluster_ids: Mapping[str, str]

    def inventory(self, count: int) -> Path:
        """Return a static inventory of the first clusters, so that reading it costs the same for every way."""
        path = self.folder / f"hosts-{count}.json"
        hosts = {name: {"kafka_cluster_id": self.cluster_ids[name]} for name in list(self.cluster_ids)[:count]}
        variables = {"ansible_connection": "local", "ansible_python_interpreter": sys.executable}
        path.write_text(json.dumps({"all": {"hosts": hosts, "vars": variables}}))
        return path

    def source(self) -> Path:
        """Return a source of the inventory plugin."""
        path = self.folder / "kafka_clusters.yml"
        plugin = "yandex_cloud.managed_kafka.kafka_clusters"
        path.write_text(yaml.safe_dump({"plugin": plugin, "folder_ids": self.folder_ids}))
        return path

    def play(self, count: int, task: Mapping[str, Any], **variables: Any) -> list[str]:
        """Return the command that runs one task over the first clusters."""
        path = self.folder / "play.yml"
        play = {"hosts": "all", "gather_facts": False, "vars": variables, "tasks": [{"name": "measured", **task}]}
        path.write_text(yaml.safe_dump([play], sort_keys=False))
        program = str(Path(sys.executable).with_name("ansible-playbook"))
        return [program, "-i", str(self.inventory(count)), "-f", str(FORKS), str(path)]

    def measure(self, command: list[str]) -> Usage:
        """Run a command and return what it took.

        :raises RuntimeError: it failed
        """
        self.sandbox.forget()
        with self._started(command) as process:
            dummy, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
        return Usage(usage.ru_utime + usage.ru_stime, len(self.sandbox.requests))

    def memory(self, command: list[str]) -> Memory:
        """Run a command and return its peaks. Looking at the memory costs CPU, so this is a run of its own."""
        controller, total = 0.0, 0.0
        with self._started(command) as process:
            while True:
                with contextlib.suppress(subprocess.TimeoutExpired):
                    process.wait(_LOOK)
                    return Memory(controller, total)
                pids = [process.pid, *_descendants(process.pid)]
                controller = max(controller, _field(process.pid, "status", "VmHWM:"))
                total = max(total, sum(_field(pid, "smaps_rollup", "Pss:") for pid in pids))

    @contextlib.contextmanager
    def _started(self, command: list[str]) -> Iterator[subprocess.Popen[bytes]]:
        """Start a command. At the end, check that it succeeded."""
        log = self.folder / "output.txt"
        with log.open("wb") as output:
            environ = {**os.environ, **self.environ}
            process = subprocess.Popen(
                command, cwd=self.folder, env=environ, stdin=subprocess.DEVNULL, stdout=output, stderr=output
            )
            yield process
        if process.returncode:
            raise RuntimeError(log.read_text()[-3000:])


def _descendants(pid: int) -> list[int]:
    """Return the processes that a process started."""
    try:
        children = [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []
    return [found for child in children for found in (child, *_descendants(child))]


def _field(pid: int, file: str, name: str) -> float:
    """Return a field of the kernel's information about a process in MB; 0 if the process has ended."""
    try:
        lines = Path(f"/proc/{pid}/{file}").read_text().splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1000 for line in lines if line.startswith(name)), 0.0)


@contextlib.contextmanager
def fleet(clusters: int) -> Iterator[Fleet]:
    """Yield clusters of a sandbox behind TLS, with a CA bundle that is as long as the usual one."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        authority = Authority(folder)
        bundle = folder / "ca.pem"
        bundle.write_bytes(Path(certifi.where()).read_bytes() + Path(authority.certificate).read_bytes())
        here = Path(__file__).parent
        with Sandbox(tls=authority.issue()) as sandbox:
            ids = sandbox.cloud.add_fleet(clusters, CONNECTORS, status="PAUSED")
            named = {sandbox.cloud.get_cluster(one).name: one for several in ids.values() for one in several}
            environ = {
                "ANSIBLE_ACTION_PLUGINS": str(here / "action_plugins"),
                "ANSIBLE_LOCALHOST_WARNING": "false",
                "YC_CA_PATH": str(bundle),
                "YC_ENDPOINT": sandbox.url,
                "YC_IAM_TOKEN": sandbox.iam_token(),
            }
            yield Fleet(sandbox, folder, environ, list(ids), dict(sorted(named.items())))


@dataclass
class Measured:
    """What the page shows.

    :param cpu: milliseconds of CPU for each host, by way, of each round
    :param by_count: the same of a task that has nothing to do, by number of clusters
    :param requests: for each cluster, by number of clusters
    :param inventory: seconds of CPU of reading all clusters with the plugin, beyond a static file
    """

    cpu: dict[str, list[float]]
    by_count: dict[int, list[float]]
    requests: dict[int, float]
    memory: Memory
    inventory: list[float]
    inventory_requests: int
    loads: list[float]
    forks: int = FORKS
    connectors: int = CONNECTORS

    def ratio(self, way: str, other: str) -> float:
        """Return the median of the rounds' ratios."""
        return statistics.median(one / two for one, two in zip(self.cpu[way], self.cpu[other]))


def measure(clusters: int, rounds: int) -> Measured:
    """Measure everything."""
    counts = sorted({min(FEW, clusters), min(3 * FEW, clusters), clusters})
    measured = Measured({}, {count: [] for count in counts}, {}, Memory(0, 0), [], 0, [])
    few = counts[0]
    with fleet(clusters) as world, _loads(measured.loads):
        nothing = {"only_action": {}}
        # The first round only brings files into the memory of the machine.
        world.measure(world.play(few, PAUSE))
        for number in range(1, rounds + 1):
            # A cluster's cost does not contain the start of Ansible.
            start = world.measure([*world.play(few, nothing), "--limit", next(iter(world.cluster_ids))]).cpu
            ways: dict[str, tuple[int, dict[str, Any], dict[str, Any]]] = {
                "nothing": (clusters, nothing, {}),
                **{f"ours {count}": (count, PAUSE, {}) for count in reversed(counts)},
                "ping": (few, {"ansible.builtin.ping": {}}, {}),
                "module": (few, PAUSE, {"yandex_cloud_in_process": False}),
            }
            for way, (count, task, variables) in ways.items():
                usage = world.measure(world.play(count, task, **variables))
                cost = (usage.cpu - start) / count * 1000
                load = os.getloadavg()[0]
                print(f"round {number}, load {load:.1f}: {way}, {cost:.1f} ms", file=sys.stderr, flush=True)
                if way.startswith("ours"):
                    measured.by_count[count].append(cost)
                    measured.requests[count] = usage.requests / count
                if not way.startswith("ours") or count == clusters:
                    measured.cpu.setdefault(way.split()[0], []).append(cost)
            static = world.measure(_listing(world.inventory(clusters))).cpu
            dynamic = world.measure(_listing(world.source()))
            measured.inventory.append(dynamic.cpu - static)
            measured.inventory_requests = dynamic.requests
        measured.memory = world.memory(world.play(clusters, PAUSE))
    return measured


def _listing(source: Path) -> list[str]:
    program = str(Path(sys.executable).with_name("ansible-inventory"))
    return [program, "-i", str(source), "--list", "--output", os.devnull]


@contextlib.contextmanager
def _loads(loads: list[float]) -> Iterator[None]:
    """Record the load of the machine twice a minute."""
    ended = threading.Event()

    def record() -> None:
        loads.append(os.getloadavg()[0])
        while not ended.wait(30):
            loads.append(os.getloadavg()[0])

    thread = threading.Thread(target=record)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def main() -> None:
    """Run the benchmark. It fails if a goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clusters", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--output", type=Path, help="directory of the documentation, to write the page to")
    options = parser.parse_args()
    measured = measure(options.clusters, options.rounds)
    machine = f"{os.cpu_count()} cores, {platform.machine()}, {platform.system()}"
    versions = f"Python {platform.python_version()}, ansible-core {version('ansible-core')}"
    missed = write_page(measured, options.clusters, f"{machine}. {versions}.", options.output)
    sys.exit(f"Missed: {', '.join(missed)}" if missed else 0)


if __name__ == "__main__":
    main()
