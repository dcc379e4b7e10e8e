# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The role connector_maintenance resumes exactly what it paused, whatever fails. Its decisions are unit tests."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from support.runner import COLLECTION, Result, play

from sandbox import Sandbox

ROLE = f"{COLLECTION}.connector_maintenance"
NOTHING: list[Any] = []
OK = {"name": "Work", "ansible.builtin.debug": {"msg": "At work"}}
FAILS = {"name": "Work", "ansible.builtin.fail": {"msg": "disk full"}}
COMMAND = f"ansible-playbook {COLLECTION}.resume -e cluster_id="


@dataclass
class Ended:
    """A play with the role, and what it showed."""

    play: Result

    @property
    def artifacts(self) -> dict[str, Any]:
        """Return what the run leaves for later ones."""
        found = re.search(r"RUN: (\{.*?\})\s*$", self.play.output, re.MULTILINE | re.DOTALL)
        return json.loads(found[1]) if found else {}

    @property
    def paused(self) -> Any:
        return self.artifacts.get("connector_maintenance_paused")

    @property
    def text(self) -> str:
        """Return the last line of the role."""
        return self.play[f"{ROLE} : Show the result"].msg

    def worked(self) -> bool:
        """Return whether the work started."""
        return any(task.name.endswith(" : Work") for task in self.play.tasks)


class Place:
    """A cluster in which `a` and `b` run, and another user paused `c`."""

    def __init__(self, sandbox: Sandbox, tmp_path: Path) -> None:
        self.sandbox = sandbox
        self.folder = tmp_path
        self.cluster_id = sandbox.cloud.add_cluster()
        for name, status in BEFORE.items():
            sandbox.cloud.add_connector(self.cluster_id, name, status=status)

    def task(self, work: Sequence[Any] | str | None = (OK,), **options: Any) -> dict[str, Any]:
        """Return the task that includes the role. The work is in a tasks file."""
        given = {"cluster_id": self.cluster_id, "names": ["*"], "resume_retries": 0}
        if work is not None:
            given["tasks_file"] = str(self.folder / "work.yml")
            (self.folder / "work.yml").write_text(work if isinstance(work, str) else json.dumps(list(work)))
        return {
            "name": "Maintain",
            "ansible.builtin.include_role": {"name": ROLE},
            "vars": {f"connector_maintenance_{name}": value for name, value in {**given, **options}.items()},
        }

    def maintain(
        self,
        work: Sequence[Any] | str | None = (OK,),
        *,
        check: bool = False,
        keywords: dict[str, Any] | None = None,
        **options: Any,
    ) -> Ended:
        """Run the role."""
        return self.run([self.task(work, **options)], check=check, **(keywords or {}))

    def run(self, tasks: list[dict[str, Any]], **keywords: Any) -> Ended:
        return Ended(play(tasks, self.sandbox, **keywords))

    def statuses(self) -> dict[str, str]:
        found = {name: self.sandbox.cloud.connector(self.cluster_id, name) for name in BEFORE}
        return {name: type(one).Status.Name(one.status) for name, one in found.items() if one}

    def sent(self) -> list[str]:
        """Return the changes that the service accepted, in order."""
        changes = [call for call in self.sandbox.requests if call.name in ("Pause", "Resume") and call.code == "OK"]
        return [f"{call.name} {call.message['connector_name']}" for call in changes]


BEFORE = {"a": "RUNNING", "b": "RUNNING", "c": "PAUSED"}


@pytest.fixture
def place(sandbox: Sandbox, tmp_path: Path) -> Place:
    sandbox.behaviour.operation_seconds = 0
    return Place(sandbox, tmp_path)


class TestSuccess:
    @pytest.mark.every_core
    def test_roles_as_work_run_with_their_handlers_while_connectors_are_paused(self, place: Place) -> None:
        look = {f"{COLLECTION}.kafka_connector_info": {"cluster_id": place.cluster_id}}
        role = place.folder / "roles" / "move"
        for part, content in {
            "tasks": [{"name": "Work", "ansible.builtin.command": "true", "notify": "Look"}],
            "handlers": [{"name": "Look", **look}],
        }.items():
            (role / part).mkdir(parents=True)
            (role / part / "main.yml").write_text(json.dumps(content))
        roles = {"ANSIBLE_ROLES_PATH": str(role.parent)}
        # The work sets variables that the role was given. That must not change what is resumed.
        spoil = {"name": "Work", "ansible.builtin.set_fact": {"later": False, "chosen": ["c"]}}
        chosen = {"resume": "{{ later | default(true) }}", "names": "{{ chosen | default('*') }}", "roles": "move"}
        ended = place.run([place.task([spoil], **chosen)], env=roles)
        assert ended.play.returncode == 0, ended.play.output
        (looked,) = [task for task in ended.play.tasks if task.name == "move : Look"]
        assert [connector["status"] for connector in looked["connectors"]] == ["PAUSED"] * 3
        assert sorted(place.sent()) == ["Pause a", "Pause b", "Resume a", "Resume b"]
        assert place.statuses() == BEFORE
        assert ended.text == "Maintenance succeeded. Resumed: a, b. Nothing is still paused."
        assert ended.artifacts == {
            "connector_maintenance_paused": {place.cluster_id: []},
            "connector_maintenance_counts": {place.cluster_id: {"paused": 2, "resumed": 2, "still_paused": 0}},
        }

    @pytest.mark.every_core
    def test_check_mode_sends_nothing(self, place: Place) -> None:
        ended = place.maintain(check=True)
        assert ended.play.returncode == 0, ended.play.output
        assert ended.worked()
        assert place.sent() == NOTHING
        assert ended.paused is None
        assert ended.text == "Check mode: this run would pause a, b and resume at the end a, b."

    def test_two_clusters_keep_apart(self, place: Place) -> None:
        other = Place(place.sandbox, place.folder)
        ended = place.run([place.task(None, resume=False, names="a"), other.task(names="c"), other.task(names="b")])
        assert ended.play.returncode == 0, ended.play.output
        assert place.sent() == ["Pause a", "Pause b", "Resume b"]
        assert ended.paused == {place.cluster_id: ["a"], other.cluster_id: []}


class TestWorkFails:
    @pytest.mark.every_core
    def test_connectors_are_resumed_and_the_error_points_to_the_work(self, place: Place) -> None:
        place.sandbox.faults.fail_operation("resume", connector="a")
        ended = place.maintain([FAILS], resume_retries=1, resume_delay=0)
        assert ended.play.returncode == 2
        assert sorted(place.sent()) == ["Pause a", "Pause b", "Resume a", "Resume a", "Resume b"]
        assert place.statuses() == BEFORE
        assert ended.text == ("Maintenance failed: the work failed, see above. Resumed: a, b. Nothing is still paused.")
        # Nothing repeats the cause, and no later error hides it.
        (failed,) = [task for task in ended.play.tasks if task.failed and "attempts" not in task.result]
        assert failed.msg == "disk full"
        assert ended.play.output.count('"msg": "disk full"') == 1
        errors = re.findall(r"\[ERROR\]: (.*)\nOrigin: (.*?):", ended.play.output)
        assert errors in ([], [("Task failed: Action failed: disk full", str(place.folder / "work.yml"))])

    def test_inner_maintenance_handlers_and_a_deleted_connector(self, place: Place) -> None:
        gone = {f"{COLLECTION}.kafka_connector": {"cluster_id": place.cluster_id, "name": "a", "state": "absent"}}
        inner = {"ansible.builtin.include_role": {"name": ROLE}, "vars": {"connector_maintenance_names": "c"}}
        handler = {"name": "Tell", "ansible.builtin.shell": "echo open-sesame; false", "no_log": True}
        notify = {"name": "Work", "ansible.builtin.command": "true", "notify": "Tell"}
        refused = {"block": [inner], "rescue": [notify]}
        ended = place.maintain([gone, refused], keywords={"handlers": [handler]})
        assert ended.play.returncode == 2
        refusal = ended.play[f"{ROLE} : Refuse maintenance within maintenance"]
        assert refusal.msg.startswith("Maintenance is already in progress in this play.")
        assert "open-sesame" not in ended.play.output
        assert place.statuses() == {"b": "RUNNING", "c": "PAUSED"}
        assert ended.text.endswith(" Resumed: b. No longer existing: a. Nothing is still paused.")
        assert ended.paused == {place.cluster_id: []}


class TestPauseFails:
    @pytest.mark.every_core
    def test_half_way_is_undone_even_if_it_was_to_stay(self, place: Place) -> None:
        place.sandbox.faults.fail_operation("pause", "INTERNAL", "broker lost", connector="b")
        ended = place.maintain(resume=False)
        assert ended.play.returncode == 2
        assert not ended.worked()
        assert place.statuses() == BEFORE
        assert place.sent().count("Resume a") == 1
        assert ended.text.startswith("Maintenance failed: the pause failed, see above. Resumed: a, b.")
        assert ended.paused == {place.cluster_id: []}

    def test_in_time_is_waited_for_and_undone(self, place: Place) -> None:
        place.sandbox.behaviour.operation_seconds = lambda kind, name: 3.0 if kind == "pause" else 0
        ended = place.maintain(names="a", wait_timeout=1, resume_timeout=20)
        assert ended.play.returncode == 2
        assert not ended.worked()
        assert place.sent() == ["Pause a", "Resume a"]
        assert place.statuses() == BEFORE

    def test_because_of_the_guard_changes_nothing(self, place: Place) -> None:
        ended = place.maintain(max_changes=1)
        assert ended.play.returncode == 2
        assert not ended.worked()
        assert place.sent() == NOTHING
        assert ended.paused == {place.cluster_id: []}


class TestLaterRun:
    def test_resumes_what_could_not_be_resumed(self, place: Place) -> None:
        place.sandbox.faults.fail_operation("resume", "INTERNAL", "broker lost", connector="b")
        ended = place.maintain([FAILS])
        assert ended.play.returncode == 2
        assert place.statuses() == {"a": "RUNNING", "b": "PAUSED", "c": "PAUSED"}
        assert ended.text == (
            "Maintenance failed: the work failed and the resume failed, see above. Resumed: a. Still paused: b. "
            f"Resume: {COMMAND}{place.cluster_id} -e connectors=b"
        )
        assert ended.paused == {place.cluster_id: ["b"]}

        place.sandbox.forget()
        again = place.maintain(paused=ended.paused)
        assert again.play.returncode == 0, again.play.output
        assert sorted(place.sent()) == ["Pause a", "Resume a", "Resume b"]
        assert place.statuses() == BEFORE
        assert again.paused == {place.cluster_id: []}

    def test_resumes_what_an_interrupted_run_paused(self, place: Place) -> None:
        ssh = place.folder / "ssh"
        ssh.write_text("#!/bin/sh\nexit 255\n")
        ssh.chmod(0o755)
        over_ssh = {"ansible_connection": "ssh", "ansible_ssh_executable": str(ssh)}
        ended = place.maintain([{"ansible.builtin.ping": {}, "delegate_to": "127.0.0.1", "vars": over_ssh}])
        assert ended.play.returncode == 4
        assert set(place.statuses().values()) == {"PAUSED"}
        assert ended.paused == {place.cluster_id: ["a", "b"]}

        # Without names, it resumes these and nothing else. A connector that is gone does not block the others.
        place.sandbox.forget()
        earlier = {"c9qother": ["c"], place.cluster_id: ["a", "b", "gone"]}
        again = place.maintain(None, paused=json.dumps(earlier), names=[])
        assert again.play.returncode == 0, again.play.output
        assert sorted(place.sent()) == ["Resume a", "Resume b"]
        assert again.paused == {place.cluster_id: []}


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"work": "- name: Work\n  ansible.builtin.nosuch:\n"}, "couldn't resolve module/action"),
        ({"work": None, "roles": ["nobody.knows.it"]}, "nobody.knows.it"),
        ({"names": "a,x"}, "has no connector x. No change was made."),
    ],
    ids=["tasks file", "role", "name"],
)
def test_maintenance_that_cannot_start_pauses_nothing(place: Place, options: dict[str, Any], reason: str) -> None:
    ended = place.maintain(**options)
    assert ended.play.returncode != 0
    assert reason in ended.play.output
    assert place.sent() == NOTHING
