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
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple
from unittest import mock

from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._client import Answer
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._clock import EAGER_PACE, Deadline
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._operation import wait
from benchmark.measure import Usage, medians, play, process, result
from sandbox import Sandbox

OURS = "yandex_cloud.managed_kafka.kafka_connector"
URI = "ansible.builtin.uri"
# seconds; of a task with until that names none
_DEFAULT_DELAY = 5
# connectors; of more, the other ways would take too long to be measured
_MOST_IN_A_LOOP = 100
_MOST_RECIPES = 20


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

    def cluster(
        self,
        count: int,
        status: str = "RUNNING",
        *,
        operation_seconds: float | Callable[[str, str], float] = 0.2,
        exclusive: bool = False,
    ) -> str:
        """Return a new cluster with connectors c-0, c-1, ..., whose operations take so long, side by side or not."""
        self.sandbox.reset()
        self.sandbox.behaviour.operation_seconds = operation_seconds
        self.sandbox.behaviour.exclusive = exclusive
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
        # the recipe looks every now and then: durations vary by that, so that neither way profits from when it looks
        looks = delay + 0.4
        durations = [duration + looks * number / runs for number in range(runs + 1)]
        cluster_id = world.cluster(
            2 * runs + 2, operation_seconds=lambda _kind, name, by=durations: by[int(name[2:]) // 2]
        )
        world.sandbox.cloud.add_connector(cluster_id, "idle", status="PAUSED")
        tasks = []
        for number in range(runs + 1):
            tasks += [
                ours(cluster_id, name=f"c-{2 * number}"),
                *world.recipe(cluster_id, f"c-{2 * number + 1}", delay),
                ours(cluster_id, name="idle"),
            ]
        measured = [taken for _name, taken in play(tasks, world.environ)]
        # the first of each kind of task is built, the others are taken from where Ansible keeps it
        rounds = list(zip((measured[start : start + 5] for start in range(0, len(measured), 5)), durations))[1:]
        mine = statistics.median(each[0] - taken for each, taken in rounds)
        recipe = statistics.median(sum(each[1:4]) - taken for each, taken in rounds)
        least = statistics.median(each[4] for each, _taken in rounds)
        what = f"a pause of {duration:g} to {duration + looks:g} s: time beyond that"
        yield Row(what, seconds(mine), f"uri recipe, delay: {delay}", seconds(recipe), ratio(mine, recipe), "0.3")
        yield Row(what, seconds(mine), "nothing to do: a task", seconds(least), ratio(mine, least))


def whole_process(world: World, runs: int) -> Iterator[Row]:
    """A pause in a process of its own, beside one with the vendor's SDK; both are run from files."""
    # the SDK looks every second: durations vary by that
    durations = [1 + number / runs for number in range(runs)]
    cluster_id = world.cluster(2 * runs, operation_seconds=lambda _kind, name: durations[int(name[2:]) // 2])
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
            f"a pause of 1 to 2 s as a process: {what}",
            f"{one:.2f}{unit}",
            "Python SDK",
            f"{two:.2f}{unit}",
            ratio(one, two),
            "1" if what != "time" else "",
        )


def module(cluster_id: str, **options: Any) -> list[str]:
    """Return the command that runs the module by itself."""
    arguments = {"cluster_id": cluster_id, "state": "paused", **options}
    name = "ansible_collections.yandex_cloud.managed_kafka.plugins.modules.kafka_connector"
    return [sys.executable, "-m", name, json.dumps({"ANSIBLE_MODULE_ARGS": arguments})]


def many(world: World, runs: int, count: int, *, exclusive: bool = False) -> Iterator[Row]:
    """Many connectors in one task, beside a loop of tasks and beside the uri recipe in a loop."""
    names = [f"c-{number}" for number in range(count)]
    recipe = {"recipe.yml": world.recipe("{{ cluster }}", "{{ item }}")}
    ways: dict[str, Callable[[str], list[Any]]] = {
        "ours": lambda cluster_id: play([ours(cluster_id, names=["c-*"])], world.environ),
    }
    if count <= _MOST_IN_A_LOOP:
        ways["loop of tasks"] = lambda cluster_id: play(
            [{**ours(cluster_id, name="{{ item }}"), "loop": names}], world.environ
        )
    if count <= _MOST_RECIPES:
        ways["uri recipe, delay: 1, in a loop"] = lambda cluster_id: play(
            [
                {
                    "name": "recipe",
                    "ansible.builtin.include_tasks": "recipe.yml",
                    "loop": names,
                    "vars": {"cluster": cluster_id},
                }
            ],
            world.environ,
            recipe,
        )
    times: dict[str, list[float]] = {way: [] for way in ways}
    requests: dict[str, list[int]] = {way: [] for way in ways}
    for _run in range(runs):
        for way, run in ways.items():
            measured = run(world.cluster(count, exclusive=exclusive))
            times[way].append(sum(taken for _name, taken in measured))
            requests[way].append(len(world.sandbox.requests))
    order = "one at a time" if exclusive else "side by side"
    what = f"{count} connectors to pause, 0.2 s each, {order}" if count > 1 else "1 connector to pause, 0.2 s"

    def shown(way: str) -> str:
        return f"{statistics.median(times[way]):.2f} s; {statistics.median(requests[way]):.0f}"

    mine = statistics.median(times["ours"])
    if len(ways) == 1:
        yield Row(f"{what}: time; requests", shown("ours"))
    for way in list(ways)[1:]:
        yield Row(f"{what}: time; requests", shown("ours"), way, shown(way), ratio(mine, statistics.median(times[way])))
    yield Row(f"{what}: time for each", f"{mine / count * 1000:.0f} ms")


def side_by_side(world: World, runs: int) -> Iterator[Row]:
    """A hundred operations that may run side by side."""
    taken = [
        play([ours(world.cluster(100, operation_seconds=1.0), names=["c-*"])], world.environ)[0][1]
        for _run in range(runs)
    ]
    yield Row("100 connectors to pause, 1 s each, side by side", seconds(statistics.median(taken)), goal="12 s")


def all_paused(world: World, runs: int) -> Iterator[Row]:
    """A thousand connectors with nothing to do, beside ten, and beside the least that such a result costs."""
    clusters = {1000: world.cluster(1000, "PAUSED"), 10: world.sandbox.cloud.add_cluster()}
    for number in range(10):
        world.sandbox.cloud.add_connector(clusters[10], f"c-{number}", status="PAUSED")
    with tempfile.TemporaryDirectory() as folder:
        tasks = []
        for count, cluster_id in clusters.items():
            path = Path(folder, str(count))
            path.write_text(json.dumps(result(module(cluster_id, names=["c-*"]), world.environ)), encoding="utf-8")
            tasks += [
                {**ours(cluster_id, names=["c-*"]), "name": f"ours {count}"},
                {"name": f"least {count}", "only_result": {"path": str(path), "token": world.token}},
            ]
        times = medians(play(tasks * (runs + 1), world.environ)[len(tasks) :])
    many_more, few = times["ours 1000"], times["ours 10"]
    what = "{} connectors, all paused already"
    yield Row(what.format(1000), seconds(many_more), "10 of them", seconds(few), ratio(many_more, few), "1.5")
    for count in clusters:
        mine, least = times[f"ours {count}"], times[f"least {count}"]
        yield Row(what.format(count), seconds(mine), "only returns the result", seconds(least), ratio(mine, least))


def memory(world: World, runs: int) -> Iterator[Row]:
    """What a thousand connectors take in memory."""
    for what, status in (("all paused already", "PAUSED"), ("to pause, 0.2 s each", "RUNNING")):
        peaks = [
            process(module(world.cluster(1000, status), names=["c-*"]), world.environ).memory for _run in range(runs)
        ]
        # 80 MB
        yield Row(f"1000 connectors, {what}: peak memory", f"{statistics.median(peaks):.0f} MiB", goal="76 MiB")


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
        allowed = max(0.5, duration / 10)
        delays, polls = [], []
        for step in range(50):
            # the end falls anywhere between two polls
            end = duration + allowed * step / 50
            clock = _Clock()
            client = mock.Mock(deadline=Deadline(3600, clock))

            def read(*_args: Any, clock: _Clock = clock, end: float = end, **_options: Any) -> Answer:
                clock.now += 0.05
                return Answer({"id": "op", **({"done": True} if clock.now >= end else {})}, {})

            client.get.side_effect = read
            wait(client, {"id": "op", "description": "running"}, shortest=EAGER_PACE)
            delays.append(clock.now - end)
            polls.append(client.get.call_count)
        yield Row(
            f"an operation of {duration:g} to {duration + allowed:g} s: noticed after, at most; polls",
            f"{max(delays):.2f} s; {statistics.median(polls):.0f}",
            goal=f"{allowed:g} s",
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
        many(world, runs, 1),
        many(world, runs, 10),
        many(world, long_runs, 10, exclusive=True),
        many(world, long_runs, 100),
        many(world, long_runs, 1000),
        side_by_side(world, runs),
        all_paused(world, runs),
        memory(world, long_runs),
        waiting(),
    ):
        yield from part
        print(f"{time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)
