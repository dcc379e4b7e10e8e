# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The declaration of the fields: everything else follows from one line."""

from __future__ import annotations

import importlib
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._connector import fields
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._connector.fields import (
    INTEGERS,
    SPECIFICATION,
    Field,
    groups,
)
from ansible_collections.yandex_cloud.managed_kafka.plugins.modules.kafka_connector import TASK

MIRROR = "connector_config_mirrormaker"
S3 = "connector_config_s3_sink"


def walk(level: tuple[Field, ...] = SPECIFICATION, path: tuple[str, ...] = ()) -> Iterator[tuple[str, Field]]:
    for field in level:
        yield ".".join((*path, field.name)), field
        yield from walk(field.fields, (*path, field.name))


def test_each_field_is_an_option() -> None:
    for path, field in walk():
        level, *names = TASK.argument_spec, *path.split(".")
        for name in names[:-1]:
            level = level[name]["options"]
        option = level[names[-1]]
        assert option["type"] == ("dict" if field.type == "map" else field.type), path
        assert option.get("elements") == ("str" if field.type == "list" else None), path
        assert tuple(option.get("aliases", ())) == field.aliases, path
        assert option.get("no_log", False) is field.secret, path
        assert ("options" in option) == (field.type == "dict"), path
        # An alias that is also a name at the same level would hide the other option.
        assert not set(field.aliases) & set(level), path
        # Fields that are required to create a connector are not required to pause it.
        assert not option.get("required"), path


def test_integers_are_found_at_each_level() -> None:
    assert {field.name for dummy, field in walk() if field.type == "int"} == INTEGERS


def test_groups_contain_fields_that_exclude_each_other() -> None:
    iceberg = dict(walk())["connector_config_iceberg_sink"]
    assert {name: [field.name for field in group] for name, group in groups(iceberg.fields).items()} == {
        "topics_source": ["topics", "topics_regex"],
        "table_routing": ["static_tables", "dynamic_tables"],
    }


def test_new_int_field_needs_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Options, conversion, comparison, update mask and body follow from one more line in a copy of the collection."""
    source = Path(fields.__file__).parents[2]
    shutil.copytree(source, tmp_path / "edited", ignore=shutil.ignore_patterns("__pycache__"))
    edited = tmp_path / "edited" / Path(fields.__file__).relative_to(source)
    line = 'Field("replication_factor", "int", minimum=1),\n'
    text = edited.read_text()
    assert text.count(line) == 1
    edited.write_text(text.replace(line, f'{line}Field("heartbeats_max", "int", minimum=1),\n'))
    monkeypatch.syspath_prepend(tmp_path)
    before = set(sys.modules)
    try:
        module = importlib.import_module("edited.modules.kafka_connector")
        parse = importlib.import_module("edited.module_utils._connector.parse")
        plan = importlib.import_module("edited.module_utils._connector.plan")
        model = importlib.import_module("edited.module_utils._connector.model")
    finally:
        for name in set(sys.modules) - before:
            monkeypatch.delitem(sys.modules, name)

    assert module.TASK.argument_spec[MIRROR]["options"]["heartbeats_max"] == {"type": "int"}
    with pytest.raises(parse.InputError, match=f"{MIRROR}.heartbeats_max is 0, which is less than 1"):
        parse.parse_specification({MIRROR: {"heartbeats_max": 0}})
    current = model.connector_from_api({"name": "mirror", "connectorConfigMirrormaker": {"heartbeatsMax": "5"}})
    assert current[MIRROR] == {"heartbeats_max": 5}
    wanted = model.Wanted("present", parse.parse_specification({MIRROR: {"heartbeats_max": 7}}))
    step = plan.step_for("configure", wanted, current)
    assert step.body == {
        "updateMask": "connectorSpec.connectorConfigMirrormaker.heartbeatsMax",
        "connectorSpec": {"connectorConfigMirrormaker": {"heartbeatsMax": "7"}},
    }
    assert (step.before, step.after) == ({MIRROR: {"heartbeats_max": 5}}, {MIRROR: {"heartbeats_max": 7}})
    assert plan.step_for("configure", wanted, step.connector) is None
