# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The layers of the collection: who imports whom, and how."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import ansible_collections

PLUGINS = Path(__file__).parents[3] / "plugins"

# What each layer may import. Every other directory of plugins/ is a front, which may import everything.
BELOW: dict[str, tuple[str, ...]] = {
    "_api": ("_api",),
    "_connector": ("_api", "_connector"),
    "_run": ("_api", "_connector", "_run"),
    "_watch": ("_api", "_connector", "_watch"),
}
# The imports inside of functions. Few users have jwt. A module would compile the others for nothing if the task has a
# token and nothing to do, which is the most frequent case.
LAZY = "jwt", "exchange", "Converger", "converge_all"


def modules_of(plugins: Path) -> dict[str, ast.Module]:
    """Return the parsed files below a directory, by their dotted names."""
    return {
        ".".join(file.relative_to(plugins).with_suffix("").parts): ast.parse(file.read_text(encoding="utf-8"))
        for file in sorted(plugins.rglob("*.py"))
    }


def layer_of(module: str) -> str | None:
    """Return the layer of a module; None: it is a part of a front."""
    parts = module.split(".")
    return parts[1] if parts[0] == "module_utils" and len(parts) > 1 else None


def imports_of(module: str, tree: ast.Module) -> Iterator[tuple[ast.stmt, str, bool]]:
    """Yield each import statement of a module: the statement, what it imports, and whether that is our own."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node, alias.name, alias.name.startswith("ansible_collections.")
        elif isinstance(node, ast.ImportFrom) and node.level:
            package = module.split(".")[: -node.level]
            for alias in node.names:
                yield node, ".".join([*package, *(node.module or "").split("."), alias.name]).replace("..", "."), True
        elif isinstance(node, ast.ImportFrom):
            yield node, node.module or "", (node.module or "").startswith("ansible_collections.")


def violations_of(modules: dict[str, ast.Module]) -> list[str]:
    """Return one line for each import that breaks a rule."""
    found = []
    uses: dict[str, set[str]] = {module: set() for module in modules}
    for module, tree in modules.items():
        layer = layer_of(module)
        lazy = {id(node) for function in ast.walk(tree) if is_function(function) for node in ast.walk(function)}
        for statement, name, is_own in imports_of(module, tree):
            if id(statement) in lazy and name.rpartition(".")[2] not in LAZY:
                found.append(f"{module} imports {name} inside a function")
            if not is_own:
                continue
            if name.startswith("ansible_collections."):
                found.append(f"{module} imports {name} by an absolute name")
                continue
            if statement not in tree.body and id(statement) not in lazy:
                found.append(f"{module} does not import {name} at the top of the file")
            if layer and layer_of(name) not in BELOW[layer]:
                found.append(f"{module} imports {name}, which is not below it")
            uses[module].add(name if name in modules else name.rpartition(".")[0])
    return found + [f"{' -> '.join(circle)} is a circle" for circle in circles_of(uses)]


def is_function(node: ast.AST) -> bool:
    return isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda))


def circles_of(uses: dict[str, set[str]]) -> Iterator[list[str]]:
    """Yield circles of imports, each at least once."""
    finished: set[str] = set()

    def visit(module: str, path: list[str]) -> Iterator[list[str]]:
        if module in path:
            yield [*path[path.index(module) :], module]
        elif module not in finished:
            for other in sorted(uses.get(module, ())):
                yield from visit(other, [*path, module])
            finished.add(module)

    for module in uses:
        yield from visit(module, [])


def test_every_import_follows_the_layers() -> None:
    modules = modules_of(PLUGINS)
    assert {"module_utils._api.client", "module_utils._run.execute", "modules.kafka_connector"} <= modules.keys()
    assert {layer_of(module) for module in modules} <= {None, *BELOW}
    assert violations_of(modules) == []


@pytest.mark.parametrize(
    ("files", "violation"),
    [
        pytest.param(
            {"module_utils._api.http": "from .._run.result import success", "module_utils._run.result": ""},
            "module_utils._api.http imports module_utils._run.result.success, which is not below it",
            id="upwards",
        ),
        pytest.param(
            {"module_utils._connector.plan": "from ...plugin_utils.progress import Lines"},
            "module_utils._connector.plan imports plugin_utils.progress.Lines, which is not below it",
            id="a front",
        ),
        pytest.param(
            {"modules.a": "from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._api import http"},
            "modules.a imports ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._api "
            "by an absolute name",
            id="absolute",
        ),
        pytest.param(
            {"modules.a": "def main():\n    from ..module_utils._api import http"},
            "modules.a imports module_utils._api.http inside a function",
            id="lazy",
        ),
        pytest.param(
            {"modules.a": "def main():\n    import requests"},
            "modules.a imports requests inside a function",
            id="library",
        ),
        pytest.param(
            {"modules.a": "if True:\n    from ..module_utils._api import http"},
            "modules.a does not import module_utils._api.http at the top of the file",
            id="not at the top",
        ),
        pytest.param(
            {
                "module_utils._api.a": "from .b import x",
                "module_utils._api.b": "from . import c",
                "module_utils._api.c": "from .a import y",
            },
            "module_utils._api.a -> module_utils._api.b -> module_utils._api.c -> module_utils._api.a is a circle",
            id="circle",
        ),
    ],
)
def test_a_violation_is_found(files: dict[str, str], violation: str) -> None:
    assert violation in violations_of({name: ast.parse(text) for name, text in files.items()})


def test_a_module_with_a_token_and_nothing_to_do_loads_less() -> None:
    module = "ansible_collections.yandex_cloud.managed_kafka.plugins.modules.kafka_connector"
    code = f"import sys, {module}; print(*sys.modules)"
    roots = [str(Path(folder).parent) for folder in ansible_collections.__path__]
    environ = {**os.environ, "PYTHONPATH": os.pathsep.join([*roots, *sys.path])}
    run = subprocess.run([sys.executable, "-c", code], env=environ, capture_output=True, text=True, check=True)
    loaded = {name.partition(".module_utils.")[2] for name in run.stdout.split()}
    assert {"_run.manage", "_api.credentials"} <= loaded
    assert not {"_run.converge", "_run.explain", "_api.exchange"} & loaded
