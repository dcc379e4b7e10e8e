# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The role connector_maintenance resumes what it has paused, that alone, and whatever else goes wrong."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from runner import COLLECTION, Result, play

from sandbox import Sandbox
from sandbox.calls import Call

ROLE = f"{COLLECTION}.connector_maintenance"
STAT = "connector_maintenance_paused"
NOTHING: list[Any] = []
OK = {"name": "Work", "ansible.builtin.debug": {"msg": "At work"}}
FAILS = {"name": "Work", "ansible.builtin.fail": {"msg": "disk full"}}


@dataclass
class Ended:
    """A play with the role, and what there was to see of it."""

    play: Result

    @property
    def stat(self) -> Any:
        """What the run leaves behind for later ones; None: nothing."""
        found = re.search(r"RUN: (\{.*?\})\s*$", self.play.output, re.MULTILINE | re.DOTALL)
        return json.loads(found[1])[STAT] if found else None

    @property
    def failure(self) -> str:
        """The last thing that a task failed with, on one line."""
        return " ".join([task for task in self.play.tasks if task.failed][-1].msg.split())

    @property
    def summary(self) -> list[str]:
        shown = self.play[f"{ROLE} : Show the summary"]["msg"]
        return [re.sub(r"mqq\w+", "ID", re.sub(r"  +", " ", line)) for line in shown]

    def worked(self) -> bool:
        """Whether the work was begun."""
        return any(task.name.endswith(" : Work") and task.status != "skipped" for task in self.play.tasks)


class Place:
    """A cluster: `a` and `b` run, `c` was paused by somebody."""

    def __init__(self, sandbox: Sandbox, tmp_path: Path) -> None:
        self.sandbox = sandbox
        self.folder = tmp_path
        self.cluster_id = sandbox.cloud.add_cluster()
        for name, status in {"a": "RUNNING", "b": "RUNNING", "c": "PAUSED"}.items():
            sandbox.cloud.add_connector(self.cluster_id, name, status=status)

    def task(self, work: Sequence[Any] | str | None = (OK,), **options: Any) -> dict[str, Any]:
        """Return the task that includes the role, the work in a tasks file."""
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
        earlier: Any = None,
        env: dict[str, str] | None = None,
        keywords: dict[str, Any] | None = None,
        **options: Any,
    ) -> Ended:
        """Run the role.

        :param earlier: what an earlier run has left, given as AWX gives it
        """
        return self.run(
            [self.task(work, **options)],
            check=check,
            extra_vars={} if earlier is None else {STAT: earlier},
            env=env,
            **(keywords or {}),
        )

    def run(self, tasks: list[dict[str, Any]], env: dict[str, str] | None = None, **keywords: Any) -> Ended:
        shown = {"ANSIBLE_SHOW_CUSTOM_STATS": "true", "ANSIBLE_INVENTORY_UNPARSED_WARNING": "false", **(env or {})}
        return Ended(play(tasks, self.sandbox, env=shown, **keywords))

    def statuses(self) -> dict[str, str]:
        found = {name: self.sandbox.cloud.connector(self.cluster_id, name) for name in "abc"}
        return {name: type(one).Status.Name(one.status) for name, one in found.items() if one}

    def sent(self) -> list[str]:
        """Return the changes that were accepted, in order."""
        changes = [call for call in self.sandbox.requests if call.name in ("Pause", "Resume") and call.code == "OK"]
        return [f"{call.name} {call.message['connector_name']}" for call in changes]

    def before_the_second_list(self, happens: Any) -> None:
        """Let something happen after the role has looked, and before its pause does."""
        lists: list[Call] = []

        def hook(call: Call) -> None:
            lists.append(call)
            if len(lists) == 2:
                happens()

        self.sandbox.on_request("Connector.List", hook)


@pytest.fixture
def place(sandbox: Sandbox, tmp_path: Path) -> Place:
    sandbox.behaviour.operation_seconds = 0
    return Place(sandbox, tmp_path)


BEFORE = {"a": "RUNNING", "b": "RUNNING", "c": "PAUSED"}


@pytest.mark.every_core
class TestSuccess:
    def test_pauses_what_runs_and_resumes_that_alone(self, place: Place) -> None:
        place.sandbox.behaviour.operation_seconds = 0.1
        look = {"name": "Work", f"{COLLECTION}.kafka_connector_info": {"cluster_id": place.cluster_id}}
        ended = place.maintain([look])
        assert ended.play.returncode == 0, ended.play.output
        (work,) = [task for task in ended.play.tasks if task.name.endswith(" : Work")]
        assert [connector["status"] for connector in work["connectors"]] == ["PAUSED"] * 3
        assert place.statuses() == BEFORE
        assert sorted(place.sent()) == ["Pause a", "Pause b", "Resume a", "Resume b"]
        assert ended.stat == {place.cluster_id: []}
        assert ended.summary == [
            "connector before after operation seconds",
            "a RUNNING PAUSED pause ID 0.1",
            "b RUNNING PAUSED pause ID 0.1",
            "c PAUSED PAUSED - -",
            "a PAUSED RUNNING resume ID 0.1",
            "b PAUSED RUNNING resume ID 0.1",
            "Resumed: a, b.",
        ]

    def test_roles_as_the_work_with_their_handlers(self, place: Place) -> None:
        role = place.folder / "roles" / "move"
        for part, content in {
            "tasks": [{"name": "Work", "ansible.builtin.command": "true", "notify": "Tell"}],
            "handlers": [{"name": "Tell", f"{COLLECTION}.kafka_connector_info": {"cluster_id": place.cluster_id}}],
        }.items():
            (role / part).mkdir(parents=True)
            (role / part / "main.yml").write_text(json.dumps(content))
        ended = place.maintain(None, roles="move", names="a", env={"ANSIBLE_ROLES_PATH": str(role.parent)})
        assert ended.play.returncode == 0, ended.play.output
        (told,) = [task for task in ended.play.tasks if task.name == "move : Tell"]
        assert told["connectors"][0]["status"] == "PAUSED"
        assert place.sent() == ["Pause a", "Resume a"]

    def test_check_mode(self, place: Place) -> None:
        ended = place.maintain(check=True)
        assert ended.play.returncode == 0, ended.play.output
        assert ended.worked()
        assert place.sent() == NOTHING
        assert ended.stat is None
        assert ended.summary[1:] == [
            "a RUNNING PAUSED - -",
            "b RUNNING PAUSED - -",
            "c PAUSED PAUSED - -",
            'Check mode: nothing was sent; "after" is what would be.',
            "Would pause: a, b.",
            "Would resume at the end: a, b.",
        ]

    def test_without_resuming(self, place: Place) -> None:
        ended = place.maintain(None, resume=False)
        assert ended.play.returncode == 0, ended.play.output
        assert set(place.statuses().values()) == {"PAUSED"}
        assert ended.stat == {place.cluster_id: ["a", "b"]}
        assert ended.summary[-1].endswith(f".resume -e cluster_id={place.cluster_id} -e names=a,b")
        place.sandbox.forget()
        # the job template of a later node of the workflow gives nothing but the cluster
        later = place.run(
            [{"ansible.builtin.import_role": {"name": ROLE}}],
            extra_vars={"connector_maintenance_cluster_id": place.cluster_id, STAT: ended.stat},
        )
        assert later.play.returncode == 0, later.play.output
        assert sorted(place.sent()) == ["Resume a", "Resume b"]
        assert place.statuses() == BEFORE
        assert later.stat == {place.cluster_id: []}

    def test_two_clusters_one_after_the_other(self, place: Place) -> None:
        other = Place(place.sandbox, place.folder)
        ended = place.run([place.task(None, resume=False, names="a"), other.task(names="c")])
        assert ended.play.returncode == 0, ended.play.output
        assert ended.stat == {place.cluster_id: ["a"], other.cluster_id: []}


@pytest.mark.every_core
class TestWorkFails:
    def test_resumes_and_fails(self, place: Place) -> None:
        ended = place.maintain([FAILS])
        assert ended.play.returncode == 2
        assert place.statuses() == BEFORE
        assert ended.failure == 'Failed in the task "Work": disk full. Resumed: a, b.'
        assert ended.stat == {place.cluster_id: []}

    def test_a_handler_fails_without_showing_what_is_secret(self, place: Place) -> None:
        handler = {"name": "Tell", "ansible.builtin.shell": "echo open-sesame; false", "no_log": True}
        work = {"name": "Work", "ansible.builtin.command": "true", "notify": "Tell"}
        ended = place.maintain([work], keywords={"handlers": [handler]}, names="a")
        assert ended.play.returncode == 2
        assert place.sent() == ["Pause a", "Resume a"]
        assert "open-sesame" not in ended.play.output
        assert ended.failure == 'Failed in the task "Tell": its result is not shown (no_log). Resumed: a.'

    def test_deletes_a_connector_and_then_lacks_a_role(self, place: Place) -> None:
        gone = {f"{COLLECTION}.kafka_connector": {"cluster_id": place.cluster_id, "name": "a", "state": "absent"}}
        ended = place.maintain([gone, {"ansible.builtin.include_role": {"name": "nobody.knows.it"}}])
        assert ended.play.returncode == 2
        assert place.statuses() == {"b": "RUNNING", "c": "PAUSED"}
        assert ended.failure == "Failed, see above. Does not exist any more: a. Resumed: b."
        assert ended.stat == {place.cluster_id: []}

    def test_stays_paused_when_it_is_not_to_be_resumed(self, place: Place) -> None:
        ended = place.maintain([FAILS], names="a", resume=False)
        assert ended.play.returncode == 2
        assert place.sent() == ["Pause a"]
        assert ended.stat == {place.cluster_id: ["a"]}
        assert 'Failed in the task "Work": disk full. Still paused: a. To resume: ' in ended.failure


class TestPauseFails:
    def test_half_way(self, place: Place) -> None:
        place.sandbox.faults.fail_operation("pause", "INTERNAL", "broker lost", connector="b")
        ended = place.maintain(resume=False)
        assert ended.play.returncode == 2
        assert not ended.worked()
        assert place.statuses() == BEFORE
        assert place.sent().count("Resume a") == 1
        assert place.sent().count("Resume b") == 0
        assert "broker lost" in ended.failure
        assert ended.failure.endswith("Resumed: a, b.")
        assert ended.stat == {place.cluster_id: []}

    def test_goes_on_at_the_server(self, place: Place) -> None:
        place.sandbox.behaviour.operation_seconds = lambda kind, name: 4.0 if kind == "pause" else 0
        ended = place.maintain(names="a", wait_timeout=1, resume_timeout=20)
        assert ended.play.returncode == 2
        assert not ended.worked()
        assert place.sent() == ["Pause a", "Resume a"]
        assert place.statuses() == BEFORE

    def test_and_nobody_knows_whether_it_was_begun(self, place: Place) -> None:
        place.sandbox.faults.abort("Pause", "UNAVAILABLE", after=True)
        once = {f"group/{COLLECTION}.all": {"request_retries": 0}}
        ended = place.maintain(names="a", keywords={"module_defaults": once})
        assert ended.play.returncode == 2
        assert place.statuses() == BEFORE

    def test_before_anything_is_sent(self, place: Place) -> None:
        place.before_the_second_list(lambda: place.sandbox.cloud.remove_connector(place.cluster_id, "b"))
        ended = place.maintain()
        assert ended.play.returncode == 2
        assert place.sent() == NOTHING
        assert ended.stat == {place.cluster_id: []}


def test_what_somebody_else_pauses_meanwhile_stays_paused(place: Place) -> None:
    place.before_the_second_list(lambda: place.sandbox.cloud.set_status(place.cluster_id, "b", "PAUSED"))
    place.sandbox.faults.fail_operation("resume", connector="a")
    ended = place.maintain(resume_retries=1, resume_delay=0)
    assert ended.play.returncode == 0, ended.play.output
    assert place.sent() == ["Pause a", "Resume a", "Resume a"]
    assert place.statuses() == {"a": "RUNNING", "b": "PAUSED", "c": "PAUSED"}


class TestResumeFails:
    def test_tells_both_failures_and_a_later_run_resumes_the_rest(self, place: Place) -> None:
        place.sandbox.faults.fail_operation("resume", "INTERNAL", "broker lost", connector="b")
        ended = place.maintain([FAILS])
        assert ended.play.returncode == 2
        assert place.statuses() == {"a": "RUNNING", "b": "PAUSED", "c": "PAUSED"}
        assert ended.failure.startswith('Failed in the task "Work": disk full. Could not resume connectors of cluster ')
        assert "broker lost" in ended.failure
        command = f"ansible-playbook {COLLECTION}.resume -e cluster_id={place.cluster_id} -e names=b"
        assert ended.failure.endswith(f"Resumed: a. Still paused: b. To resume: {command}")
        assert ended.stat == {place.cluster_id: ["b"]}

        place.sandbox.forget()
        again = place.maintain(earlier=ended.stat)
        assert again.play.returncode == 0, again.play.output
        assert sorted(place.sent()) == ["Pause a", "Resume a", "Resume b"]
        assert place.statuses() == BEFORE
        assert again.stat == {place.cluster_id: []}


class TestRunIsCutShort:
    def test_a_repeated_run_resumes_what_was_left(self, place: Place) -> None:
        ssh = place.folder / "ssh"
        ssh.write_text("#!/bin/sh\nexit 255\n")
        ssh.chmod(0o755)
        over_ssh = {"ansible_connection": "ssh", "ansible_ssh_executable": str(ssh)}
        ended = place.maintain([{"ansible.builtin.ping": {}, "delegate_to": "127.0.0.1", "vars": over_ssh}])
        assert ended.play.returncode == 4
        assert set(place.statuses().values()) == {"PAUSED"}
        assert ended.stat == {place.cluster_id: ["a", "b"]}
        again = place.maintain(earlier=ended.stat, names="a")
        assert again.play.returncode == 0, again.play.output
        assert place.statuses() == BEFORE

    def test_only_what_was_left_in_this_cluster_is_resumed(self, place: Place) -> None:
        place.sandbox.cloud.set_status(place.cluster_id, "a", "PAUSED")
        ended = place.maintain(None, earlier={"c9qother": ["c"], place.cluster_id: ["a", "gone"]}, names=[])
        assert ended.play.returncode == 0, ended.play.output
        assert place.sent() == ["Resume a"]

    def test_nothing_was_left(self, place: Place) -> None:
        ended = place.maintain(None, earlier={place.cluster_id: []}, names=[])
        assert ended.play.returncode == 0, ended.play.output
        assert ended.summary[-1] == "Nothing was to be paused or resumed."
        assert not place.sandbox.requests

    def test_a_run_that_refuses_names_what_is_still_paused(self, place: Place) -> None:
        place.sandbox.cloud.set_status(place.cluster_id, "a", "ERROR")
        ended = place.maintain(earlier="c, gone")
        assert ended.play.returncode == 2
        assert place.sent() == NOTHING
        assert ended.failure.startswith("The status is ERROR of a; with on_error: skip, such connectors are left as")
        assert "Nothing was changed. Still paused by an earlier run: c. To resume: ansible-playbook " in ended.failure


class TestRefusesToBegin:
    def test_because_of_what_is_given(self, place: Place) -> None:
        wrong: dict[str, dict[str, Any]] = {
            "The cluster has no connector nobody. Nothing was changed.": {"names": ["a", "nobody"]},
            "No connector of the cluster matches x*, y*. Nothing was changed.": {"names": "x*,y*"},
            "Missing or contradictory: names.": {"names": []},
            "Missing or contradictory: a tasks file or roles, or else resume: false.": {"tasks_file": ""},
            "Missing or contradictory: cluster_id, or cluster_name with folder_id.": {"cluster_id": ""},
            "Missing or contradictory: there is no tasks file nowhere.yml.": {"tasks_file": "nowhere.yml"},
            "value of connector_maintenance_on_error must be one of: fail, skip, got: ignore": {"on_error": "ignore"},
        }
        ended = place.run(
            [
                {"block": [place.task(**options)], "rescue": [{"ansible.builtin.debug": {"msg": "refused"}}]}
                for options in wrong.values()
            ]
        )
        assert ended.play.returncode == 0, ended.play.output
        failures = [" ".join(task.msg.split()) for task in ended.play.tasks if task.failed]
        assert [reason in failure for reason, failure in zip(wrong, failures, strict=True)] == [True] * len(wrong)
        assert not ended.worked()
        assert place.sent() == NOTHING

    @pytest.mark.parametrize(
        ("options", "reason"),
        [
            ({"work": "- name: Work\n  ansible.builtin.nosuch:\n"}, "couldn't resolve module/action"),
            ({"work": "- name: [\n"}, "ERROR"),
            ({"work": None, "roles": ["nobody.knows.it"]}, "nobody.knows.it"),
        ],
    )
    def test_because_the_work_cannot_be_loaded(self, place: Place, options: dict[str, Any], reason: str) -> None:
        ended = place.maintain(**options)
        assert ended.play.returncode != 0
        assert reason in ended.play.output
        assert place.sent() == NOTHING

    def test_because_a_status_is_unknown(self, place: Place) -> None:
        place.sandbox.cloud.set_status(place.cluster_id, "b", 0)
        place.sandbox.cloud.set_status(place.cluster_id, "c", 99)
        ended = place.maintain(on_error="skip")
        assert ended.play.returncode == 2
        assert ended.failure == "The status is unknown of b, c. Nothing was changed."
        assert place.sent() == NOTHING

    def test_on_several_hosts(self, place: Place) -> None:
        hosts = place.folder / "hosts"
        hosts.write_text("one\ntwo\n")
        ended = place.maintain(env={"ANSIBLE_INVENTORY": str(hosts)}, keywords={"hosts": "all"})
        assert ended.play.returncode == 2
        assert "Run this on one host, such as localhost, and delegate the work to others." in ended.play.output
        assert place.sent() == NOTHING

    def test_within_another_maintenance(self, place: Place) -> None:
        inner = {"ansible.builtin.include_role": {"name": ROLE}, "vars": {"connector_maintenance_names": "b"}}
        ended = place.maintain([inner], names="a")
        assert ended.play.returncode == 2
        assert "A maintenance within a maintenance" in ended.failure
        assert place.sent() == ["Pause a", "Resume a"]
