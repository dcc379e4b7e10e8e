# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The documentation site: `make docs` adds the reference as docs/reference, and builds both with Sphinx."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from docutils import nodes
from sphinx.util.docutils import SphinxDirective

project = "yandex_cloud.managed_kafka"
author = "yandex_cloud.managed_kafka contributors"
project_copyright = f"2026, {author}"
galaxy = Path(__file__).parent.with_name("galaxy.yml").read_text(encoding="utf-8")
version = release = re.findall(r"^version: (\S+)$", galaxy, re.MULTILINE)[0]

extensions = ["myst_parser", "sphinx_antsibull_ext", "sphinx_copybutton"]
myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3

html_theme = "furo"
html_title = f"Managed Kafka for Ansible {version}"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_copy_source = False
pygments_style = "friendly"
pygments_dark_style = "monokai"
# what is copied from a box with prompts is the commands, without what they print
copybutton_prompt_text = "$ "

ANSIBLE = "https://docs.ansible.com/ansible/latest"
ELSEWHERE = {
    "action_plugins": f"{ANSIBLE}/plugins/action.html",
    "ansible_configuration_settings": f"{ANSIBLE}/reference_appendices/config.html",
    "common_return_values": f"{ANSIBLE}/reference_appendices/common_return_values.html",
}


def link_elsewhere(_app: Any, _env: Any, node: Any, text: nodes.Element) -> nodes.Node | None:
    """Link the labels of Ansible's own documentation, without loading anything from there."""
    target = ELSEWHERE.get(node["reftarget"])
    return nodes.reference("", "", text, internal=False, refuri=target) if target else None


def shorten_title(app: Any, doctree: nodes.document) -> None:
    """Name a plugin by its name alone, in the sidebar and as the title of its page."""
    page = app.env.docname
    found = re.match(rf"{re.escape(project)}\.(\w+) (\w+) ", app.env.titles[page].astext())
    if found:
        short = f"{found[1]} role" if found[2] == "role" else found[1]
        app.env.titles[page] = nodes.title("", short)
        entry = next(iter(app.env.tocs[page].findall(nodes.reference)))
        entry.children = [nodes.Text(short)]
        next(iter(doctree.findall(nodes.title))).children = [nodes.Text(short)]


EVENT_SOURCE = Path(__file__).parents[1] / "extensions/eda/plugins/event_source/connector_status.py"


class EventSource(SphinxDirective):
    """A part of the documentation of the event source, from its file. Ansible's own tools do not render it yet."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Return the nodes of the part."""
        self.env.note_dependency(str(EVENT_SOURCE))
        text = EVENT_SOURCE.read_text(encoding="utf-8")
        strings = dict(re.findall(r'^(DOCUMENTATION|EXAMPLES) = r"""\n(.*?)"""', text, re.DOTALL | re.MULTILINE))
        documentation = yaml.safe_load(strings["DOCUMENTATION"])
        part = self.arguments[0]
        if part == "examples":
            lines = ["```yaml", strings["EXAMPLES"].rstrip(), "```"]
        elif part == "options":
            lines = [line for name, option in documentation[part].items() for line in describe(name, option)]
        else:
            lines = [f"- {plain(item)}" for item in documentation[part]]
        return self.parse_text_to_nodes("\n".join(lines))


def describe(name: str, option: dict[str, Any]) -> Iterator[str]:
    """Yield the lines of an option in Markdown."""
    default = f", default: `{str(option['default']).lower()}`" if "default" in option else ""
    yield f"`{name}` ({option['type']}{default})"
    yield ": " + "\n\n  ".join(map(plain, option["description"])) + "\n"
    if "choices" in option:
        yield f"  Choices: {', '.join(f'`{choice}`' for choice in option['choices'])}\n"


def plain(text: str) -> str:
    """Replace the markup of Ansible's documentation by the one of Markdown."""
    return re.sub(r"[OVEC]\(([^)]*)\)", r"`\1`", text)


def setup(app: Any) -> None:
    """Be called by Sphinx."""
    app.add_directive("event-source", EventSource)
    app.connect("missing-reference", link_elsewhere)
    app.connect("doctree-read", shorten_title, priority=900)  # after Sphinx has taken the titles
