# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is measured, a function for each part of the table. Everything that is compared is interleaved in one run."""

from __future__ import annotations

import json
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple
from unittest import mock

from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._client import Answer
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._clock import Deadline
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._operation import wait
from benchmark.measure import Usage, medians, play, process, result
from sandbox import Sandbox

OURS = "yandex_cloud.managed_kafka.kafka_connector"
URI = "ansible.builtin.uri"
# seconds; of a task with until that names none
_DEFAULT_DELAY = 5


class Row(NamedTuple):
    """A line of the table.

    :param what: that was measured
    :param ours: of the collection
    :param beside: the name of the other way
    :param theirs: of the other way; empty: there is none
    :param ratio: ours by theirs
    :param goal: what the ratio, or ours, has to be; empty: none was set
    """

    what: str
    ours: str
    beside: str = ""
    theirs: str = ""
    ratio: str = ""
    goal: str = ""


class World:
    """A sandbox with a cluster for each measurement.

    :param ca: path of the CA certificate of the sandbox
    """

    def __init__(self, sandbox: Sandbox, ca: Path) -> None:
        self.sandbox = sandbox
        self.ca = str(ca)
        self.token = sandbox.iam_token()
        self.environ = {"YC_ENDPOINT": sandbox.url, "YC_IAM_TOKEN": self.token, "YC_CA_PATH": self.ca}

    def cluster(self, count: int, status: str = "RUNNING", *, operation_seconds: float = 0.2) -> str:
        """Return a new cluster with connectors c-0, c-1, ..., whose operations take so long, side by side."""
        self.sandbox.reset()
        self.sandbox.behaviour.operation_seconds = operation_seconds
        self.sandbox.behaviour.exclusive = False
        cluster_id = self.sandbox.cloud.add_cluster()
        for number in range(count):
            self.sandbox.cloud.add_connector(cluster_id, f"c-{number}", status=status)
        return cluster_id

    def uri(self, cluster_id: str, path: str, **options: Any) -> dict[str, Any]:
        """Return the options of a uri task."""
        url = f"{self.sandbox.url}/managed-kafka/v1/clusters/{cluster_id}/connectors/{path}"
        return self._request(url, **options)

    def _request(self, url: str, **options: Any) -> dict[str, Any]:
        return {"url": url, "headers": {"Authorization": f"Bearer {self.token}"}, "ca_path": self.ca, **options}

    def recipe(self, cluster_id: str, name: str, delay: int = 1) -> list[dict[str, Any]]:
        """Return the tasks that a user writes today to pause a connector.

        :param delay: seconds between two looks at the operation
        """
        operation = f"{self.sandbox.url}/operations/{{{{ begun.json.id }}}}"
        return [
            {"name": "uri", URI: self.uri(cluster_id, name), "register": "found"},
            {
                "name": "uri",
                URI: self.uri(cluster_id, f"pause/{name}", method="POST", body_format="json", body={}),
                "register": "begun",
                "when": "found.json.status != 'PAUSED'",
            },
            {
                "name": "uri",
                URI: self._request(operation),
                "register": "polled",
                "until": "polled.json.done | default(false)",
                "retries": 600,
                "delay": delay,
                "when": "begun is not skipped",
            },
        ]


def ours(cluster_id: str, **options: Any) -> dict[str, Any]:
    """Return a task of the collection."""
    return {"name": "ours", OURS: {"cluster_id": cluster_id, "state": "paused", **options}}


def seconds(value: float) -> str:
    return f"{value:.2f} s"


def ratio(one: float, other: float) -> str:
    return f"{one / other:.2f}"


def no_op(world: World, runs: int) -> Iterator[Row]:
    """A task that finds nothing to do, beside the least that any task costs."""
    cluster_id = world.cluster(1, "PAUSED")
    uri = world.uri(cluster_id, "c-0")
    least = {"url": uri["url"], "token": world.token, "ca_path": world.ca}
    tasks = [
        ours(cluster_id, name="c-0"),
        {"name": "ping", "ansible.builtin.ping": {}},
        {"name": "uri", URI: uri},
        {"name": "get", "only_get": least},
    ]
    # the first of each kind is built, the others are taken from where Ansible keeps it
    times = medians(play(tasks * (runs + 1), world.environ)[len(tasks) :])
    for way, beside, goal in (
        ("ping", "ping", "1.35"),
        ("uri", "one uri GET", "1"),
        ("get", "one GET with requests", ""),
    ):
        yield Row(
            "nothing to do: a task",
            seconds(times["ours"]),
            beside,
            seconds(times[way]),
            ratio(times["ours"], times[way]),
            goal,
        )


def pause(world: World, runs: int, duration: float) -> Iterator[Row]:
    """A pause, beside the recipe of three uri tasks: what it takes beyond the operation itself."""
    for delay in (1, _DEFAULT_DELAY):
        cluster_id = world.cluster(2 * runs + 2)
        # the recipe looks every now and then: durations vary by that, so that neither way profits from when it looks
        looks = delay + 0.4
        durations = [duration + looks * number / runs for number in range(runs + 1)]
        world.sandbox.behaviour.operation_seconds = lambda kind, name, durations=durations: durations[
            int(name[2:]) // 2
        ]
        tasks = []
        for number in range(runs + 1):
            tasks += [
                ours(cluster_id, name=f"c-{2 * number}"),
                *world.recipe(cluster_id, f"c-{2 * number + 1}", delay),
            ]
        measured = play(tasks, world.environ)
        # the first of each kind of task is built, the others are taken from where Ansible keeps it
        rounds = list(zip((measured[start : start + 4] for start in range(0, len(measured), 4)), durations))[1:]
        one = statistics.median(each[0][1] - taken for each, taken in rounds)
        other = statistics.median(sum(task[1] for task in each[1:]) - taken for each, taken in rounds)
        yield Row(
            f"a pause whose operation takes {duration:g} s or a little more: time beyond that",
            seconds(one),
            f"uri recipe, delay: {delay}",
            seconds(other),
            ratio(one, other),
            "0.3",
        )


def whole_process(world: World, runs: int) -> Iterator[Row]:
    """A pause in a process of its own, beside one with the vendor's SDK."""
    duration = 1.0
    cluster_id = world.cluster(2 * runs, operation_seconds=duration)
    environ = {**world.environ, "SDK_ENDPOINT": world.sandbox.address, "SDK_CA": world.ca}
    sdk = [sys.executable, str(Path(__file__).with_name("sdk_pause.py"))]
    mine: list[Usage] = []
    other: list[Usage] = []
    for number in range(runs):
        mine.append(process(module(cluster_id, name=f"c-{2 * number}"), environ))
        other.append(process([*sdk, cluster_id, f"c-{2 * number + 1}"], environ))
    for what, unit, of in (
        ("time", " s", lambda usage: usage.seconds),
        ("CPU", " s", lambda usage: usage.cpu),
        ("peak memory", " MiB", lambda usage: usage.memory),
    ):
        one, two = (statistics.median(of(usage) for usage in usages) for usages in (mine, other))
        yield Row(
            f"a pause ({duration:g} s) as a process: {what}",
            f"{one:.2f}{unit}",
            "Python SDK",
            f"{two:.2f}{unit}",
            ratio(one, two),
            "1",
        )


def module(cluster_id: str, **options: Any) -> list[str]:
    """Return the command that runs the module by itself."""
    arguments = {"cluster_id": cluster_id, "state": "paused", **options}
    name = "ansible_collections.yandex_cloud.managed_kafka.plugins.modules.kafka_connector"
    return [sys.executable, "-m", name, json.dumps({"ANSIBLE_MODULE_ARGS": arguments})]


def many(world: World, runs: int) -> Iterator[Row]:
    """Many connectors in one task, beside a loop of tasks and beside the uri recipe in a loop."""
    duration = 0.2
    for count in (1, 10, 100, 1000):
        times: dict[str, list[float]] = {"ours": [], "loop": [], "recipe": []}
        requests = dict.fromkeys(times, 0)
        for _run in range(runs):
            for way, taken in times.items():
                if (way == "loop" and count > 100) or (way == "recipe" and count > 20):
                    continue
                cluster_id = world.cluster(count, operation_seconds=duration)
                names = [f"c-{number}" for number in range(count)]
                if way == "ours":
                    measured = play([ours(cluster_id, names=["c-*"])], world.environ)
                elif way == "loop":
                    measured = play([{**ours(cluster_id, name="{{ item }}"), "loop": names}], world.environ)
                else:
                    included = {"name": "recipe", "ansible.builtin.include_tasks": "recipe.yml", "loop": names}
                    files = {"recipe.yml": world.recipe(cluster_id, "{{ item }}")}
                    measured = play([included], world.environ, files)
                taken.append(sum(each[1] for each in measured))
                requests[way] = len(world.sandbox.requests)
        mine = statistics.median(times["ours"])
        for way, label in (("loop", "loop of tasks"), ("recipe", "uri recipe in a loop")):
            if times[way]:
                other = statistics.median(times[way])
                yield Row(
                    f"{count} connectors to pause ({duration:g} s each): time; requests",
                    f"{mine:.2f} s; {requests['ours']}",
                    label,
                    f"{other:.2f} s; {requests[way]}",
                    ratio(mine, other),
                )
        yield Row(f"{count} connectors to pause: time for each", f"{mine / count * 1000:.0f} ms")


def side_by_side(world: World, runs: int) -> Iterator[Row]:
    """A hundred operations that may run side by side, and a thousand connectors with nothing to do."""
    taken = [
        play([ours(world.cluster(100, operation_seconds=1.0), names=["c-*"])], world.environ)[0][1]
        for _run in range(runs)
    ]
    yield Row("100 connectors to pause (1 s each, side by side)", seconds(statistics.median(taken)), goal="12 s")
    counts = (1000, 10)
    clusters = {1000: world.cluster(1000, "PAUSED"), 10: world.sandbox.cloud.add_cluster()}
    for number in range(10):
        world.sandbox.cloud.add_connector(clusters[10], f"c-{number}", status="PAUSED")
    with tempfile.TemporaryDirectory() as folder:
        tasks = []
        for count in counts:
            path = Path(folder, str(count))
            path.write_text(json.dumps(result(module(clusters[count], names=["c-*"]), world.environ)), encoding="utf-8")
            tasks += [
                {**ours(clusters[count], names=["c-*"]), "name": f"ours {count}"},
                {"name": f"least {count}", "only_result": {"path": str(path), "token": world.token}},
            ]
        times = medians(play(tasks * (max(runs, 10) + 1), world.environ)[len(tasks) :])
    for way, what, goal in (
        ("ours", "1000 connectors, all paused already", "1.5"),
        ("least", "a module that only returns the result of that", ""),
    ):
        many_more, few = (times[f"{way} {count}"] for count in counts)
        yield Row(what, seconds(many_more), "10 of them", seconds(few), ratio(many_more, few), goal)
    peaks = [process(module(clusters[1000], names=["c-*"]), world.environ).memory for _run in range(runs)]
    yield Row("1000 connectors: peak memory", f"{statistics.median(peaks):.0f} MiB", goal="80 MiB")


class _Clock:
    """A clock that moves when somebody sleeps."""

    def __init__(self) -> None:
        self.now = 0.0

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


def waiting() -> Iterator[Row]:
    """How soon the end of an operation is noticed, and how many polls that takes; a poll takes 50 ms here."""
    for duration in (0.5, 1.0, 3.0, 10.0, 30.0, 60.0, 120.0):
        delays, polls = [], []
        for step in range(50):
            # the end falls anywhere between two polls
            end = duration * (1 + step / 500)
            clock = _Clock()
            client = mock.Mock(deadline=Deadline(3600, clock))

            def read(*_args: Any, clock: _Clock = clock, end: float = end, **_options: Any) -> Answer:
                clock.now += 0.05
                return Answer({"id": "op", **({"done": True} if clock.now >= end else {})}, {})

            client.get.side_effect = read
            wait(client, {"id": "op", "description": "running"})
            delays.append(clock.now - end)
            polls.append(client.get.call_count)
        goal = f"{max(0.5, duration / 10):g} s"
        yield Row(
            f"an operation of {duration:g} s: noticed after, at most; polls",
            f"{max(delays):.2f} s; {statistics.median(polls):.0f}",
            goal=goal,
        )


def measure(world: World, runs: int, long_runs: int) -> Iterator[Row]:
    """Yield all rows.

    :param runs: of what is short
    :param long_runs: of what is long
    """
    began = time.monotonic()
    for part in (
        no_op(world, runs),
        pause(world, runs, 0.5),
        pause(world, runs, 3),
        pause(world, long_runs, 10),
        whole_process(world, runs),
        many(world, long_runs),
        side_by_side(world, long_runs),
        waiting(),
    ):
        yield from part
        print(f"{time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)
