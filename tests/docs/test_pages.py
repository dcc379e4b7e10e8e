# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every page shows what really happens, and names only what exists. README.md contains the rules for pages."""

from __future__ import annotations

import re
from configparser import ConfigParser
from pathlib import Path

import pytest
import yaml  # type: ignore[import-untyped]
from shell import ROOT, blocks, run_page
from support.runner import COLLECTION

from sandbox import Sandbox

PAGES = [ROOT / "README.md", *sorted(ROOT.glob("docs/*.md"))]
# tests/eda runs the rulebooks of events.md.
RUN = [
    page
    for page in PAGES
    if page.name != "events.md" and {"console", "yaml"} & {language for language, dummy in blocks(page)}
]
# Blocks of these languages are run, are checked by another test, or contain no commands that a page promises to work.
LANGUAGES = re.compile(r"console|yaml|yml|ini|test|text|shell|\{[a-z-]+\}.*")


def words(*patterns: str) -> set[str]:
    """Return all words of the files that match a pattern."""
    files = (path for pattern in patterns for path in ROOT.glob(pattern))
    return {word for path in files for word in re.findall(r"\w+", path.read_text(encoding="utf-8"))}


@pytest.fixture(scope="module")
def text() -> str:
    return "\n".join(page.read_text(encoding="utf-8") for page in PAGES)


@pytest.fixture(scope="module")
def playbook_lines(text: str) -> list[str]:
    """The lines that run a playbook of the collection."""
    return re.findall(rf"ansible-playbook .*{re.escape(COLLECTION)}\..*", text)


@pytest.mark.timeout(300)
@pytest.mark.parametrize("page", RUN, ids=lambda page: page.stem)
def test_commands_of_page_run_as_shown(page: Path, sandbox: Sandbox, tmp_path: Path) -> None:
    run_page(page, sandbox, tmp_path)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_block_has_a_known_language(page: Path) -> None:
    found = [language for language, dummy in blocks(page)]
    assert [language for language in found if not LANGUAGES.fullmatch(language)] == []
    fences = re.findall("```|~~~", page.read_text(encoding="utf-8"))
    assert len(fences) == 2 * len([language for language in found if language != "test"])


def test_file_of_another_platform_is_yaml() -> None:
    files = [text for page in PAGES for language, text in blocks(page) if language == "yml"]
    for text in files:
        assert isinstance(yaml.safe_load(text), dict), text


def test_settings_are_ini() -> None:
    settings = [text for page in PAGES for language, text in blocks(page) if language == "ini"]
    for text in settings:
        parsed = ConfigParser()
        parsed.read_string(text)
        assert parsed.sections(), text


def test_named_playbook_exists(playbook_lines: list[str]) -> None:
    names = {name for line in playbook_lines for name in re.findall(rf"{re.escape(COLLECTION)}\.([\w.]*\w)", line)}
    assert {name for name in names if not (ROOT / f"playbooks/{name.replace('.', '/')}.yml").is_file()} == set()


def test_named_variable_of_a_playbook_exists(playbook_lines: list[str]) -> None:
    named = {name for line in playbook_lines for name in re.findall(r"(?:-e|--extra-vars)[ =]['\"]?(\w+)=", line)}
    assert named - words("playbooks/**/*.yml", "roles/**/*.yml", "plugins/plugin_utils/*.py") == set()


def test_named_environment_variable_exists(text: str) -> None:
    assert set(re.findall(r"\bYC_[A-Z_]+\b", text)) - words("plugins/**/*.py") == set()
