# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The data of the AWX kit, and the rules that AWX checks late or not at all.

AWX ignores misspelled keys of survey questions, and awx.awx ignores misspelled keys of workflow nodes.
"""

from __future__ import annotations

import ast
import re
import sysconfig
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml  # type: ignore[import-untyped]
from support.installed import ROOT

KIT = ROOT / "playbooks/awx"
SITE_PACKAGES = Path(sysconfig.get_path("purelib"))
AWX_MODULES = SITE_PACKAGES / "ansible_collections/awx/awx/plugins/modules"
PREFIX = "{{ managed_kafka_awx_prefix }}"
WORK = "{{ managed_kafka_awx_work_template }}"

TEMPLATE_KEYS = {"name", "description", "playbook"}
OPTIONAL_TEMPLATE_KEYS = {"questions", "extra_vars", "inventory", "slices", "forks", "ask_variables_on_launch"}
QUESTION_KEYS = {"variable", "type", "question_name", "question_description", "required", "default"}
QUESTION_TYPES = {
    "text": {"min", "max"},
    "textarea": {"min", "max"},
    "integer": {"min", "max"},
    "float": {"min", "max"},
    "multiplechoice": {"choices"},
    "multiselect": {"choices"},
}
LINKS = "success", "failure", "always"
NODE_KEYS = {"identifier", "template", "approval", "extra_data", *LINKS}


@dataclass
class Kit:
    """The data of the kit as it is written, with its expressions."""

    settings: dict[str, Any]
    questions: dict[str, dict[str, Any]]
    templates: list[dict[str, Any]]
    workflow: dict[str, Any]
    nodes: list[dict[str, Any]]
    tasks: list[dict[str, Any]]


def read(name: str) -> Any:
    """Return a YAML file of the kit."""
    return yaml.safe_load((KIT / name).read_text(encoding="utf-8"))


def load() -> Kit:
    templates, workflow = read("vars/templates.yml"), read("vars/workflow.yml")
    return Kit(
        settings=read("vars/main.yml"),
        questions=templates["managed_kafka_awx_questions"],
        templates=templates["managed_kafka_awx_job_templates"],
        workflow=workflow["managed_kafka_awx_workflow"],
        nodes=workflow["managed_kafka_awx_workflow_nodes"],
        tasks=[*read("tasks/present.yml"), *read("tasks/absent.yml")],
    )


def problems(kit: Kit) -> list[str]:
    """Return what is wrong with the kit."""
    return [
        *(problem for task in kit.tasks for problem in _of_task(task)),
        *(problem for key, question in kit.questions.items() for problem in _of_question(key, question)),
        *_of_templates(kit),
        *_of_nodes(kit),
        *_of_workflow(kit),
    ]


def _of_task(task: dict[str, Any]) -> Iterator[str]:
    for module in [key for key in task if key.startswith("awx.awx.")]:
        for option in task[module].keys() - _options(module.removeprefix("awx.awx.")):
            yield f"{task['name']}: {module} has no option {option}"


@cache
def _options(module: str) -> frozenset[str]:
    """Return the options of a module of awx.awx."""
    source = ast.parse((AWX_MODULES / f"{module}.py").read_text(encoding="utf-8"))
    (text,) = [
        ast.literal_eval(node.value)
        for node in source.body
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "DOCUMENTATION"
    ]
    return frozenset(yaml.safe_load(text)["options"])


def _of_question(key: str, question: dict[str, Any]) -> Iterator[str]:
    kind = question.get("type", "")
    if wrong := question.keys() ^ (QUESTION_KEYS | QUESTION_TYPES.get(kind, set())):
        yield f"question {key}: missing or unknown {sorted(wrong)}"
        return
    default = question["default"]
    if "choices" in question and default not in question["choices"]:
        yield f"question {key}: the default is not a choice"
    if kind == "integer" and not (default == "" or question["min"] <= default <= question["max"]):
        yield f"question {key}: the default is out of range"
    if question["required"] and kind == "text" and question["min"] < 1:
        yield f"question {key}: AWX accepts a blank answer to a required question without min: 1"
    if question["required"] and kind == "integer" and default == "":
        yield f"question {key}: required, but without a default"
    texts = [str(question[part]) for part in ("question_name", "question_description", "default")]
    if any(re.search(r"(?<![\w?*.-])\*(?![\w*?-])", text) for text in texts):
        yield f"question {key}: a lone asterisk breaks the job"


def _of_templates(kit: Kit) -> Iterator[str]:
    names = [template.get("name") for template in kit.templates] + [kit.workflow["name"], "project", "inventory plugin"]
    if len(set(names)) < len(names):
        yield f"two objects share a name: {names}"
    for template in kit.templates:
        name = template.get("name")
        unknown = template.keys() - TEMPLATE_KEYS - OPTIONAL_TEMPLATE_KEYS
        if missing := (TEMPLATE_KEYS - template.keys()) | unknown:
            yield f"template {name}: missing or unknown {sorted(missing)}"
            continue
        if not (KIT / "project" / template["playbook"]).is_file():
            yield f"template {name}: no playbook {template['playbook']}"
            continue
        questions = template.get("questions", [])
        if unknown := set(questions) - kit.questions.keys():
            yield f"template {name}: no such questions {sorted(unknown)}"
            continue
        asked = {kit.questions[question]["variable"] for question in questions}
        if asked and (unread := (asked | template.get("extra_vars", {}).keys()) - _variables(template["playbook"])):
            yield f"template {name}: {template['playbook']} does not read {sorted(unread)}"
        if len(asked) < len(questions):
            yield f"template {name}: two questions for one variable"
        if "slices" in template and ("target" not in asked or "inventory" not in template):
            yield f"template {name}: each slice would run the play on localhost"


def _variables(playbook: str) -> set[str]:
    """Return the variables of a playbook of the collection: the table in the comment at its top."""
    text = (ROOT / "playbooks" / playbook).read_text(encoding="utf-8")
    rows = re.findall(r"(?m)^#   (\w.*?)  ", text)
    return {word for row in rows for word in re.findall(r"\w+", row)} - {"or", "with"}


def _of_nodes(kit: Kit) -> Iterator[str]:
    by_name = {PREFIX + template["name"]: template for template in kit.templates}
    identifiers = [node["identifier"] for node in kit.nodes]
    if len(set(identifiers)) < len(identifiers):
        yield f"two nodes share an identifier: {identifiers}"
    for node in kit.nodes:
        name = node["identifier"]
        if unknown := node.keys() - NODE_KEYS:
            yield f"node {name}: unknown {sorted(unknown)}"
        if ("template" in node) == ("approval" in node):
            yield f"node {name}: either a template or an approval"
        if unknown := {target for link in LINKS for target in node.get(link, [])} - set(identifiers):
            yield f"node {name}: links to unknown nodes {sorted(unknown)}"
        template = by_name.get(node.get("template", ""))
        if template is None and "template" in node and node["template"] != WORK:
            yield f"node {name}: no template {node['template']}"
        elif template and not template.get("ask_variables_on_launch"):
            asked = {kit.questions[question]["variable"] for question in template["questions"]}
            if unknown := node.get("extra_data", {}).keys() - asked:
                yield f"node {name}: no survey has {sorted(unknown)}"
        # AWX gives the answers of the workflow's survey to each node, and they override the node's own variables.
        asked = {kit.questions[question]["variable"] for question in kit.workflow["questions"]}
        if overridden := node.get("extra_data", {}).keys() & asked:
            yield f"node {name}: the survey of the workflow overrides {sorted(overridden)}"


def _of_workflow(kit: Kit) -> Iterator[str]:
    nodes = {node["identifier"]: node for node in kit.nodes}
    playbooks = {PREFIX + template["name"]: template["playbook"] for template in kit.templates}

    def after(name: str, *links: str) -> set[str]:
        """Return the nodes that can run after a node took one of these links, through any links later."""
        found: set[str] = set()
        waiting = {target for link in links for target in nodes[name].get(link, [])}
        while waiting:
            found.add(node := waiting.pop())
            waiting |= {target for link in LINKS for target in nodes.get(node, {}).get(link, [])} - found
        return found

    def run(names: set[str], playbook: str) -> bool:
        return any(playbooks.get(nodes[name].get("template", "")) == playbook for name in names if name in nodes)

    targets = {target for node in kit.nodes for link in LINKS for target in node.get(link, [])}
    roots = nodes.keys() - targets
    if len(roots) != 1 or {*roots, *after(*roots, *LINKS)} != nodes.keys():
        yield f"the workflow does not start in one node that leads to all others: {sorted(roots)}"
    for name in ("pause", "work"):
        for result in ("success", "failure"):
            if not run(after(name, result, "always"), "maintenance_end.yml"):
                yield f"node {name}: {result} does not lead to a resume"
        ends = {each for each in after(name, "failure") if not any(nodes.get(each, {}).get(link) for link in LINKS)}
        if not ends or not all(run({end}, "maintenance_failed.yml") for end in ends):
            yield f"node {name}: after a failure the workflow can end green"
