# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Complete searches that take seconds, and mutants of the code that show that the judge finds what is broken."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from unittest import mock

import pytest

from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._run import converge
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._run.converge import Converger

from .searches import PAUSE, PAUSE_ALL, RESTART, RESUME, VARIANTS, search


@pytest.mark.parametrize(
    ("tasks", "faults", "runs"),
    [
        pytest.param([PAUSE, PAUSE], 0, 1000, id="two pauses"),
        pytest.param([PAUSE, RESUME], 0, 300, id="a pause and a resume"),
        pytest.param([PAUSE], 1, 200, id="a pause with a fault"),
        pytest.param([RESTART], 1, 1000, id="a restart with a fault"),
    ],
)
def test_complete_search_finds_no_broken_promise(tasks: Sequence[dict[str, Any]], faults: int, runs: int) -> None:
    found = search(tasks, faults=faults)
    assert not found.broken, found.examples
    assert found.runs > runs


def test_random_search_of_several_connectors_finds_no_broken_promise() -> None:
    found = search([PAUSE_ALL, PAUSE_ALL], names=("a", "b", "c"), faults=2, runs=100)
    assert not found.broken, found.examples


@contextmanager
def _without_verification() -> Iterator[None]:
    with mock.patch.object(converge, "is_settled", return_value=True):
        yield


@contextmanager
def _without_reading_after_a_wait() -> Iterator[None]:
    with mock.patch.object(Converger, "_is_outdated", return_value=False):
        yield


@contextmanager
def _without_reading_after_a_conflict() -> Iterator[None]:
    wait = Converger._wait_for_blocker
    read = Converger._read
    waited = set()

    def wait_and_note(self: Converger, *arguments: Any) -> None:
        wait(self, *arguments)
        waited.add(self)

    def pretend(self: Converger, progress: Any) -> None:
        if self in waited:
            waited.remove(self)
            progress.read_at = self._deadline.now()
        else:
            read(self, progress)

    with (
        mock.patch.object(Converger, "_wait_for_blocker", wait_and_note),
        mock.patch.object(Converger, "_read", pretend),
    ):
        yield


@contextmanager
def _with_a_new_key_for_each_attempt() -> Iterator[None]:
    change = converge.Client.change

    def changed(self: Any, *arguments: Any, key: str, **options: Any) -> Any:
        try:
            return change(self.within(self.deadline), *arguments, key=key, **options)
        except Exception:
            return change(self, *arguments, key=f"{key} again", **options)

    with mock.patch.object(converge.Client, "change", changed):
        yield


@contextmanager
def _trusting_the_response_after_a_loss() -> Iterator[None]:
    replace = converge.Accepted._replace
    init = converge.Change.__new__

    def trusting(cls: Any, goal: str, step: Any, accepted: Any, at: float) -> Any:
        return init(cls, goal, step, replace(accepted, after_loss=False), at)

    with mock.patch.object(converge.Change, "__new__", trusting):
        yield


@pytest.mark.parametrize(
    ("mutant", "tasks", "faults", "runs"),
    [
        pytest.param(_without_verification, [PAUSE], 1, None, id="no verification"),
        pytest.param(_without_reading_after_a_wait, [PAUSE_ALL, PAUSE_ALL], 0, 200, id="no read after a wait"),
        pytest.param(_without_reading_after_a_conflict, [PAUSE, PAUSE], 0, None, id="no read after a conflict"),
        pytest.param(_with_a_new_key_for_each_attempt, [PAUSE], 7, 500, id="new keys"),
        pytest.param(_trusting_the_response_after_a_loss, [PAUSE, RESUME], 1, 2000, id="old response trusted"),
    ],
)
def test_judge_finds_the_mutant(mutant: Any, tasks: Sequence[dict[str, Any]], faults: int, runs: int | None) -> None:
    with mutant():
        found = search(tasks, VARIANTS, faults=faults, names=("mirror", "other"), runs=runs, stop_at=1)
    assert found.broken
