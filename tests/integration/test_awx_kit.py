# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The data of the AWX kit follows the rules of AWX, and a planted mistake breaks them."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import awx_kit
import pytest
import yaml  # type: ignore[import-untyped]
from awx_kit import KIT, Kit, load
from installed import ROOT

PAGE = ROOT / "docs/awx.md"


def test_kit_follows_the_rules_of_awx() -> None:
    assert awx_kit.problems(load()) == []


def _node(kit: Kit, identifier: str) -> dict[str, object]:
    (node,) = [node for node in kit.nodes if node["identifier"] == identifier]
    return node


MISTAKES: dict[str, tuple[Callable[[Kit], object], str]] = {
    "option": (lambda kit: kit.tasks[0]["awx.awx.execution_environment"].update(imgae="x"), "has no option imgae"),
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
    "node override": (lambda kit: _node(kit, "work").update(extra_data={"connectors": "x"}), "overrides ['connectors']"),
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


def test_project_of_a_user_has_only_playbooks_and_the_inventory_source() -> None:
    for path in sorted(KIT.glob("project/*.yml")):
        (first, *_others) = [*yaml.safe_load(path.read_text()), ""]
        assert path.name == "kafka_clusters.yml" or "hosts" in first or _imported(first).is_file(), path
    # AWX takes each file with such a line for a playbook
    for path in [*KIT.glob("vars/*.yml"), *KIT.glob("tasks/*.yml"), KIT / "project/kafka_clusters.yml"]:
        assert not re.search(r"(?m)^\s*-?\s*(hosts|(ansible\.builtin\.)?import_playbook):", path.read_text()), path


def _imported(play: dict[str, str]) -> Path:
    return ROOT / "playbooks" / f"{play['ansible.builtin.import_playbook'].rpartition('.')[2]}.yml"


def test_defaults_have_no_secret_and_no_local_address() -> None:
    settings = load().settings
    assert settings["managed_kafka_awx_credential_inputs"] == {}
    assert [key for key in settings if key.startswith("controller_")] == []


def test_page_names_each_object_setting_and_node() -> None:
    kit, page = load(), PAGE.read_text(encoding="utf-8")
    names = [template["name"] for template in kit.templates] + [node["identifier"] for node in kit.nodes]
    assert [name for name in [*names, kit.workflow["name"], *kit.settings] if name not in page] == []
    assert set(re.findall(r"managed_kafka_awx_\w+", page)) - kit.settings.keys() == set()
