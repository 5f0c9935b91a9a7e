"""The real server for tests: `manage.py serve` in a process and a data folder of its own."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import weakref
from pathlib import Path

import httpx

from tests import databases, prepared

REPOSITORY = Path(__file__).resolve().parent.parent
START_SECONDS = 60.0
STOP_SECONDS = 20.0


class Server:
    """A site that listens on a free port of this machine. `start` first, `stop` at the end."""

    program: tuple[str, ...] = ("manage.py",)
    """What Python is to run."""

    def __init__(self, data_dir: Path, **settings: str) -> None:
        self.data_dir = data_dir
        self.port = int(settings.get("PORT") or free_port())
        self.url = f"http://localhost:{self.port}"
        self.log_path = data_dir / "server.log"
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}
        own = {"DATA_DIR": str(data_dir), "PORT": str(self.port), "PYTHONUNBUFFERED": "1"}
        self.env = {**kept, **own, **databases.of_a_new_server(), **settings}
        self.process: subprocess.Popen[bytes] | None = None
        self._commands: subprocess.Popen[str] | None = None
        self._one_command = threading.Lock()

    def start(self) -> None:
        """Start it and wait until it answers. Fails with its log where it does not."""
        if not (self.data_dir / prepared.DATABASE).exists():
            prepared.lay(self.data_dir)
        with self.log_path.open("ab") as log:
            command = [sys.executable, *self.program, "serve", "--prepare"]
            self.process = subprocess.Popen(
                command, cwd=REPOSITORY, env=self.env, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT
            )
        until = time.monotonic() + START_SECONDS
        while not self.answers():
            if self.process.poll() is not None or time.monotonic() > until:
                self.kill()
                raise AssertionError(f"The server did not start:\n{self.log()}")
            time.sleep(0.05)

    def stop(self) -> int:
        """Ask it to end, as a service manager does, and say its exit code."""
        return self._end(signal.SIGTERM)

    def interrupt(self) -> int:
        """Press Ctrl+C, and say its exit code."""
        return self._end(signal.SIGINT)

    def kill(self) -> None:
        """End it without warning."""
        self._end(signal.SIGKILL)

    def restart(self) -> None:
        """Stop it and start it again on the same port and data."""
        self.stop()
        self.start()

    def beside(self, *arguments: str) -> subprocess.Popen[bytes]:
        """A `manage.py` command beside the site, on its data and into its log. Whoever asks for it ends it."""
        with self.log_path.open("ab") as log:
            command = [sys.executable, *self.program, *arguments]
            return subprocess.Popen(
                command, cwd=REPOSITORY, env=self.env, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT
            )

    def command(self, *arguments: str) -> str:
        """What a `manage.py` command on this server's data prints. Threads wait for each other."""
        with self._one_command:
            return self._told(arguments)

    def _told(self, arguments: tuple[str, ...]) -> str:
        if self._commands is None:
            command = [sys.executable, "-m", "tests.commands"]
            self._commands = subprocess.Popen(
                command, cwd=REPOSITORY, env=self.env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
            )
            self._commands_end = weakref.finalize(self, self._commands.communicate)
        ends = self._commands
        assert ends.stdin is not None
        assert ends.stdout is not None
        ends.stdin.write(json.dumps(arguments) + "\n")
        ends.stdin.flush()
        told = ends.stdout.readline()
        assert told, f"{arguments} failed, see above"
        return str(json.loads(told))

    def sign_in_link(self, email: str = "alice@example.org") -> str:
        """A fresh link that signs this person in once; whoever is not there yet is made."""
        return self.command("signin_link", "--new", email).splitlines()[-1]

    def log(self) -> str:
        """Everything it has written so far."""
        return self.log_path.read_text(errors="replace")

    def answers(self) -> bool:
        """Whether it is up."""
        try:
            return httpx.get(f"{self.url}/healthz", timeout=5, trust_env=False).status_code == 200
        except httpx.TransportError:
            return False

    def _end(self, number: signal.Signals) -> int:
        if self._commands is not None:
            self._commands_end()
            self._commands = None
        process, self.process = self.process, None
        if process is None:
            return 0
        process.send_signal(number)
        try:
            return process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise AssertionError(f"The server did not stop within {STOP_SECONDS:.0f} s:\n{self.log()}") from None


def free_port() -> int:
    """A port that nothing listens on right now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
