# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every check of the collection is a session here: `nox --list` names them, `nox -s lint` runs one, `make test` all."""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import nox
from nox.virtualenv import UV

ROOT = Path(__file__).parent
WORK = ROOT / ".work"  # everything that is made here: one folder to ignore, one to delete
RESULTS = WORK / "results"  # JUnit files, a folder for each session
COLLECTION = Path("ansible_collections/yandex_cloud/managed_kafka")

# Each ansible-core with the Pythons that its controller runs on, the one that is to be used first.
CORES = {
    "2.18": ("3.11", "3.12", "3.13"),
    "2.19": ("3.11", "3.12", "3.13"),
    "2.20": ("3.12", "3.13", "3.14"),
    "2.21": ("3.13", "3.12", "3.14"),
}
TESTED = {"sanity": list(CORES), "units": ["2.19", "2.21"], "integration": ["2.19", "2.21"]}
# What says little of ansible-core: the module by itself, the sandbox, the pages of the documentation.
ONCE = "docs", "faults", "races", "sandbox", "specification_contract", "time"
LINTERS = "-r", "tests/requirements-lint.txt"
TESTS = "-r", "tests/requirements.txt"

nox.needs_version = ">=2025.10"
nox.options.default_venv_backend = "uv"
nox.options.download_python = "never"
nox.options.envdir = str(WORK / "nox")
nox.options.reuse_venv = "yes"
# The rest of the matrix is there to be asked for: `nox -s units` takes every ansible-core.
nox.options.sessions = [
    *("lint", "typing", "playbooks", "doclint", "docs", "importer"),
    *(f"{test}({core})" for test, cores in TESTED.items() for core in cores),
]


def find_pythons() -> dict[str, Path]:
    """Find the folders of the interpreters that really answer: a version manager's shim may not."""
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    folders = [Path(folder) for folder in os.get_exec_path()] + sorted(pyenv.glob("versions/*/bin"))
    found: dict[str, Path] = {}
    for version in (f"3.{minor}" for minor in range(9, 15)):
        for folder in folders:
            python = folder / f"python{version}"
            if python.is_file() and subprocess.run([python, "-V"], capture_output=True, check=False).returncode == 0:
                found[version] = folder
                break
    return found


def newest_core() -> str:
    """Return the newest ansible-core that a Python here can run."""
    return [core for core, pythons in CORES.items() if any(python in PYTHONS for python in pythons)][-1]


def pip_settings() -> dict[str, str]:
    """Return pip's configuration, from wherever pip takes it."""
    command = [sys.executable, "-m", "pip", "config", "list"]
    lines = subprocess.run(command, capture_output=True, text=True, check=False).stdout.splitlines()
    pairs = (re.fullmatch(r"(?:global|:env:)\.([\w-]+)=(.*)", line) for line in lines)
    return {pair[1]: str(ast.literal_eval(pair[2])) for pair in pairs if pair}


PYTHONS = find_pythons()
newest_first = [str(PYTHONS[version]) for version in reversed(PYTHONS)]
os.environ["PATH"] = os.pathsep.join([*dict.fromkeys(newest_first), os.environ["PATH"]])
if index := pip_settings().get("index-url"):
    os.environ.setdefault("UV_DEFAULT_INDEX", index)
# As pip does: else each of the many runs of ansible-playbook may compile all that it imports.
os.environ.setdefault("UV_COMPILE_BYTECODE", "1")

on_every_core = nox.parametrize(
    "python,core",
    [
        nox.param(next((python for python in pythons if python in PYTHONS), None), core, id=core)
        for core, pythons in CORES.items()
    ],
)


@nox.session(allow_parallel=True)
def lint(session: nox.Session) -> None:
    """Ruff: rules and format."""
    session.install(*LINTERS)
    session.run("ruff", "check")
    session.run("ruff", "format", "--diff")


@nox.session(name="format")
def reformat(session: nox.Session) -> None:
    """Mend what ruff can mend, and format."""
    session.install(*LINTERS)
    session.run("ruff", "check", "--fix", "--exit-zero")
    session.run("ruff", "format")


@nox.session(allow_parallel=True)
def typing(session: nox.Session) -> None:
    """Mypy: the plugins, the sandbox and this file."""
    session.install(*LINTERS, *TESTS, "ansible-core", "nox")
    package = ".".join(COLLECTION.parts)
    with session.chdir(mirror(session)):
        packages = "--package", f"{package}.plugins", "--package", "sandbox"
        session.run("mypy", *packages, env={"MYPYPATH": "tests:../../.."})
        session.run("mypy", "noxfile.py", ".ci/summary.py")


@nox.session(allow_parallel=True)
def playbooks(session: nox.Session) -> None:
    """ansible-lint, production profile: playbooks, roles and the collection's metadata."""
    session.install(*LINTERS)
    with session.chdir(mirror(session)):
        session.run("ansible-lint", env={"ANSIBLE_COLLECTIONS_PATH": str(scratch(session))})


@nox.session(allow_parallel=True)
def doclint(session: nox.Session) -> None:
    """The plugins' documentation, the changelog and the licence of each file."""
    session.install(*LINTERS)
    tree = mirror(session)
    session.run("antsibull-docs", "lint-collection-docs", "--plugin-docs", "--skip-rstcheck", tree)
    session.run("antsibull-changelog", "lint")
    session.run("reuse", "--root", tree, "lint", "--lines")


@nox.session(allow_parallel=True)
def docs(session: nox.Session) -> None:
    """Build the documentation site in .work/docs; a warning is an error."""
    session.install("-r", "tests/requirements-docs.txt")
    pages = mirror(session) / "docs"
    reference = "antsibull-docs", "collection", "--use-current", "--squash-hierarchy", "--fail-on-error"
    output = "--dest-dir", fresh(pages / "reference"), ".".join(COLLECTION.parts[1:])
    session.run(*reference, *output, env={"ANSIBLE_COLLECTIONS_PATH": str(scratch(session))})
    session.run("sphinx-build", "--fail-on-warning", "--keep-going", "--quiet", pages, fresh(WORK / "docs"))
    session.log(f"Built {WORK / 'docs/index.html'}")


@nox.session(allow_parallel=True)
def importer(session: nox.Session) -> None:
    """Galaxy's own import of the archive, without an error or a warning."""
    session.install("galaxy-importer", "ansible-core")
    archive = build_archive(session)
    config = scratch(session) / "galaxy-importer.cfg"
    config.write_text("[galaxy-importer]\nRUN_ANSIBLE_TEST = False\nRUN_FLAKE8 = False\nCHECK_REQUIRED_TAGS = False\n")
    command = "python", "-m", "galaxy_importer.main", archive
    settings = {"GALAXY_IMPORTER_CONFIG": str(config)}
    with session.chdir(config.parent):  # where it leaves its result
        output = str(session.run(*command, env=settings, silent=True, stderr=subprocess.STDOUT))
    session.log(output)
    if re.search("^(WARNING|ERROR)", output, re.MULTILINE):
        session.error("the import has something to say")


@nox.session(allow_parallel=True)
@on_every_core
def sanity(session: nox.Session, core: str) -> None:
    """Ansible's own checks, on every Python that is here."""
    ansible_test(session, core, ["sanity", "--junit"])


@nox.session(allow_parallel=True)
@on_every_core
def units(session: nox.Session, core: str) -> None:
    """The unit tests: on the oldest and the newest Python with the newest ansible-core, on its own with the others."""
    ends = {next(iter(PYTHONS)), next(reversed(PYTHONS))}
    pythons = sorted(ends) if core == newest_core() else [str(session.python)]
    ansible_test(session, core, *(["units", "--venv", "--python", python] for python in pythons))


@nox.session
@on_every_core
def integration(session: nox.Session, core: str) -> None:
    """The built and installed collection against the sandbox."""
    install_core(session, core, *TESTS)
    install_collection(session)
    results = fresh(RESULTS / session.name)
    # each process has a sandbox of its own
    side_by_side = "--numprocesses=2", "--dist=worksteal"
    once = [] if core == newest_core() else [f"--ignore=tests/integration/test_{name}.py" for name in ONCE]
    tests = session.posargs or ["tests/integration", *once]
    session.run("pytest", *side_by_side, f"--junitxml={results}/pytest.xml", *tests)


@nox.session
def build(session: nox.Session) -> None:
    """Build the collection's archive."""
    session.install("ansible-core")
    archive = shutil.copy2(build_archive(session), fresh(WORK / "built" / session.name))
    session.log(f"Built {archive}")


@nox.session
def demo(session: nox.Session) -> None:
    """Show what the collection does, against the sandbox."""
    session.install("ansible-core", *TESTS)
    install_collection(session)
    session.run("python", "tests/demo.py", *session.posargs)


@nox.session
def benchmark(session: nox.Session) -> None:
    """Measure what the collection costs, and write the table to docs/. `nox -s benchmark -- --runs 3` is quicker."""
    session.install("ansible-core", *TESTS)
    install_collection(session)
    path = os.pathsep.join([str(ROOT / "tests"), str(session.env["ANSIBLE_COLLECTIONS_PATH"])])
    arguments = session.posargs or ["--output", "docs/benchmark.md"]
    session.run("python", "-m", "benchmark", *arguments, env={"PYTHONPATH": path})


@nox.session
def faults(session: nox.Session) -> None:
    """Run the long campaign of random faults. `nox -s faults -- --seed 1` has one again."""
    session.install("ansible-core", *TESTS)
    install_collection(session)
    path = os.pathsep.join([str(ROOT / "tests"), str(session.env["ANSIBLE_COLLECTIONS_PATH"])])
    session.run("python", "-m", "faults", *session.posargs, env={"PYTHONPATH": path})


@nox.session
def sandbox(session: nox.Session) -> None:
    """Run the sandbox until it is interrupted."""
    session.install(*TESTS)
    session.run("python", "-m", "sandbox", *session.posargs, env={"PYTHONPATH": "tests"})


def install_core(session: nox.Session, core: str, *requirements: str) -> None:
    """Install one ansible-core, or end the session where no Python can run it."""
    if PYTHONS.keys().isdisjoint(CORES[core]):
        session.skip(f"ansible-core {core} needs one of Python {', '.join(CORES[core])}: none is here")
    session.install(f"ansible-core=={core}.*", *requirements)


def scratch(session: nox.Session) -> Path:
    """Name a folder of the session's own."""
    return Path(session.virtualenv.location) / "scratch"


def mirror(session: nox.Session) -> Path:
    """Copy all that git knows or would take to where Ansible's tools want a collection to lie."""
    tree = scratch(session) / COLLECTION
    list_files = "git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"
    names = session.run(*list_files, external=True, silent=True, log=False)
    # With a repository of its own the copy is not ignored, as the folder around it is, and git can tell what is old.
    session.run("git", "init", "--quiet", tree, external=True, log=False)
    session.run("git", "-C", tree, "clean", "-d", "--force", "--quiet", external=True, log=False)
    for name in filter(os.path.isfile, str(names).split("\0")):
        (tree / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(name, tree / name)
    return tree


def build_archive(session: nox.Session) -> Path:
    """Build what would be published."""
    built = fresh(scratch(session) / "built")
    session.run("ansible-galaxy", "collection", "build", mirror(session), "--output-path", built, silent=True)
    return next(built.glob("*.tar.gz"))


def install_collection(session: nox.Session) -> None:
    """Install the archive, as a user would."""
    installed = fresh(scratch(session) / "installed")
    install = "ansible-galaxy", "collection", "install", "--offline", "--collections-path", installed
    session.run(*install, build_archive(session), silent=True)
    session.env["ANSIBLE_COLLECTIONS_PATH"] = str(installed)


def ansible_test(session: nox.Session, core: str, *commands: list[str]) -> None:
    """Run ansible-test on the copy, with a home of its own for what it downloads and keeps."""
    install_core(session, core)
    tree, home, results = mirror(session), scratch(session) / "home", fresh(RESULTS / session.name)
    provide_pip(session, home)
    output = fresh(tree / "tests/output/junit")
    try:
        with session.chdir(tree):
            session.run("ansible-test", "env", "--timeout", "10", silent=True, env={"HOME": str(home)})  # minutes
            for command in commands:
                session.run("ansible-test", *command, *session.posargs, env={"HOME": str(home)})
    finally:
        shutil.copytree(output, results, dirs_exist_ok=True)


def provide_pip(session: nox.Session, home: Path) -> None:
    """Give ansible-test its pip: it would load a script that installs pip from a host of its own."""
    # No variable of pip or uv gets through ansible-test: what they say is written down for it.
    config = home / ".config/pip/pip.conf"
    config.parent.mkdir(parents=True, exist_ok=True)
    options = pip_settings() | {"quiet": 2, "cache-dir": WORK / "pip"}
    lines = (f"{key} = {value}" for key, value in options.items())
    config.write_text("\n".join(["[global]", *lines]))
    settings = {key: value for key, value in os.environ.items() if key.startswith(("UV_", "SSL_CERT"))}
    install = [UV, "pip", "install", "--quiet", "--python"]
    code = "lib/*/site-packages/ansible_test/_internal/python_requirements.py"
    source = next(Path(session.virtualenv.location).glob(code)).read_text()
    for version in re.findall(r"pip='([\d.]+)'", source):
        script = home / f".ansible/test/cache/get_pip_{version.replace('.', '_')}.py"
        script.parent.mkdir(parents=True, exist_ok=True)
        script.write_text(
            f"import os, subprocess, sys\n"
            f"packages = [argument for argument in sys.argv if '==' in argument]\n"
            f"command = [*{install!r}, sys.executable, *packages]\n"
            f"sys.exit(subprocess.call(command, env=os.environ | {settings!r}))\n"
        )


def fresh(folder: Path) -> Path:
    """Return the folder, empty."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder
