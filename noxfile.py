# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every check of the collection is a session of this file.

`nox --list` shows the sessions, `nox -s lint` runs one of them, and `make test` runs the gate.
The variable `MATRIX` turns the gate into the whole matrix: every test, on every ansible-core. `make matrix` sets it.
"""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import nox
from nox.command import CommandFailed
from nox.virtualenv import UV

ROOT = Path(__file__).parent
WORK = ROOT / ".work"  # All generated files, so that git ignores one directory and `make clean` deletes it.
RESULTS = WORK / "results"  # JUnit files: one directory for each session.
COLLECTION = Path("ansible_collections/yandex_cloud/managed_kafka")
MATRIX = "MATRIX" in os.environ

# Each ansible-core with the Python versions of its controller. The first one that is installed is used.
CORES = {
    "2.18": ("3.11", "3.12", "3.13"),
    "2.19": ("3.11", "3.12", "3.13"),
    "2.20": ("3.12", "3.13", "3.14"),
    "2.21": ("3.13", "3.12", "3.14"),
}
# The sanity tests that depend on ansible-core. All others give the same result on every ansible-core.
BY_CORE = "action-plugin-docs", "ansible-doc", "compile", "ignores", "import", "runtime-metadata", "validate-modules"
LINTERS = "-r", "tests/requirements-lint.txt"
TESTS = "-r", "tests/requirements.txt"
EVENTS = "-r", "tests/requirements-eda.txt"
# Compiling costs more than it saves where each package is imported by a few processes only.
NO_BYTECODE = {"UV_COMPILE_BYTECODE": "0"}


def find_pythons() -> dict[str, Path]:
    """Find the directory of each Python that answers. A version manager's shim exists, but it may not answer."""
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


def pip_settings() -> dict[str, str]:
    """Return pip's configuration, from every place where pip looks for it."""
    command = [sys.executable, "-m", "pip", "config", "list"]
    lines = subprocess.run(command, capture_output=True, text=True, check=False).stdout.splitlines()
    pairs = (re.fullmatch(r"(?:global|:env:)\.([\w-]+)=(.*)", line) for line in lines)
    return {pair[1]: str(ast.literal_eval(pair[2])) for pair in pairs if pair}


PYTHONS = find_pythons()
OLDEST_PYTHON = next(iter(PYTHONS))
OLDEST_CORE = next(iter(CORES))
NEWEST_CORE = [core for core, pythons in CORES.items() if any(python in PYTHONS for python in pythons)][-1]
NEWEST_PYTHON = [python for python in PYTHONS if python in CORES[NEWEST_CORE]][-1]

newest_first = [str(PYTHONS[version]) for version in reversed(PYTHONS)]
os.environ["PATH"] = os.pathsep.join([*dict.fromkeys(newest_first), os.environ["PATH"]])
if index := pip_settings().get("index-url"):
    os.environ.setdefault("UV_DEFAULT_INDEX", index)
# pip also compiles. Otherwise each of the many runs of ansible-playbook may compile everything that it imports.
os.environ.setdefault("UV_COMPILE_BYTECODE", "1")

nox.needs_version = ">=2026.10"
nox.options.default_venv_backend = "uv"
nox.options.download_python = "never"
nox.options.envdir = str(WORK / "nox")
nox.options.reuse_venv = "yes"
# The longest sessions are first, so that no processor is idle at the end.
nox.options.sessions = [
    *(f"integration({core})" for core in reversed(CORES) if MATRIX or core in {OLDEST_CORE, NEWEST_CORE}),
    "eda",
    *(f"sanity({core})" for core in reversed(CORES) if MATRIX or core in {OLDEST_CORE, NEWEST_CORE}),
    *(f"units({core})" for core in reversed(CORES) if MATRIX or core == NEWEST_CORE),
    "coverage",
    "simulation",
    "lint",
    "docs",
    "importer",
]

on_every_core = nox.parametrize(
    "python,core",
    [
        nox.param(next((python for python in pythons if python in PYTHONS), None), core, id=core)
        for core, pythons in CORES.items()
    ],
)


@nox.session(allow_parallel=True)
def lint(session: nox.Session) -> None:
    """Check style, types, playbooks, documentation and licences. `nox -s lint -- mypy` runs one of the tools."""
    session.install(*LINTERS, *TESTS, "ansible-core", "nox", env=NO_BYTECODE)
    tree, collection = mirror(session), ".".join(COLLECTION.parts)
    packages = f"{collection}.plugins", f"{collection}.extensions", "sandbox", "support"
    session.env.update(ANSIBLE_COLLECTIONS_PATH=str(scratch(session)), MYPYPATH=f"tests:{scratch(session)}")
    commands = [
        ("ruff", "check"),
        ("ruff", "format", "--diff"),
        ("mypy", *(f"--package={name}" for name in packages)),
        ("mypy", "noxfile.py", ".ci/summary.py"),
        ("ansible-lint",),
        ("antsibull-docs", "lint-collection-docs", "--plugin-docs", "--skip-rstcheck", "."),
        ("antsibull-changelog", "lint"),
        ("reuse", "lint", "--lines"),
    ]
    with session.chdir(tree):
        run_all(session, *(command for command in commands if command[0] in (session.posargs or command)))


@nox.session(name="format")
def reformat(session: nox.Session) -> None:
    """Fix lint errors and format the code."""
    session.install(*LINTERS, env=NO_BYTECODE)
    session.run("ruff", "check", "--fix", "--exit-zero")
    session.run("ruff", "format")


@nox.session(allow_parallel=True)
def docs(session: nox.Session) -> None:
    """Build the documentation site in .work/docs. A warning is an error."""
    session.install("-r", "tests/requirements-docs.txt", env=NO_BYTECODE)
    session.env["ANSIBLE_COLLECTIONS_PATH"] = str(scratch(session))
    pages = mirror(session) / "docs"
    reference = "antsibull-docs", "collection", "--use-current", "--squash-hierarchy", "--fail-on-error"
    run_all(
        session,
        (*reference, "--dest-dir", fresh(pages / "reference"), ".".join(COLLECTION.parts[1:])),
        ("sphinx-build", "--fail-on-warning", "--keep-going", "--quiet", pages, fresh(WORK / "docs")),
    )
    session.log(f"Built {WORK / 'docs/index.html'}")


@nox.session(allow_parallel=True)
def importer(session: nox.Session) -> None:
    """Import the archive as Galaxy does. A warning is an error."""
    session.install("galaxy-importer", "ansible-core", env=NO_BYTECODE)
    archive = build_archive(session)
    config = scratch(session) / "galaxy-importer.cfg"
    # The session `lint` runs ansible-lint with a stricter profile.
    off = "RUN_ANSIBLE_TEST", "RUN_ANSIBLE_LINT", "RUN_FLAKE8", "CHECK_REQUIRED_TAGS"
    config.write_text("\n".join(["[galaxy-importer]", *(f"{name} = False" for name in off)]))
    command = "python", "-m", "galaxy_importer.main", archive
    with session.chdir(config.parent):  # The importer writes its result there.
        settings = {"GALAXY_IMPORTER_CONFIG": str(config)}
        output = str(session.run(*command, env=settings, silent=True, stderr=subprocess.STDOUT))
    complaints = re.findall("^(?:WARNING|ERROR).*", output, re.MULTILINE)
    session.log("\n".join(complaints) or "The importer found nothing to complain about.")
    record(session, {"galaxy-importer": not complaints})


@nox.session(allow_parallel=True)
@on_every_core
def sanity(session: nox.Session, core: str) -> None:
    """Run Ansible's sanity tests."""
    # In the gate, the oldest ansible-core runs only the tests that depend on it, on one Python.
    everything = MATRIX or core == NEWEST_CORE
    selected = [] if everything else ["--python", str(session.python), *(f"--test={name}" for name in BY_CORE)]
    ansible_test(session, core, "sanity", "--junit", *selected)


@nox.session(allow_parallel=True)
@on_every_core
def units(session: nox.Session, core: str) -> None:
    """Run the unit tests by ansible-test: in the gate on the oldest Python, in the matrix on every Python."""
    # The newest ansible-core still accepts the oldest Python on a target.
    selected = [] if MATRIX else ["--python", OLDEST_PYTHON]
    ansible_test(session, core, "units", "--venv", *selected)


@nox.session(python=NEWEST_PYTHON, allow_parallel=True)
def coverage(session: nox.Session) -> None:
    """Run the unit tests by pytest on the newest Python, and measure the coverage of branches."""
    requirements = "-r", "tests/unit/requirements.txt", "pytest>=9", "pytest-cov>=7"
    install_core(session, NEWEST_CORE, *requirements, env=NO_BYTECODE)
    session.env["PYTHONPATH"] = str(scratch(session))
    selected = ["tests/unit", "--cov=plugins", "--cov-branch", "--cov-fail-under=94"]
    if MATRIX:
        session.env["HYPOTHESIS_PROFILE"] = "matrix"
        selected.append("--timeout=900")  # seconds, because a test with 1,000 examples takes minutes
    with session.chdir(mirror(session)):
        run_pytest(session, *(session.posargs or selected))


@nox.session(python=NEWEST_PYTHON, allow_parallel=True)
def simulation(session: nox.Session) -> None:
    """Search every order of events in a simulation. `nox -s simulation -- all` can take more than an hour."""
    install_core(session, NEWEST_CORE, "greenlet>=3", "pytest>=9", "pytest-timeout>=2.3", "requests", env=NO_BYTECODE)
    tree = mirror(session)
    session.env["PYTHONPATH"] = os.pathsep.join([str(tree / "tests"), str(scratch(session))])
    with session.chdir(tree):
        if session.posargs == ["all"]:
            session.run("python", "-m", "simulation")
        else:
            run_pytest(session, *(session.posargs or ["tests/simulation"]))


@nox.session(allow_parallel=True)
@on_every_core
def integration(session: nox.Session, core: str) -> None:
    """Test the installed collection and the documentation against the sandbox."""
    install_core(session, core, *TESTS)
    install_collection(session)
    # In the gate, an older ansible-core runs only the tests with the marker `every_core`.
    selected = ["-m", "every_core", "tests/integration"]
    if MATRIX or core == NEWEST_CORE:
        # The collection awx.awx is on PyPI only in this package. Its own ansible-core would be another one.
        session.install("--no-deps", "ansible==12.3.0", env=NO_BYTECODE)
        # Two processes keep both processors busy after the other sessions. Each process has its own sandbox.
        selected = ["--numprocesses=2", "--dist=worksteal", "tests/component", "tests/docs", "tests/integration"]
        selected += [] if MATRIX else ["-m", "not matrix"]
    run_pytest(session, *(session.posargs or selected))


@nox.session(python=NEWEST_PYTHON, allow_parallel=True)
def eda(session: nox.Session) -> None:
    """Test the event source and the rulebooks with ansible-rulebook against the sandbox."""
    install_core(session, NEWEST_CORE, *TESTS, *EVENTS)
    install_collection(session)
    # The tests of one file share a running rulebook.
    run_pytest(session, *(session.posargs or ["tests/eda", "--numprocesses=2", "--dist=loadfile"]))


@nox.session
def build(session: nox.Session) -> None:
    """Build the archive of the collection."""
    session.install("ansible-core", env=NO_BYTECODE)
    archive = shutil.copy2(build_archive(session), fresh(WORK / "built" / session.name))
    session.log(f"Built {archive}")


@nox.session
def demo(session: nox.Session) -> None:
    """Show the collection at work against the sandbox."""
    session.install("ansible-core", *TESTS)
    install_collection(session)
    session.run("python", "tests/demo.py", *session.posargs)


@nox.session
def benchmark(session: nox.Session) -> None:
    """Measure run time, and write the page of the documentation. `nox -s benchmark -- --runs 2` only shows it."""
    session.install("ansible-core", *TESTS)
    install_collection(session)
    path = os.pathsep.join([str(ROOT / "tests"), str(session.env["ANSIBLE_COLLECTIONS_PATH"])])
    arguments = session.posargs or ["--docs", "docs"]
    session.run("python", "-m", "benchmark", *arguments, env={"PYTHONPATH": path})


@nox.session(name="benchmark-fleet")
def benchmark_fleet(session: nox.Session) -> None:
    """Measure a play over many clusters, and write the page to docs/. It takes about ten minutes."""
    session.install("ansible-core", *TESTS)
    install_collection(session)
    path = os.pathsep.join([str(ROOT / "tests"), str(session.env["ANSIBLE_COLLECTIONS_PATH"])])
    session.run("python", "-m", "benchmark.fleet", *(session.posargs or ["--output", "docs"]), env={"PYTHONPATH": path})


@nox.session
def faults(session: nox.Session) -> None:
    """Run the long campaigns of random faults. `nox -s faults -- --seed 1` repeats one of tasks, without events."""
    session.install("ansible-core", *TESTS, *EVENTS)
    install_collection(session)
    path = os.pathsep.join([str(ROOT / "tests"), str(session.env["ANSIBLE_COLLECTIONS_PATH"])])
    session.run("python", "-m", "faults", *session.posargs, env={"PYTHONPATH": path})
    if not session.posargs:
        session.run("python", "tests/eda/soak.py", env={"PYTHONPATH": path})


@nox.session
def sandbox(session: nox.Session) -> None:
    """Run the sandbox until it is interrupted."""
    session.install(*TESTS)
    session.run("python", "-m", "sandbox", *session.posargs, env={"PYTHONPATH": "tests"})


def run(session: nox.Session, *command: str | Path) -> None:
    """Run a command. Next to other sessions, show its output only if it fails."""
    session.run(*command, silent=session.parallel)


def run_all(session: nox.Session, *commands: tuple[str | Path, ...]) -> None:
    """Run every command, also after a failure, and record each as a test."""

    def succeeds(command: tuple[str | Path, ...]) -> bool:
        try:
            run(session, *command)
        except CommandFailed:
            return False
        return True

    record(session, {" ".join(map(str, command[:2])): succeeds(command) for command in commands})


def record(session: nox.Session, results: dict[str, bool]) -> None:
    """Write the results of a session without tests as a JUnit file. The gate fails for a session without one."""
    suite = ET.Element("testsuite", name=session.name)
    for name, passed in results.items():
        case = ET.SubElement(suite, "testcase", name=name)
        if not passed:
            ET.SubElement(case, "failure")
    ET.ElementTree(suite).write(fresh(RESULTS / session.name) / "commands.xml")
    if failed := [name for name, passed in results.items() if not passed]:
        session.error(f"Failed: {', '.join(failed)}")


def run_pytest(session: nox.Session, *arguments: str) -> None:
    """Run pytest, and write its JUnit file."""
    run(session, "pytest", f"--junitxml={fresh(RESULTS / session.name)}/pytest.xml", *arguments)


def install_core(session: nox.Session, core: str, *requirements: str, env: dict[str, str] | None = None) -> None:
    """Install one ansible-core. Skip the session if no installed Python can run it."""
    if PYTHONS.keys().isdisjoint(CORES[core]):
        session.skip(f"ansible-core {core} requires one of Python {', '.join(CORES[core])}")
    session.install(f"ansible-core=={core}.*", *requirements, env=env)


def scratch(session: nox.Session) -> Path:
    """Return the session's own directory for generated files."""
    return Path(session.virtualenv.location) / "scratch"


def mirror(session: nox.Session) -> Path:
    """Copy all files that git tracks or would add to a path where Ansible's tools expect a collection."""
    tree = scratch(session) / COLLECTION
    list_files = "git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"
    names = session.run(*list_files, external=True, silent=True, log=False)
    # The directory around the copy is ignored. With its own repository the copy is not, and git finds its old files.
    session.run("git", "init", "--quiet", tree, external=True, log=False)
    session.run("git", "-C", tree, "clean", "-d", "--force", "--quiet", external=True, log=False)
    for name in filter(os.path.isfile, str(names).split("\0")):
        (tree / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(name, tree / name)
    return tree


def build_archive(session: nox.Session) -> Path:
    """Build the archive that a release publishes."""
    built = fresh(scratch(session) / "built")
    session.run("ansible-galaxy", "collection", "build", mirror(session), "--output-path", built, silent=True)
    return next(built.glob("*.tar.gz"))


def install_collection(session: nox.Session) -> None:
    """Install the archive, as users do."""
    installed = fresh(scratch(session) / "installed")
    install = "ansible-galaxy", "collection", "install", "--offline", "--collections-path", installed
    session.run(*install, build_archive(session), silent=True)
    session.env["ANSIBLE_COLLECTIONS_PATH"] = session.env["PYTHONPATH"] = str(installed)


def ansible_test(session: nox.Session, core: str, *command: str) -> None:
    """Run ansible-test on the copy. It has its own home directory for its downloads and caches."""
    install_core(session, core)
    tree, home, results = mirror(session), scratch(session) / "home", fresh(RESULTS / session.name)
    provide_pip(session, home)
    output = fresh(tree / "tests/output/junit")
    session.env["HOME"] = str(home)
    try:
        with session.chdir(tree):
            session.run("ansible-test", "env", "--timeout", "60" if MATRIX else "10", silent=True)  # minutes
            run(session, "ansible-test", *command, *session.posargs)
    finally:
        shutil.copytree(output, results, dirs_exist_ok=True)


def provide_pip(session: nox.Session, home: Path) -> None:
    """Provide pip to ansible-test, which would otherwise download an installer of pip from its own host."""
    # ansible-test removes the variables of pip and uv, so their values are written to files.
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
    """Return the directory, empty."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder
