# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The event source's documentation agrees with the code that checks its options."""

from __future__ import annotations

import runpy
from dataclasses import fields
from pathlib import Path

import yaml  # type: ignore[import-untyped]

from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._watch import options

ROOT = Path(options.__file__).parents[3]
SOURCE = runpy.run_path(str(ROOT / "extensions/eda/plugins/event_source/connector_status.py"))
DOCUMENTED = yaml.safe_load(SOURCE["DOCUMENTATION"])["options"]


def test_every_option_is_documented() -> None:
    assert {field.name for field in fields(options.Options)} <= DOCUMENTED.keys()


def test_choices_of_events_are_the_types() -> None:
    assert set(DOCUMENTED["events"]["choices"]) == {*options.USUAL_EVENTS, *options.QUIET_EVENTS}


def test_defaults_are_valid() -> None:
    values = options.convert({"cluster_ids": "c9q1"}, DOCUMENTED)
    assert options.check(values, {}).interval == 30
    assert values["request_timeout"] == 10
