# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Launches the templates of the AWX kit as AWX does: by ansible-runner, with a credential that AWX's own code injects.

There is no container: the paths of the image are replaced by paths on this machine.
"""

from __future__ import annotations

import base64
import json
import os
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import ansible_runner
import awx_kit
import yaml  # type: ignore[import-untyped]
from awx_kit import KIT, PREFIX, WORK
from awx_plugins.interfaces._temporary_private_api import ManagedCredentialType
from awx_plugins.interfaces._temporary_private_container_api import CONTAINER_ROOT
from awx_plugins.interfaces._temporary_private_credential_api import Credential
from awx_plugins.interfaces._temporary_private_inject_api import inject_credential
from support import warm
from support.runner import KEPT, SECONDS, collections_path, program

from sandbox import Sandbox

# The settings that ansible-runner makes.
SETTINGS = {
    "ANSIBLE_CACHE_PLUGIN": "jsonfile",
    "ANSIBLE_CALLBACK_PLUGINS": str(Path(ansible_runner.__file__).parent / "display_callback/callback"),
    "ANSIBLE_COLLECTIONS_PATH": collections_path(),
    "ANSIBLE_HOST_KEY_CHECKING": "False",
    "ANSIBLE_RETRY_FILES_ENABLED": "False",
    "ANSIBLE_STDOUT_CALLBACK": "awx_display",
}
NO_HOSTS: dict[str, Any] = {"_meta": {"hostvars": {}}}
BLANK = ""
"""What AWX writes for an answer that is left blank. ansible-core 2.19 and later read it as null."""


class _Answers(yaml.SafeDumper):  # type: ignore[misc]
    """Marks each text as AWX marks the answers to a survey."""


_Answers.add_representer(str, lambda dumper, text: dumper.represent_scalar("!unsafe", text))


def write_extra_vars(variables: Mapping[str, Any], constants: Mapping[str, Any]) -> str:
    """Return the file with the extra variables, as AWX writes it: one document for each variable, no separators.

    :param constants: what the template itself sets; AWX trusts it
    """
    trusted = {name for name, value in variables.items() if constants.get(name, BLANK) == value and name in constants}
    dumpers = {name: yaml.SafeDumper if name in trusted else _Answers for name in variables}
    return "".join(yaml.dump({name: value}, Dumper=dumpers[name]) for name, value in variables.items())


@dataclass
class Job:
    """A job that has ended."""

    status: str
    events: list[dict[str, Any]]
    artifacts: dict[str, Any]
    """What AWX hands to the later nodes of a workflow, as extra variables."""

    safe_env: dict[str, str]
    """The environment as AWX shows it."""

    output: str
    written: str
    """Everything that was written, and that AWX keeps."""

    @property
    def messages(self) -> str:
        """What the tasks reported, in lines."""
        results = [
            event["event_data"].get("res", {}) for event in self.events if event["event"].startswith("runner_on_")
        ]
        return "\n".join(str(result.get("msg", "")) for result in results)


@dataclass
class WorkflowJob:
    """A workflow that has ended."""

    jobs: dict[str, Job] = field(default_factory=dict)
    """The jobs by node, in the order in which they ran."""

    status: str = "successful"


@dataclass
class Awx:
    """Launches the job templates of the kit, and its workflow, with one credential."""

    sandbox: Sandbox
    folder: Path
    inputs: dict[str, Any]
    secrets: list[str] = field(default_factory=list)
    inventory: dict[str, Any] = field(default_factory=lambda: NO_HOSTS)
    """The hosts of the job, in the form of ansible-inventory."""

    def launch(
        self,
        name: str,
        answers: Mapping[str, Any],
        *,
        check: bool = False,
        node: Mapping[str, Any] | None = None,
        artifacts: Mapping[str, Any] | None = None,
        workflow: Mapping[str, Any] | None = None,
    ) -> Job:
        """Launch a job template. Questions that are not answered are left blank.

        :param node: the variables of a workflow's node
        :param workflow: the answers to the survey of the workflow; AWX gives them to each node, over all others
        """
        kit = awx_kit.load()
        (template,) = [template for template in kit.templates if template["name"] == name]
        questions = [kit.questions[question] for question in template.get("questions", [])]
        assert answers.keys() <= {question["variable"] for question in questions}, "AWX ignores such an answer"
        constants = template.get("extra_vars", {})
        survey = {question["variable"]: question["default"] for question in questions}
        variables = {**constants, **survey, **answers, **(node or {}), **(artifacts or {}), **(workflow or {})}
        if workflow is None:
            required = [question["variable"] for question in questions if question["required"]]
            assert BLANK not in [variables[variable] for variable in required], "AWX refuses this launch"
        return self.run(template["playbook"], write_extra_vars(variables, constants), check=check)

    def launch_workflow(self, answers: Mapping[str, Any], work: str) -> WorkflowJob:
        """Launch the maintenance workflow and approve it.

        :param work: the playbook of the template that does the work
        """
        kit = awx_kit.load()
        ended = WorkflowJob()
        survey = {kit.questions[question]["variable"] for question in kit.workflow["questions"]}
        assert answers.keys() <= survey
        answers = {**dict.fromkeys(survey, BLANK), **answers}
        nodes = {node["identifier"]: node for node in kit.nodes}
        waiting: list[tuple[str, dict[str, Any]]] = [(kit.nodes[0]["identifier"], {})]
        while waiting:
            name, artifacts = waiting.pop(0)
            node = nodes[name]
            succeeded = True
            if "template" in node:
                if node["template"] == WORK:
                    job = self.run(work, write_extra_vars({**artifacts, **answers}, {}))
                else:
                    template = node["template"].removeprefix(PREFIX)
                    data = node.get("extra_data")
                    job = self.launch(template, {}, node=data, artifacts=artifacts, workflow=answers)
                ended.jobs[name] = job
                artifacts = {**artifacts, **job.artifacts}
                succeeded = job.status == "successful"
            if not succeeded and not node.get("failure") and not node.get("always"):
                ended.status = "failed"  # AWX: a failure that no link handles
            next_nodes = [*node.get("success" if succeeded else "failure", []), *node.get("always", [])]
            waiting += [(target, artifacts) for target in next_nodes]
        return ended

    def run(self, playbook: str, extra_vars: str, *, check: bool = False) -> Job:
        """Run a playbook of the project."""
        home = self.folder / f"job-{len(list(self.folder.iterdir()))}"
        shutil.copytree(KIT / "project", home / "project")
        for part in ("inventory", "env"):
            (home / part).mkdir()
        (home / "project/work.yml").write_text("- ansible.builtin.debug: {msg: The work is done}\n")
        (home / "project/work_job.yml").write_text(
            "- hosts: localhost\n  gather_facts: false\n  tasks: [{import_tasks: work.yml}]\n"
        )
        (home / "project/broken_job.yml").write_text(
            "- hosts: localhost\n  gather_facts: false\n  tasks: [{ansible.builtin.fail: {msg: disk full}}]\n"
        )
        # AWX gives the inventory as a program that prints it
        hosts = home / "inventory/hosts"
        hosts.write_text(f"#!/usr/bin/env python3\nprint({json.dumps(self.inventory)!r})\n")
        hosts.chmod(0o700)
        env, safe_env = self.inject(home)
        (home / "env/envvars").write_text(json.dumps(env))
        (home / "env/extravars").write_text(extra_vars)
        (home / "env/cmdline").write_text("--check" if check else "")
        command = [str(program("ansible-runner")), "run", str(home), "--playbook", playbook, "--ident", "1", "--quiet"]
        environ = {name: os.environ[name] for name in KEPT if name in os.environ}
        client = warm.client(program("ansible-playbook"), SETTINGS)
        environ["PATH"] = os.pathsep.join(map(str, (client, program("ansible-playbook").parent, environ["PATH"])))
        subprocess.run(command, env=environ, stdin=subprocess.DEVNULL, timeout=SECONDS, check=False)
        artifacts = home / "artifacts/1"
        events = [json.loads(path.read_text()) for path in artifacts.glob("job_events/*.json")]
        events.sort(key=lambda event: int(event["counter"]))
        stats = [event["event_data"] for event in events if event["event"] == "playbook_on_stats"]
        # ansible-runner's own record of what it started; AWX replaces the environment in it by the safe one
        kept = [path for path in artifacts.rglob("*") if path.is_file() and path.name != "command"]
        return Job(
            status=(artifacts / "status").read_text(),
            events=events,
            artifacts=stats[0]["artifact_data"] if stats else {},
            safe_env=safe_env,
            output=(artifacts / "stdout").read_text(),
            written="\n".join(path.read_text() for path in kept),
        )

    def inject(self, home: Path) -> tuple[dict[str, str], dict[str, str]]:
        """Return the environment that AWX makes of the credential, and how AWX shows it."""
        env: dict[str, Any] = {"ANSIBLE_COLLECTIONS_PATH": collections_path(), "HOME": str(home)}
        safe_env: dict[str, Any] = {}
        args: list[str] = []
        given = awx_kit.read("credential_type.yml")
        kind = ManagedCredentialType("yandex_cloud", given["name"], given["kind"], given["inputs"], given["injectors"])
        inject_credential(kind, Credential(self.inputs), env, safe_env, args, str(home))
        assert not args  # no extra variables: AWX would show them
        return {key: value.replace(f"{CONTAINER_ROOT}/", f"{home}/", 1) for key, value in env.items()}, safe_env

    def check_no_secret_in(self, job: Job) -> None:
        headers = [call.headers.get("authorization", "") for call in self.sandbox.requests]
        tokens = {header.removeprefix("Bearer ") for header in headers if header}
        assert tokens
        for secret in [*self.secrets, *tokens]:
            assert secret not in job.written
            assert secret not in str(job.safe_env)
            assert base64.b64encode(secret.encode()).decode() not in job.written
