# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The runner of pages finds the mistakes of a page."""

from __future__ import annotations

from pathlib import Path

import pytest
from shell import run_page

from sandbox import Sandbox

CORRECT = """
<!-- test: status mirror-orders ERROR -->
```yaml
# names.txt
- first
- second
```
```console
$ export WORD=second OPERATION=mqqb3tqn6tbqd2cv5k1h
$ cat names.txt
...
- second
$ grep -c $WORD names.txt
1
$ echo took 4.2 s, $OPERATION; echo failed=1; false
took 0.1 s, mqq00000000000000000
failed=1
```
"""


def test_correct_page_passes(sandbox: Sandbox, tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(CORRECT, encoding="utf-8")
    run_page(page, sandbox, tmp_path)
    (cluster_id,) = {operation.cluster_id for operation in sandbox.cloud.operations()}
    connector = sandbox.cloud.connector(cluster_id, "mirror-orders")
    assert connector
    assert connector.Status.Name(connector.status) == "ERROR"


@pytest.mark.parametrize(
    ("text", "mistake", "message"),
    [
        ("...\n- second", "- second\n- first", "does not show this line"),
        ("failed=1; false", "failed=1", "ended with status 0"),
        ("grep -c $WORD", "grep -c missing", "ended with status 1"),
        ("names.txt\n1", "names.txt\n2", "does not show this line"),
        ("# names.txt", "# other.txt", "No such file"),
        ("```console\n$ export", "```console\ntext\n$ export", "above the first command"),
        ("test: status mirror-orders", "test: health mirror-orders", "health"),
        ("```console", "```yaml\n# unused.yml\n```\n```console", "No command uses these files"),
    ],
)
def test_page_with_a_mistake_fails(text: str, mistake: str, message: str, sandbox: Sandbox, tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(CORRECT.replace(text, mistake, 1), encoding="utf-8")
    with pytest.raises(AssertionError, match=message):
        run_page(page, sandbox, tmp_path)
