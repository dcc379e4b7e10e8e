# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Starts ansible-playbook without its imports, which take longer than most plays.

A server imports Ansible once, and forks for each run. Tests start a client in place of ansible-playbook: it passes its
arguments, its environment and its streams to the server. Ansible reads its settings while it is imported, so for other
settings of Ansible or Python than those of the server, the client starts the real program.
"""

from __future__ import annotations

import atexit
import functools
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import traceback
from collections.abc import Callable, Mapping
from pathlib import Path

# Where ansible-runner keeps facts. It differs for each run, and no test gathers facts.
IGNORED = "ANSIBLE_CACHE_PLUGIN_CONNECTION"
CLIENT = """#!{python} -IS
import json, os, socket, sys
own = {{name: value for name, value in os.environ.items() if name.startswith(("ANSIBLE_", "PYTHON"))}}
own.pop({ignored!r}, None)
if own != {settings}:
    os.execv({program!r}, [{program!r}, *sys.argv[1:]])
run = json.dumps([sys.argv, os.getcwd(), dict(os.environ)]).encode()
with socket.socket(socket.AF_UNIX) as server:
    server.connect({address!r})
    socket.send_fds(server, [len(run).to_bytes(8, "big")], [0, 1, 2])
    server.sendall(run)
    sys.exit(int(server.recv(8) or 1))
"""


def client(program: Path, settings: Mapping[str, str]) -> Path:
    """Return the directory that contains the client as `ansible-playbook`. The first call starts the server.

    :param program: the real ansible-playbook
    :param settings: environment variables of Ansible
    """
    return _started(program, tuple(sorted(settings.items())))


@functools.cache
def _started(program: Path, settings: tuple[tuple[str, str], ...]) -> Path:
    folder = Path(tempfile.mkdtemp(prefix="warm-"))
    address = str(folder / "server")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "ANSIBLE_"))}
    environ = {**kept, "HOME": str(folder), **dict(settings)}
    server = subprocess.Popen([sys.executable, "-I", __file__, address], env=environ, stdout=subprocess.PIPE)
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    atexit.register(server.kill)
    assert server.stdout
    assert server.stdout.readline()  # The server listens now.
    values = {
        "python": sys.executable,
        "program": str(program),
        "address": address,
        "settings": dict(settings),
        "ignored": IGNORED,
    }
    file = folder / "ansible-playbook"
    file.write_text(CLIENT.format(**values))
    file.chmod(0o755)
    return folder


def serve(address: str) -> None:
    """Listen on a Unix socket until the parent process ends."""
    # Only the server needs them.
    import requests  # noqa: F401, PLC0415
    from ansible.cli.playbook import main  # noqa: PLC0415

    parent = os.getppid()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(address)
        listener.listen()
        listener.settimeout(1)
        print("ready", flush=True)
        while os.getppid() == parent:
            try:
                connection, dummy = listener.accept()
            except TimeoutError:
                continue
            if os.fork() == 0:
                signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                listener.close()
                connection.settimeout(None)
                run(connection, main)
            connection.close()


def run(connection: socket.socket, main: Callable[[], None]) -> None:
    """Run ansible-playbook for a client, send its exit status, and end this process."""
    size, streams, dummy, dummy = socket.recv_fds(connection, 8, 3)
    with connection.makefile("rb") as received:
        arguments, folder, environ = json.loads(received.read(int.from_bytes(size, "big")))
    child = os.fork()
    if child:
        threading.Thread(target=follow, args=(connection, child), daemon=True).start()
        connection.sendall(str(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])).encode())
        os._exit(0)
    connection.close()
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environ)
    sys.argv[:] = arguments
    status = 1
    try:
        main()
    except SystemExit as ended:
        status = int(ended.code or 0)
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


def follow(connection: socket.socket, child: int) -> None:
    """End a run if a test has killed its client."""
    if not connection.recv(1):
        os.kill(child, signal.SIGKILL)


if __name__ == "__main__":
    serve(sys.argv[1])
