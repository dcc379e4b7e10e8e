# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Random tasks: a plan that was executed is empty, and no secret is shown or sent by mistake."""

from __future__ import annotations

import json
from collections.abc import Sequence

from hypothesis import given, reject
from hypothesis import strategies as st

from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._api.errors import InputError
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._api.secrets import MASK, mask
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._connector.fields import (
    CONNECTOR_TYPES,
    SPECIFICATION,
)
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._connector.model import (
    Connector,
    Step,
    Wanted,
    from_json,
)
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._connector.plan import (
    STATES,
    merged_diff,
    step_for,
)
from ansible_collections.yandex_cloud.managed_kafka.tests.support.strategies import (
    SECRET,
    of_type,
    patiently,
    specifications,
    updatable,
)
from ansible_collections.yandex_cloud.managed_kafka.tests.unit.plugins.module_utils._connector.test_plan import (
    play,
    wanted,
)


@st.composite
def connectors(draw: st.DrawFn) -> tuple[str, Connector]:
    """Return a type, and a connector of this type as the API can show it."""
    kind = draw(st.sampled_from(CONNECTOR_TYPES))
    spec = draw(specifications(of_type(kind), complete=True))
    step = step_for("configure", wanted(spec=spec), None, "mirror")
    assert step
    assert step.connector
    status = draw(st.sampled_from(["RUNNING", "PAUSED", "ERROR", "STATUS_UNKNOWN"]))
    return kind, {"tasks_max": 3, "cluster_id": "c9q", "future": [], **step.connector, "status": status}


@st.composite
def tasks(draw: st.DrawFn, states: Sequence[str] = tuple(STATES)) -> tuple[Wanted, Connector]:
    """Return a task, and the connector that it finds. The task fails only if required fields are missing."""
    kind, current = draw(connectors())
    state = draw(st.sampled_from(states))
    spec = {} if state == "restarted" else draw(specifications(updatable(of_type(kind))))
    flags = {"purge_properties": draw(st.booleans()), "update_secrets": draw(st.booleans())}
    return wanted(state, spec, **flags), current


def attempt(want: Wanted, current: Connector) -> tuple[list[Step], Connector | None]:
    """Take all steps. Reject the example if required fields of a new message are missing."""
    try:
        return play(want, current)
    except InputError as error:
        message = error.msg
    assert "he change requires " in message
    assert SECRET not in message
    return reject()


@patiently
@given(tasks())
def test_executed_plan_is_empty(task: tuple[Wanted, Connector]) -> None:
    want, current = task
    steps, after = attempt(want, current)
    again = Wanted(want.state, want.spec, want.purge_properties)
    for goal in STATES[again.state].goals if want.state != "restarted" else ():
        assert step_for(goal, again, after) is None
    diff = merged_diff(steps)
    assert bool(steps) or diff == {"before": {}, "after": {}}
    for step in steps:
        assert step.before != step.after
        if step.action == "update":
            assert step.after.keys() == step.before.keys() == {*from_json(step.body["connectorSpec"])}


@patiently
@given(tasks())
def test_no_mask_is_sent_and_no_secret_is_shown(task: tuple[Wanted, Connector]) -> None:
    want, current = task
    steps, after = attempt(want, current)
    assert MASK not in json.dumps([{**step.body} for step in steps])
    assert SECRET not in json.dumps([after, merged_diff(steps), [step.connector for step in steps]])
    if not want.update_secrets:
        masks = [step.body["updateMask"] for step in steps if step.action == "update"]
        assert not any(secret in mask for mask in masks for secret in ("saslPassword", "Certificates", "secretAccess"))


@patiently
@given(connectors(), st.sampled_from(["present", "paused", "running"]), st.booleans())
def test_returned_connector_as_options_is_no_change(found: tuple[str, Connector], state: str, purge: bool) -> None:
    dummy, current = found
    shown = mask(current)
    names = {field.name for field in SPECIFICATION}
    spec = {name: value for name, value in shown.items() if name in names}
    steps, _after = play(wanted(state, spec, purge_properties=purge), {**current, "status": "RUNNING"})
    assert [step.action for step in steps] == (["pause"] if state == "paused" else [])
