# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The source code keeps its rules: every error has a message of a messages.py, and the lower layers are pure."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._api import errors

MODULE_UTILS = Path(errors.__file__).parents[1]
PLUGINS = MODULE_UTILS.parent
LAYERS = ("_api", "_connector", "_run", "_watch")
PURE = {
    "_connector": {"__future__", "collections", "difflib", "fnmatch", "functools", "math", "re", "typing"},
    "_watch": {"__future__", "collections", "dataclasses", "datetime", "json", "math", "re", "typing", "uuid"},
}
"""What the pure layers may import of Python's library."""
FILES = {path.relative_to(PLUGINS).as_posix(): ast.parse(path.read_text()) for path in sorted(PLUGINS.rglob("*.py"))}
EXTENSIONS = {path.name: ast.parse(path.read_text()) for path in (PLUGINS.parent / "extensions").rglob("*.py")}
ENGINE = {name: tree for name, tree in FILES.items() if name.startswith("module_utils/_")}
MESSAGES = [f"module_utils/{layer}/messages.py" for layer in LAYERS]


def messages_of(name: str) -> set[str]:
    """Return the names of the messages and sentences of a messages.py."""
    targets = [target for node in FILES[name].body if isinstance(node, ast.Assign) for target in node.targets]
    return {target.id for target in targets if isinstance(target, ast.Name) and not target.id.startswith("_")}


def used_messages(layer: str) -> Iterator[str]:
    """Yield the names that code takes from the messages.py of a layer: as attributes, or by an import."""
    for name, tree in {**FILES, **EXTENSIONS}.items():
        in_layer = name.startswith(f"module_utils/{layer}/")
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and (node.module or "").endswith("messages"):
                yield from (alias.name for alias in node.names)
            elif in_layer and isinstance(node, ast.Attribute) and ast.unparse(node.value) == "messages":
                yield node.attr


@pytest.mark.parametrize("layer", LAYERS)
def test_each_message_is_used(layer: str) -> None:
    messages = messages_of(f"module_utils/{layer}/messages.py")
    assert len(messages) > 5
    assert messages - set(used_messages(layer)) == set()


def test_messages_are_written_only_in_messages_py() -> None:
    """``Error`` requires a ``Message``, so every error has a message of a messages.py."""
    for name in FILES.keys() - set(MESSAGES):
        calls = [node.func for node in ast.walk(FILES[name]) if isinstance(node, ast.Call)]
        assert not [call for call in calls if isinstance(call, ast.Name) and call.id == "Message"], name


def error_classes() -> set[str]:
    """Return the names of the exceptions of the engine: ``Error``, and the classes that inherit from it."""
    bases = {
        node.name: {base.id for base in node.bases if isinstance(base, ast.Name)}
        for tree in ENGINE.values()
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
    }
    found = {"Error"}
    while more := {name for name, parents in bases.items() if parents & found} - found:
        found |= more
    return found


def test_engine_raises_only_its_own_errors() -> None:
    own = error_classes()
    assert {"InputError", "ApiError", "OperationFailed", "NoConnectorError"} <= own
    raised = {
        node.exc.func.id
        for tree in ENGINE.values()
        for node in ast.walk(tree)
        if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call) and isinstance(node.exc.func, ast.Name)
    }
    functions = {
        node.name: ast.unparse(node.returns) if node.returns else ""
        for tree in ENGINE.values()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef)
    }
    assert {name for name in raised if name not in own and functions.get(name) not in own} == set()


def test_only_the_upper_layer_imports_ansible() -> None:
    for name, tree in ENGINE.items():
        imports = [ast.unparse(node) for node in ast.walk(tree) if isinstance(node, (ast.Import, ast.ImportFrom))]
        assert name.startswith("module_utils/_run/") or "ansible" not in " ".join(imports), name


@pytest.mark.parametrize("layer", PURE)
def test_lower_layers_are_pure(layer: str) -> None:
    for name in [name for name in ENGINE if name.split("/")[1] == layer]:
        for node in ast.walk(ENGINE[name]):
            if isinstance(node, ast.Import):
                assert {alias.name for alias in node.names} <= PURE[layer], name
            elif isinstance(node, ast.ImportFrom) and not node.level:
                assert (node.module or "").split(".")[0] in PURE[layer], name
            elif isinstance(node, ast.ImportFrom) and node.level == 2 and layer == "_connector":
                assert node.module in ("_api.errors", "_api.messages", "_api.secrets"), name


def test_only_two_files_write_fields_of_errors() -> None:
    written = {
        name
        for name, tree in FILES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store) and ast.unparse(node.value) == "error"
    }
    assert written <= {"module_utils/_api/errors.py", "module_utils/_run/explain.py"}
