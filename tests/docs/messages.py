# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The messages of the collection, as the page about failures shows them: `…` replaces each field.

`python tests/docs/messages.py` prints the messages that the page does not contain.
"""

from __future__ import annotations

import importlib
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs/failures.md"
LAYERS = "_api", "_connector", "_run", "_watch"

sys.path.append(str(ROOT / "plugins"))


def listed(kind: type[Any]) -> Iterator[str]:
    """Yield the texts of one type, in the order of the files. A private name is only a part of other texts."""
    for layer in LAYERS:
        for name, value in vars(importlib.import_module(f"module_utils.{layer}.messages")).items():
            if isinstance(value, kind) and not name.startswith("_"):
                yield shown(value if isinstance(value, str) else value.reason)


def reasons() -> list[str]:
    """Return the reasons of all errors. A reason that consists only of fields has no words of its own."""
    message = importlib.import_module("module_utils._api.messages").Message
    return [reason for reason in dict.fromkeys(listed(message)) if re.search(r"[a-z]{2}", reason)]


def sentences() -> list[str]:
    """Return the texts that are not errors: warnings, and sentences that are added to an error's advice."""
    return [sentence.strip(" .") for sentence in listed(str)]


def shown(text: str) -> str:
    """Replace the fields of a text."""
    return re.sub("…+", "…", re.sub(r"\{[^{}]*\}", "…", text))


def terms() -> list[str]:
    """Return the messages that the page explains."""
    return re.findall(r"^`([^`]+)`\n: ", PAGE.read_text(encoding="utf-8"), re.MULTILINE)


def longest_part(text: str) -> str:
    """Return the longest part of a text without fields."""
    return max((part.strip(" .,:;()") for part in text.split("…")), key=len)


def words_of_page() -> str:
    """Return the page on one line."""
    return " ".join(PAGE.read_text(encoding="utf-8").split())


def missing() -> list[str]:
    """Return the messages that the page does not contain: as a term, or anywhere if it is only a sentence."""
    explained, page = terms(), words_of_page()
    missing_terms = [f"`{reason}`" for reason in reasons() if reason not in explained]
    return missing_terms + [sentence for sentence in sentences() if sentence not in page]


if __name__ == "__main__":
    sys.stdout.writelines(f"{text}\n" for text in missing())
