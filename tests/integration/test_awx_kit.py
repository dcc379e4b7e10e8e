# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The data of the AWX kit follows the rules of AWX, and a planted mistake breaks them."""

from __future__ import annotations

import re
from collections.abc import Callable

import awx_kit
import pytest
from awx_kit import KIT, Kit, load
from support.installed import NAME, ROOT

PAGE = ROOT / "docs/awx.md"


def test_kit_follows_the_rules_of_awx() -> None:
    assert awx_kit.problems(load()) == []


def _node(kit: Kit, identifier: str) -> dict[str, object]:
    (node,) = [node for node in kit.nodes if node["identifier"] == identifier]
    return node


MISTAKES: dict[str, tuple[Callable[[Kit], object], str]] = {
    "option": (lambda kit: kit.tasks[1]["awx.awx.execution_environment"].update(imgae="x"), "has no option imgae"),
    "question key": (lambda kit: kit.questions["target"].update(defualt=""), "unknown ['defualt']"),
    "question type": (lambda kit: kit.questions["target"].update(type="string"), "question target: missing"),
    "default": (lambda kit: kit.questions["on_error"].update(default="ignore"), "the default is not a choice"),
    "asterisk": (lambda kit: kit.questions["connectors"].update(default="*"), "a lone asterisk"),
    "asterisk in a text": (
        lambda kit: kit.questions["connectors"].update(question_description="Names, or * for all"),
        "a lone asterisk",
    ),
    "blank": (lambda kit: kit.questions["connectors"].update(min=0), "AWX accepts a blank answer"),
    "variable": (lambda kit: kit.questions["connectors"].update(variable="names"), "does not read ['names']"),
    "playbook": (lambda kit: kit.templates[0].update(playbook="puase.yml"), "no playbook puase.yml"),
    "template key": (lambda kit: kit.templates[0].update(limit="x"), "unknown ['limit']"),
    "template name": (lambda kit: kit.templates[0].update(name="resume"), "share a name"),
    "slices": (lambda kit: kit.templates[0].update(slices=2), "each slice would run the play on localhost"),
    "node key": (lambda kit: _node(kit, "pause").update(sucess=["work"]), "unknown ['sucess']"),
    "node variable": (lambda kit: _node(kit, "status").update(extra_data={"resume": "no"}), "no survey has ['resume']"),
    "node override": (
        lambda kit: _node(kit, "work").update(extra_data={"connectors": "x"}),
        "overrides",
    ),
    "node template": (lambda kit: _node(kit, "resume").update(template="resume"), "no template resume"),
    "link": (lambda kit: _node(kit, "pause").update(success=["wrok"]), "links to unknown nodes ['wrok']"),
    "root": (lambda kit: _node(kit, "approve").pop("success"), "does not start in one node"),
    "no resume": (lambda kit: _node(kit, "work").pop("failure"), "work: failure does not lead to a resume"),
    "green": (lambda kit: _node(kit, "resume after work").pop("always"), "work: after a failure the workflow can end"),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_mistake_in_the_kit_is_reported(mistake: str) -> None:
    plant, report = MISTAKES[mistake]
    kit = load()
    plant(kit)
    assert any(report in problem for problem in awx_kit.problems(kit)), awx_kit.problems(kit)


# How AWX finds playbooks; it knows no ansible.builtin.import_playbook.
PLAYBOOK = re.compile(r"(?m)^\s*-?\s*(hosts|import_playbook):")


def test_awx_finds_the_playbooks_of_the_project_and_takes_no_other_file_for_one() -> None:
    found = {path.name for path in KIT.glob("project/*.yml") if PLAYBOOK.search(path.read_text())}
    assert found == {template["playbook"] for template in load().templates}
    others = [KIT / "credential_type.yml", KIT / "execution-environment.yml", *KIT.glob("vars/*.yml")]
    assert not [path for path in others if PLAYBOOK.search(path.read_text())]


def test_playbooks_of_the_project_import_playbooks_of_the_collection() -> None:
    for path in KIT.glob("project/*.yml"):
        for name in re.findall(rf"import_playbook: {re.escape(NAME)}\.(\S+)", path.read_text()):
            assert (ROOT / "playbooks" / f"{name}.yml").is_file(), path


def test_defaults_have_no_secret_and_no_local_address() -> None:
    settings = load().settings
    assert settings["managed_kafka_awx_credential_inputs"] == {}
    assert [key for key in settings if key.startswith("controller_")] == []


def test_page_names_each_object_setting_and_node() -> None:
    kit, page = load(), PAGE.read_text(encoding="utf-8")
    names = [template["name"] for template in kit.templates] + [node["identifier"] for node in kit.nodes]
    assert [name for name in [*names, kit.workflow["name"], *kit.settings] if name not in page] == []
    assert set(re.findall(r"managed_kafka_awx_\w+", page)) - kit.settings.keys() == set()
