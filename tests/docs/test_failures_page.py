# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The page about failures explains every message, and no other."""

from __future__ import annotations

import re

import messages
from messages import PAGE, ROOT, longest_part
from support.runner import COLLECTION, play

from sandbox import Sandbox

TEXTS = "roles/*/*/*.yml", "playbooks/*.yml", "playbooks/tasks/*.yml", "playbooks/vars/*.yml"
# In YAML, a message is the value of `msg`, or a sentence in quotes within a template.
MESSAGE = re.compile(r"^ *(?:fail_)?msg: ([A-Z][^{\n]* [^{\n]*)$|'([A-Z][a-z]* [^'\n]*)'", re.MULTILINE)


def source(*patterns: str) -> str:
    return "\n".join(path.read_text(encoding="utf-8") for pattern in patterns for path in sorted(ROOT.glob(pattern)))


def test_message_of_plugins_is_on_the_page() -> None:
    assert len(messages.reasons()) > 50
    assert messages.missing() == []


def test_message_of_roles_and_playbooks_is_on_the_page() -> None:
    page = messages.words_of_page()
    found = ["".join(groups).strip(" .") for groups in MESSAGE.findall(source(*TEXTS))]
    assert len(found) > 3
    assert [text for text in found if text not in page] == []


def test_term_of_the_page_is_a_message() -> None:
    known = {*messages.reasons(), *messages.sentences()}
    others = " ".join(source(*TEXTS, "plugins/filter/*.py").split())
    terms = [term for term in messages.terms() if term.strip(" .") not in known]
    assert [term for term in terms if longest_part(term) not in others] == []


def test_message_of_ansible_about_options_is_on_the_page(sandbox: Sandbox) -> None:
    module = f"{COLLECTION}.kafka_connector"
    wrong = {
        "parameters are mutually exclusive": {"cluster_id": "c9q1", "name": "mirror", "names": ["mirror"]},
        "one of the following is required": {"name": "mirror"},
        "Unsupported parameters": {"cluster_id": "c9q1", "name": "mirror", "paused": True},
        "value of": {"cluster_id": "c9q1", "name": "mirror", "state": "stopped"},
    }
    tasks = [{"name": words, module: options, "ignore_errors": True} for words, options in wrong.items()]
    result = play(tasks, sandbox)
    page = PAGE.read_text(encoding="utf-8")
    for words in wrong:
        assert words in result[words].msg
        assert f"*{words}" in page
