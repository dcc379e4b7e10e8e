# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The inventory plugin: which clusters become hosts, with which variables, and what happens after an error.

Most tests load the plugin in this process. Real runs of `ansible-inventory` show what depends on ansible-core.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]
from ansible.inventory.manager import InventoryManager
from ansible.parsing.dataloader import DataLoader
from ansible.plugins.loader import init_plugin_loader
from ansible.utils.collection_loader._collection_finder import _AnsibleCollectionFinder
from support import installed
from support.runner import COLLECTION, KEPT, collections_path, program

from sandbox import Sandbox

PLUGIN = f"{COLLECTION}.kafka_clusters"
ONE, TWO = "b1gfolderone", "b1gfoldertwo"
LIST_CLUSTERS, LIST_CONNECTORS = "Cluster.List", "Connector.List"
VAULT_PASSWORD = "vault password"


@pytest.fixture(scope="module", autouse=True)
def _plugins() -> Iterator[None]:
    """Let Ansible find the collection, as its commands do. Other tests import the collection without Ansible."""
    modules = {name: sys.modules.pop(name) for name in list(sys.modules) if name.startswith("ansible_collections")}
    init_plugin_loader([str(installed.ROOT.parents[2])])
    yield
    _AnsibleCollectionFinder._remove()
    for name in [name for name in sys.modules if name.startswith("ansible_collections")]:
        del sys.modules[name]
    sys.modules.update(modules)


@pytest.fixture
def environ(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> pytest.MonkeyPatch:
    """Environment variables of the credentials, for this process."""
    for name in [name for name in os.environ if name.startswith("YC_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("YC_ENDPOINT", sandbox.url)
    monkeypatch.setenv("YC_IAM_TOKEN", sandbox.iam_token("viewer"))
    monkeypatch.chdir(tmp_path)
    return monkeypatch


@pytest.fixture
def fleet(sandbox: Sandbox) -> dict[str, str]:
    """Three clusters in two folders: IDs by name."""
    return {
        "orders": sandbox.cloud.add_cluster("orders", folder_id=ONE, labels={"env": "prod", "team": "a"}),
        "events": sandbox.cloud.add_cluster("events", folder_id=TWO, labels={"env": "prod"}),
        "orders-test": sandbox.cloud.add_cluster("orders-test", folder_id=TWO),
    }


Source = Callable[..., InventoryManager]


@pytest.fixture
def load(environ: pytest.MonkeyPatch, tmp_path: Path) -> Source:
    """Return a function that loads a source with some options, after other sources."""

    def loaded(*others: str, **options: Any) -> InventoryManager:
        source = write(tmp_path, **options)
        return InventoryManager(loader=DataLoader(), sources=[*others, str(source)])

    return loaded


def write(folder: Path, name: str = "kafka_clusters.yml", **options: Any) -> Path:
    """Write a source. Without `folder_ids`, it has both folders."""
    source = folder / name
    source.write_text(yaml.safe_dump({"plugin": PLUGIN, "folder_ids": [ONE, TWO], **options}))
    return source


def names(inventory: InventoryManager, pattern: str = "all") -> list[str]:
    return [host.name for host in inventory.get_hosts(pattern, order="sorted")]


def said(capsys: pytest.CaptureFixture[str]) -> str:
    """Return what was printed, without the line breaks that Ansible adds."""
    return " ".join(capsys.readouterr().err.split())


def test_clusters_of_two_folders_are_hosts(load: Source, fleet: dict[str, str], sandbox: Sandbox) -> None:
    sandbox.behaviour.page_cap = 1
    inventory = load(
        folder_ids=[ONE, TWO, ONE],
        groups={"production": "kafka_cluster_labels.env == 'prod'"},
        keyed_groups=[{"key": "kafka_cluster_folder_id", "prefix": "", "separator": ""}],
        compose={"short": "kafka_cluster_id[:3]"},
    )
    assert names(inventory, "kafka_clusters") == ["events", "orders", "orders-test"]
    assert names(inventory, "production") == ["events", "orders"]
    assert names(inventory, TWO) == ["events", "orders-test"]
    variables = inventory.get_host("orders").vars
    assert variables["short"] == "c9q"
    assert {name: value for name, value in variables.items() if name.startswith("kafka")} == {
        "kafka_cluster_id": fleet["orders"],
        "kafka_cluster_name": "orders",
        "kafka_cluster_folder_id": ONE,
        "kafka_cluster_labels": {"env": "prod", "team": "a"},
        "kafka_cluster_status": "RUNNING",
        "kafka_cluster_health": "ALIVE",
        "kafka_cluster_environment": "PRODUCTION",
    }
    assert inventory.groups["kafka_clusters"].vars == {
        "ansible_connection": "local",
        "ansible_python_interpreter": "{{ ansible_playbook_python }}",
    }
    assert len(sandbox.requests_of(LIST_CLUSTERS)) == 3
    assert {call.headers["user-agent"].split("/")[0] for call in sandbox.requests} == {COLLECTION}


@pytest.mark.parametrize(
    ("options", "kept"),
    [
        ({"names": ["orders*"]}, ["orders", "orders-test"]),
        ({"names": []}, []),
        ({"exclude_names": ["*-test", "events"]}, ["orders"]),
        ({"names": ["{{ ['events', 'orders'] }}"], "exclude_names": ["orders"]}, ["events"]),
        ({"labels": {"env": "prod"}}, ["events", "orders"]),
        ({"labels": {"env": "prod", "team": "a"}}, ["orders"]),
        ({"statuses": ["RUNNING"]}, ["events", "orders", "orders-test"]),
        ({"statuses": ["STOPPED"]}, []),
        ({"folder_ids": "{{ lookup('ansible.builtin.env', 'FOLDERS').split(' ') }}"}, ["orders"]),
        ({"folder_ids": f"{ONE}, {TWO}"}, ["events", "orders", "orders-test"]),
    ],
)
def test_filters_keep_matching_clusters(
    load: Source,
    fleet: dict[str, str],
    environ: pytest.MonkeyPatch,
    options: dict[str, Any],
    kept: list[str],
) -> None:
    environ.setenv("FOLDERS", f"{ONE} {ONE}")
    inventory = load(**options)
    assert names(inventory) == kept
    assert "kafka_clusters" in inventory.groups


def test_connectors_are_variables_without_properties(load: Source, fleet: dict[str, str], sandbox: Sandbox) -> None:
    for cluster_id in fleet.values():
        sandbox.cloud.add_connector(cluster_id, "sink", status="PAUSED", properties={"sasl.password": "hunter2secret"})
    inventory = load(connectors=True)
    for name in fleet:
        connectors = inventory.get_host(name).vars["kafka_cluster_connectors"]
        assert connectors == [{"name": "sink", "status": "PAUSED", "health": "ALIVE"}]
    assert len(sandbox.requests_of(LIST_CONNECTORS)) == 3


def test_values_of_the_service_are_never_templates(
    load: Source, sandbox: Sandbox, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    label = "{{ lookup('ansible.builtin.pipe', 'touch executed') }}"
    sandbox.cloud.add_cluster("orders", folder_id=ONE, labels={"env": label})
    inventory = load(folder_ids=[ONE], compose={"environment_label": "kafka_cluster_labels.env"})
    assert inventory.get_host("orders").vars["environment_label"] == label
    assert names(load(folder_ids=[ONE], hostname="kafka_cluster_labels.env")) == []
    assert "has a template as its name" in said(capsys)
    assert not (tmp_path / "executed").exists()


class TestFailures:
    """A source that cannot be read completely adds no host."""

    @pytest.mark.parametrize("message", ["PERMISSION_DENIED", "UNAUTHENTICATED", "INTERNAL"])
    def test_unreadable_folder_leaves_no_host(
        self, load: Source, fleet: dict[str, str], sandbox: Sandbox, capsys: pytest.CaptureFixture[str], message: str
    ) -> None:
        sandbox.faults.abort(LIST_CLUSTERS, message, times=9, when=lambda call: bool(call.message["folder_id"] == TWO))
        skips = message != "PERMISSION_DENIED"
        inventory = load("other.example,", skip_forbidden_folders=skips, request_retries=1)
        assert names(inventory) == ["other.example"]
        output = said(capsys)
        assert f"Could not list clusters of folder {TWO}: " in output
        advice = {
            "PERMISSION_DENIED": "Grant your account the role managed-kafka.viewer on the folder.",
            "UNAUTHENTICATED": "Run: export YC_IAM_TOKEN=$(yc iam create-token)",
            "INTERNAL": "HTTP 500",
        }
        assert advice[message] in output

    def test_forbidden_folder_can_be_skipped(
        self, load: Source, fleet: dict[str, str], sandbox: Sandbox, capsys: pytest.CaptureFixture[str], tmp_path: Path
    ) -> None:
        cache = {"cache": True, "cache_plugin": "ansible.builtin.jsonfile", "cache_connection": str(tmp_path / "cache")}
        for dummy in range(2):
            sandbox.faults.abort(
                LIST_CLUSTERS, "PERMISSION_DENIED", when=lambda call: bool(call.message["folder_id"] == ONE)
            )
            assert names(load(skip_forbidden_folders=True, **cache)) == ["events", "orders-test"]
        assert len(sandbox.requests_of(LIST_CLUSTERS)) == 4, "a list with a skipped folder is not cached"
        assert f"Could not list clusters of folder {ONE}: " in (output := said(capsys))
        assert "The folder is skipped." in output

    def test_connectors_that_are_not_readable_are_reported_with_their_cluster(
        self, load: Source, fleet: dict[str, str], sandbox: Sandbox, capsys: pytest.CaptureFixture[str]
    ) -> None:
        sandbox.faults.abort(
            LIST_CONNECTORS,
            "INVALID_ARGUMENT",
            when=lambda call: bool(call.message["cluster_id"] == fleet["events"]),
        )
        assert names(load(connectors=True)) == []
        assert f"Could not list connectors of cluster events in folder {TWO}: " in said(capsys)

    def test_clusters_with_the_same_name_are_an_error(
        self, load: Source, fleet: dict[str, str], sandbox: Sandbox, capsys: pytest.CaptureFixture[str]
    ) -> None:
        other = sandbox.cloud.add_cluster("orders", folder_id=TWO)
        assert names(load("other.example,")) == ["other.example"]
        output = said(capsys)
        assert f"Two clusters have the name orders ({fleet['orders']} and {other})." in output
        hostname = "kafka_cluster_name ~ '.' ~ kafka_cluster_folder_id"
        assert f"Set hostname: {hostname}" in output
        assert names(load(hostname=hostname)) == [
            f"events.{TWO}",
            f"orders-test.{TWO}",
            f"orders.{ONE}",
            f"orders.{TWO}",
        ]

    def test_host_of_another_source_with_the_same_name_is_an_error(
        self, load: Source, fleet: dict[str, str], capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert names(load("events,")) == ["events"]
        assert f"Cluster {fleet['events']} and another host have the name events." in said(capsys)

    def test_invalid_group_with_strict_leaves_no_host(
        self, load: Source, fleet: dict[str, str], capsys: pytest.CaptureFixture[str]
    ) -> None:
        # Only the last of the clusters has no such label.
        groups = [{"key": "kafka_cluster_labels.env"}]
        assert names(load("other.example,", keyed_groups=groups, strict=True)) == ["other.example"]
        assert "Failed to parse" in said(capsys)
        assert len(names(load(keyed_groups=groups))) == 3

    @pytest.mark.parametrize(
        ("options", "message"),
        [
            ({"folder_ids": []}, "Set folder_id or YC_FOLDER_ID to the ID of the clusters' folder."),
            ({"folder_ids": ["../x"]}, "'../x' is not a valid folder ID."),
            ({"names": ["a b"]}, "'a b' is not a valid cluster name."),
            ({"request_timeout": 0}, "must be more than 0"),
            ({"iam_token": "a", "service_account_key_file": "b"}, "are two different credentials"),
            ({"iam_token": "y0_oauth"}, "OAuth token"),
            ({"ca_path": "~/none.pem"}, "none.pem"),
        ],
    )
    def test_invalid_option_sends_no_request(
        self,
        load: Source,
        sandbox: Sandbox,
        capsys: pytest.CaptureFixture[str],
        options: dict[str, Any],
        message: str,
    ) -> None:
        assert names(load(**options)) == []
        assert message in said(capsys)
        assert sandbox.requests == []


def test_hostname_without_a_value_is_the_cluster_id(load: Source, fleet: dict[str, str]) -> None:
    inventory = load(hostname="kafka_cluster_labels.team | default('')")
    assert names(inventory) == sorted(["a", fleet["events"], fleet["orders-test"]])


def test_cache_is_used_for_the_same_folders_only(load: Source, sandbox: Sandbox, tmp_path: Path) -> None:
    for name, folder_id in (("orders", ONE), ("events", TWO)):
        cluster_id = sandbox.cloud.add_cluster(name, folder_id=folder_id)
        sandbox.cloud.add_connector(cluster_id, "sink", properties={"sasl.password": "hunter2secret"})
    cache = {"cache": True, "cache_plugin": "ansible.builtin.jsonfile", "cache_connection": str(tmp_path / "cache")}

    def requests(**options: Any) -> tuple[list[str], int]:
        sandbox.forget()
        return names(load(**cache, **options)), len(sandbox.requests)

    assert requests() == (["events", "orders"], 2)
    assert requests() == (["events", "orders"], 0)
    assert requests(names=["orders"], groups={"some": True}) == (["orders"], 0)
    assert requests(folder_ids=[TWO, ONE]) == (["events", "orders"], 0)
    assert requests(folder_ids=[ONE]) == (["orders"], 1)
    assert requests(connectors=True) == (["events", "orders"], 4)
    assert requests(connectors=True) == (["events", "orders"], 0)
    cached = "".join(path.read_text() for path in (tmp_path / "cache").iterdir())
    assert "sink" in cached
    assert "hunter2secret" not in cached
    assert os.environ["YC_IAM_TOKEN"] not in cached


def ansible_inventory(folder: Path, *arguments: str, env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Run the real command in a directory that contains sources."""
    environ = {
        **{name: os.environ[name] for name in KEPT if name in os.environ},
        "HOME": str(folder),
        "ANSIBLE_HOME": str(folder / ".ansible"),
        "ANSIBLE_COLLECTIONS_PATH": collections_path(),
        "ANSIBLE_NOCOLOR": "true",
        **env,
    }
    command = [str(program("ansible-inventory")), "-i", "kafka_clusters.yml", *arguments]
    return subprocess.run(
        command, cwd=folder, env=environ, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )


def encrypted(folder: Path, text: str) -> str:
    """Return text as ansible-vault encrypts it."""
    (folder / "password").write_text(VAULT_PASSWORD)
    command = [str(program("ansible-vault")), "encrypt", "--vault-password-file", "password", "--output", "-", "-"]
    environ = {**os.environ, "HOME": str(folder), "ANSIBLE_HOME": str(folder / ".ansible")}
    run = subprocess.run(command, cwd=folder, env=environ, input=text, capture_output=True, text=True, check=True)
    return run.stdout


@pytest.mark.every_core
@pytest.mark.parametrize("way", ["vault", "file", "environment"])
def test_no_secret_is_shown(sandbox: Sandbox, fleet: dict[str, str], tmp_path: Path, way: str) -> None:
    """The key of a service account from a vault, and the folders from an extra variable."""
    key = json.dumps(sandbox.service_account_key("viewer"))
    sandbox.cloud.add_connector(fleet["orders"], "sink", properties={"sasl.password": "hunter2secret"})
    vaulted = encrypted(tmp_path, key)
    (tmp_path / "key.json").write_text(vaulted)
    write(
        tmp_path,
        folder_ids="{{ folders }}",
        connectors=True,
        cache=True,
        cache_plugin="ansible.builtin.jsonfile",
        cache_connection=str(tmp_path / "cache"),
        endpoint="{{ url }}",
    )
    value = {
        "vault": "!vault |\n" + "".join(f"  {line}\n" for line in vaulted.splitlines()),
        "file": "\"{{ lookup('ansible.builtin.unvault', 'key.json') }}\"\n",
        "environment": "\"{{ lookup('ansible.builtin.env', 'KEY') }}\"\n",
    }
    with (tmp_path / "kafka_clusters.yml").open("a") as source:
        source.write(f"service_account_key: {value[way]}")
    (tmp_path / "extra.yml").write_text(json.dumps({"folders": [ONE, TWO], "url": sandbox.url}))
    arguments = ["--list", "-vvvv", "-e", "@extra.yml", "--vault-password-file", "password"]
    run = ansible_inventory(tmp_path, *arguments, env={"KEY": key})
    assert run.returncode == 0, run.stderr
    listed = json.loads(run.stdout[run.stdout.index("\n{") :])
    assert sorted(listed["kafka_clusters"]["hosts"]) == ["events", "orders", "orders-test"]
    assert listed["_meta"]["hostvars"]["orders"]["ansible_connection"] == "local"
    seen = run.stdout + run.stderr + "".join(path.read_text() for path in (tmp_path / "cache").iterdir())
    for secret in ("hunter2secret", "PRIVATE KEY", "Bearer ", *key.split("\\n")[1:-2]):
        assert secret not in seen
    assert "DEPRECAT" not in run.stderr


@pytest.mark.every_core
def test_broken_source_fails_the_run_if_ansible_is_configured_so(
    sandbox: Sandbox, fleet: dict[str, str], tmp_path: Path
) -> None:
    write(tmp_path)
    env = {"YC_ENDPOINT": sandbox.url, "YC_IAM_TOKEN": "wrong"}
    run = ansible_inventory(tmp_path, "--list", env=env)
    assert run.returncode == 0
    assert json.loads(run.stdout)["_meta"]["hostvars"] == {}
    assert f"Could not list clusters of folder {ONE}" in " ".join(run.stderr.split())
    run = ansible_inventory(tmp_path, "--list", env={**env, "ANSIBLE_INVENTORY_ANY_UNPARSED_IS_FAILED": "true"})
    assert run.returncode != 0


@pytest.mark.every_core
def test_documentation_is_shown() -> None:
    command = [str(program("ansible-doc")), "-t", "inventory", "--json", PLUGIN]
    environ = {**os.environ, "ANSIBLE_COLLECTIONS_PATH": collections_path()}
    run = subprocess.run(command, env=environ, capture_output=True, text=True, check=True)
    documented = json.loads(run.stdout)[PLUGIN]
    assert {"iam_token", "folder_ids", "hostname", "cache", "keyed_groups"} <= documented["doc"]["options"].keys()
    for document in yaml.safe_load_all(documented["examples"]):
        assert document["plugin"] == PLUGIN
