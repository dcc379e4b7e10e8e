# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What happens if a run is interrupted: the task ends at once, and the last line names the operations that continue."""

from __future__ import annotations

import atexit
import multiprocessing
import os
import signal
import sys
from collections.abc import Sequence
from types import FrameType, TracebackType
from typing import Any, NoReturn

from ..module_utils._run.progress import Progress
from .progress import ProgressLines

# Seconds after which a worker notices that the main process has ended.
_CHECK = 1.0
# Maximum seconds that the main process waits for the last words of a worker.
_LAST_SECONDS = 5.0
# Ansible closes the standard streams of its workers. This module is imported before that, and keeps the error stream.
_STDERR = os.dup(2)
# After Ctrl-C, the main process prints a line of its own when it ends. What a worker writes here is printed after it.
_LAST_WORDS = os.pipe()
for _end in _LAST_WORDS:
    os.set_blocking(_end, False)
_MAIN_PROCESS = os.getpid()


def _print_last_words() -> None:
    """Print what the workers wrote, when the main process ends."""
    if os.getpid() != _MAIN_PROCESS:
        return
    # Ansible does not wait for the workers that it interrupts.
    for worker in multiprocessing.active_children():
        worker.join(_LAST_SECONDS)
    try:
        words = os.read(_LAST_WORDS[0], 65536)
    except BlockingIOError:
        return
    sys.stdout.flush()
    sys.stderr.flush()
    os.write(_STDERR, words)


atexit.register(_print_last_words)


class Interruptible:
    """A context in which Ctrl-C and SIGTERM end the process at once, with a line about each running operation.

    :param report: shows the progress of the task
    """

    def __init__(self, report: ProgressLines) -> None:
        self._report = report
        self._subjects: Sequence[Progress] = ()
        self._parent = os.getppid()
        self._before: dict[int, Any] = {}

    def __enter__(self) -> Interruptible:
        for signum in (signal.SIGINT, signal.SIGTERM):
            self._before[signum] = signal.signal(signum, self._interrupt)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        for signum, handler in self._before.items():
            signal.signal(signum, handler)

    def __call__(self, subjects: Sequence[Progress], waited: float) -> float:
        """Show the progress, and end the process if nobody waits for its result any more."""
        self._subjects = subjects
        if os.getppid() != self._parent:
            self._end(_STDERR)
        return min(_CHECK, self._report(subjects, waited))

    def _interrupt(self, signum: int, _frame: FrameType | None) -> None:
        """Handle a signal."""
        self._end(_LAST_WORDS[1] if signum == signal.SIGINT else _STDERR)

    def _end(self, stream: int) -> NoReturn:
        """Write the last lines, and end the process.

        :param stream: file descriptor
        """
        for signum in self._before:
            signal.signal(signum, signal.SIG_IGN)
        lines = [_continues(subject) for subject in self._subjects if subject.is_in_progress]
        os.write(stream, "".join(lines).encode())
        os._exit(1)


def _continues(subject: Progress) -> str:
    operation = subject.operation["id"] if subject.operation else ""
    return (
        f"{subject.name}: operation {operation} continues on the service. Wait for it: ansible localhost "
        f"-m yandex_cloud.managed_kafka.operation_info -a 'operation_id={operation} wait=true'\n"
    )
