# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The measurements. Each function measures in turns everything that it compares."""

from __future__ import annotations

import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from benchmark.measure import Usage, play, process
from benchmark.polls import polls
from benchmark.row import Row
from benchmark.world import Tasks, World, command, pause

IN_PROCESS = "in process"
AS_MODULE = "as a module"
ONLY_ACTION = "action plugin without work"
ONLY_MODULE = "module without work"
ONLY_GET = "module with one GET"
RECIPE = "uri recipe, delay: {}"
NO_OP = "Task with nothing to do"
PAUSE = "Pause of 0.5 to 2 s, time beyond the operation"
TEN = "10 connectors to pause"
THOUSAND = "1,000 connectors, already paused"


def medians(times: Iterable[tuple[str, float]]) -> dict[str, float]:
    """Return the median of the values of each name."""
    by_name: dict[str, list[float]] = {}
    for name, value in times:
        by_name.setdefault(name, []).append(value)
    return {name: statistics.median(values) for name, values in by_name.items()}


def nothing_to_do(world: World, runs: int) -> Iterator[Row]:
    """Measure a task that finds its connector already paused."""
    cluster_id = world.cluster(1, "PAUSED")
    url = world.url(cluster_id, "c-0")
    tasks = [
        pause(IN_PROCESS, cluster_id, name="c-0"),
        pause(AS_MODULE, cluster_id, name="c-0", in_process=False),
        {"name": "ping", "ansible.builtin.ping": {}},
        world.uri("one uri GET", url),
        {"name": ONLY_GET, "only_get": {"url": url, "token": world.token, "ca_path": world.ca}},
        {"name": ONLY_ACTION, "only_action": {}},
    ]
    # Ansible builds a module once for each run. The first round is not measured.
    times = medians(play(tasks * (runs + 1), world.environ)[len(tasks) :])
    for way, other, goal in (
        (IN_PROCESS, "ping", 0.15),
        (IN_PROCESS, "one uri GET", None),
        (IN_PROCESS, ONLY_ACTION, None),
        (AS_MODULE, "ping", 1.6),
        (AS_MODULE, ONLY_GET, None),
    ):
        yield Row(NO_OP, way, times[way], other=other, other_value=times[other], goal=goal)


def one_pause(
    world: World, runs: int, subject: str, shortest: float, delay: int, goal: float | None = None, *, module: bool
) -> Iterator[Row]:
    """Measure a pause: the time that it takes beyond its operation.

    :param shortest: seconds of the shortest operation
    :param delay: seconds between two polls of the recipe
    :param module: also measure the module
    """
    # Evenly spread durations, so that no way profits from the time of its polls. One poll of the recipe takes 0.4 s.
    spread = delay + 0.4
    durations = [0.1, *(shortest + spread * (number + 0.5) / runs for number in range(runs))]
    count = 3 * len(durations)
    cluster_id = world.cluster(count, operation_seconds=lambda _kind, name: durations[int(name[2:]) // 3])
    recipe = RECIPE.format(delay)
    tasks: Tasks = []
    for number in range(len(durations)):
        one, two, three = (f"c-{3 * number + way}" for way in range(3))
        tasks += [pause(IN_PROCESS, cluster_id, name=one), *world.recipe(recipe, cluster_id, two, delay)]
        tasks += [{"name": ONLY_ACTION, "only_action": {}}]
        tasks += [pause(AS_MODULE, cluster_id, name=three, in_process=False)] * module
    measured = play(tasks, world.environ)
    size = len(tasks) // len(durations)
    beyond: list[tuple[str, float]] = []
    for number, duration in list(enumerate(durations))[1:]:
        total = {IN_PROCESS: -duration, recipe: -duration, AS_MODULE: -duration, ONLY_ACTION: 0.0}
        for name, taken in measured[number * size : (number + 1) * size]:
            total[name] += taken
        beyond += total.items()
    times = medians(beyond)
    for way, other in ((IN_PROCESS, recipe), (IN_PROCESS, ONLY_ACTION), *[(AS_MODULE, recipe)] * module):
        is_compared = way == IN_PROCESS and other == recipe
        yield Row(subject, way, times[way], other=other, other_value=times[other], goal=goal if is_compared else None)


def next_to_sdk(world: World, runs: int) -> Iterator[Row]:
    """Measure the module without Ansible, and a program that uses the vendor's SDK."""
    # The SDK polls every second.
    durations = [1 + (number + 0.5) / runs for number in range(runs)]
    cluster_id = world.cluster(2 * runs, operation_seconds=lambda _kind, name: durations[int(name[2:]) // 2])
    environ = {**world.environ, "SDK_ENDPOINT": world.sandbox.address, "SDK_CA": world.ca}
    sdk = [sys.executable, str(Path(__file__).with_name("sdk_pause.py")), cluster_id]
    ours: list[Usage] = []
    theirs: list[Usage] = []
    for number in range(runs):
        ours.append(process(command(cluster_id, name=f"c-{2 * number}"), environ)[0])
        theirs.append(process([*sdk, f"c-{2 * number + 1}"], environ)[0])
    for what, unit, goal in (("time", "s", None), ("cpu", "s", 1), ("memory", "MiB", 1)):
        one, other = (statistics.median(getattr(usage, what) for usage in usages) for usages in (ours, theirs))
        yield Row("Pause of 1 to 2 s as a process", what, one, unit, "Python SDK", other, goal)


def ten(world: World, runs: int) -> Iterator[Row]:
    """Measure ten pauses of 0.2 s: in one task, in a loop of tasks, and with the recipe in a loop."""
    names = [f"c-{number}" for number in range(10)]
    recipe = f"{RECIPE.format(1)}, in a loop"
    include = {"name": "include", "ansible.builtin.include_tasks": "recipe.yml", "loop": names}
    together, exclusive, loop = "one task", "one task, one operation at a time", "loop of tasks"
    ways: dict[str, Callable[[str], Tasks]] = {
        together: lambda cluster_id: [pause(together, cluster_id, names=["c-*"])],
        exclusive: lambda cluster_id: [pause(exclusive, cluster_id, names=["c-*"])],
        loop: lambda cluster_id: [{**pause(loop, cluster_id, name="{{ item }}"), "loop": names}],
        recipe: lambda cluster_id: [{**include, "vars": {"cluster": cluster_id}}],
    }
    files = {"recipe.yml": world.recipe(recipe, "{{ cluster }}", "{{ item }}", 1)}
    seconds: list[tuple[str, float]] = []
    requests: list[tuple[str, float]] = []
    for _run in range(runs):
        for way, tasks in ways.items():
            cluster_id = world.cluster(10, exclusive=way == exclusive)
            measured = play(tasks(cluster_id), world.environ, files)
            seconds.append((way, sum(taken for _name, taken in measured)))
            requests.append((way, len(world.sandbox.requests)))
    for measure, values in (("s", medians(seconds)), ("requests", medians(requests))):
        for way in (together, exclusive):
            for other in (loop, recipe):
                yield Row(TEN, way, values[way], measure, other, values[other])


def hundred(world: World, runs: int) -> Iterator[Row]:
    """Measure a hundred operations that may run at the same time."""
    clusters = (world.cluster(100, operation_seconds=1.0) for _run in range(runs))
    taken = [play([pause("", cluster_id, names=["c-*"])], world.environ)[0][1] for cluster_id in clusters]
    yield Row("100 connectors to pause, 1 s each", "one task", statistics.median(taken), goal=12)


def thousand(world: World, runs: int) -> Iterator[Row]:
    """Measure a thousand connectors with nothing to do, next to the minimum for such a result."""
    many = world.cluster(1000, "PAUSED")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "result.json")
        result = json.loads(process(command(many, names=["c-*"]), world.environ)[1])
        path.write_text(json.dumps({**result, "invocation": None}), encoding="utf-8")
        tasks = [
            pause(IN_PROCESS, many, names=["c-*"]),
            pause(AS_MODULE, many, names=["c-*"], in_process=False),
            {"name": ONLY_ACTION, "only_action": {"path": str(path)}},
            {"name": ONLY_MODULE, "only_module": {"path": str(path), "token": world.token}},
        ]
        times = medians(play(tasks * (runs + 1), world.environ)[len(tasks) :])
    for way, other in ((IN_PROCESS, ONLY_ACTION), (AS_MODULE, ONLY_MODULE)):
        yield Row(THOUSAND, way, times[way], other=other, other_value=times[other])


def memory(world: World, runs: int) -> Iterator[Row]:
    """Measure the module without Ansible with a thousand connectors."""
    for subject, status in ((THOUSAND, "PAUSED"), ("1,000 connectors to pause, 0.2 s each", "RUNNING")):
        clusters = (world.cluster(1000, status) for _run in range(runs))
        usages = [process(command(cluster_id, names=["c-*"]), world.environ)[0] for cluster_id in clusters]
        if status == "RUNNING":
            yield Row(subject, "as a process, time", statistics.median(usage.time for usage in usages))
        # 80 MB
        peak = statistics.median(usage.memory for usage in usages)
        yield Row(subject, "as a process, memory", peak, "MiB", goal=76)


def measure(world: World, runs: int) -> Iterator[Row]:
    """Yield all rows.

    :param runs: number of measurements of each value. What takes long is measured half as often
    """
    start = time.monotonic()
    half = max(1, runs // 2)
    for part in (
        nothing_to_do(world, 3 * runs),
        one_pause(world, 2 * runs, PAUSE, 0.5, 1, 0.25, module=True),
        one_pause(world, runs, "Pause of 3 to 4.4 s, time beyond the operation", 3, 1, 0.25, module=False),
        one_pause(world, half, "Pause of 10 to 11.4 s, time beyond the operation", 10, 1, module=False),
        one_pause(world, half, "Pause of 0.5 to 6 s, time beyond the operation", 0.5, 5, module=False),
        next_to_sdk(world, runs),
        ten(world, half),
        hundred(world, half),
        thousand(world, runs),
        memory(world, half),
        polls(),
    ):
        yield from part
        print(f"{time.monotonic() - start:.0f} s", file=sys.stderr, flush=True)
