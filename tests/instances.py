"""PostgreSQL and Redis of a test's own: on free ports, in a folder that goes away, to be stopped and frozen at will.

`python -m tests.instances COMMAND …` runs a command with TEST_DATABASE_URL and TEST_REDIS_URL set: to the servers on
their usual ports of this machine where they let us in, else to private ones for as long as the command runs.
"""

from __future__ import annotations

import contextlib
import getpass
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import ClassVar, TypeVar

import psycopg
import pytest
import redis

from tests.server import free_port

START_SECONDS = 60.0
UNPRIVILEGED = ("postgres", "nobody")
"""Who runs PostgreSQL where the tests run as root, which it refuses."""


class Instance:
    """A server process with a folder of its own. `start` first, `stop` at the end."""

    program: ClassVar[str]
    """What a machine has that can run it."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="duplet-instance-"))
        self.port = free_port()
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Where it is reached."""
        raise NotImplementedError

    def start(self) -> None:
        """Start it, on the same port and data as before, and wait until it answers."""
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                self._command(), stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=self.folder
            )
        until = time.monotonic() + START_SECONDS
        while not self.answers():
            if self.process.poll() is not None or time.monotonic() > until:
                self.kill()
                raise AssertionError((self.folder / "log").read_text(errors="replace"))
            time.sleep(0.05)

    def answers(self) -> bool:
        """Whether it takes connections."""
        raise NotImplementedError

    def freeze(self) -> None:
        """Let it fall silent, with every connection open."""
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let it go on."""
        self._signal(signal.SIGCONT)

    def kill(self) -> None:
        """End it without warning."""
        if self.process is not None:
            self._signal(signal.SIGKILL)
            self.process.wait()
            self.process = None

    def stop(self) -> None:
        """End it and remove what it kept."""
        self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _signal(self, number: signal.Signals) -> None:
        """To it and to its children: PostgreSQL is a process for each connection."""
        if self.process is None or self.process.poll() is not None:
            return
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        self.process.send_signal(number)
        for child in children:
            with contextlib.suppress(ProcessLookupError):
                os.kill(int(child), number)

    def _command(self) -> list[str]:
        raise NotImplementedError


INSTANCE = TypeVar("INSTANCE", bound=Instance)


class Redis(Instance):
    """A Redis that keeps nothing on disk."""

    program = "redis-server"

    @property
    def url(self) -> str:
        """Its first database."""
        return f"redis://127.0.0.1:{self.port}/0"

    def answers(self) -> bool:
        """Whether it takes connections."""
        return _redis_answers(self.url)

    def _command(self) -> list[str]:
        program = found("redis-server")
        return [program, "--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]


class Postgres(Instance):
    """A PostgreSQL cluster with one database, "duplet", as small and as durable as a site's would be."""

    program = "initdb"

    def __init__(self) -> None:
        super().__init__()
        self._data = self.folder / "data"
        self._as: list[str] = []
        if os.geteuid() == 0:
            person = next(name for name in UNPRIVILEGED if name in {entry.pw_name for entry in pwd.getpwall()})
            shutil.chown(self.folder, person)
            self._as = ["setpriv", f"--reuid={person}", f"--regid={pwd.getpwnam(person).pw_gid}", "--clear-groups"]
        made = subprocess.run(
            [*self._as, found("initdb"), "-D", str(self._data), "-U", "duplet", "-A", "trust", "-E", "UTF8", "-N"],
            cwd=self.folder,
            capture_output=True,
            text=True,
            check=False,
        )
        if made.returncode:
            raise AssertionError(made.stderr)

    @property
    def url(self) -> str:
        """Its database."""
        return f"postgres://duplet@127.0.0.1:{self.port}/duplet"

    def start(self) -> None:
        """Start it; at the first start its database is made."""
        super().start()
        with psycopg.connect(self._postgres, autocommit=True) as connection:
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = 'duplet'").fetchone():
                connection.execute("CREATE DATABASE duplet")

    def answers(self) -> bool:
        """Whether it takes connections."""
        return _postgres_answers(self._postgres)

    def kill(self) -> None:
        """End it and all it started without warning, as a power cut would."""
        super().kill()
        (self._data / "postmaster.pid").unlink(missing_ok=True)

    @property
    def _postgres(self) -> str:
        return f"postgres://duplet@127.0.0.1:{self.port}/postgres"

    def _command(self) -> list[str]:
        own = {"unix_socket_directories": str(self.folder), "listen_addresses": "127.0.0.1", "shared_buffers": "32MB"}
        settings = [part for name, value in own.items() for part in ("-c", f"{name}={value}")]
        return [*self._as, found("postgres"), "-D", str(self._data), "-p", str(self.port), *settings]


@contextlib.contextmanager
def private(kind: type[INSTANCE]) -> Iterator[INSTANCE]:
    """A server of a test's own, started; the test is skipped, loudly, where this machine has no such program."""
    try:
        found(kind.program)
    except FileNotFoundError as missing:
        pytest.skip(str(missing))
    own = kind()
    own.start()
    try:
        yield own
    finally:
        own.thaw()
        own.stop()


def found(program: str) -> str:
    """The path of a server's program; Debian keeps PostgreSQL's out of the path."""
    path = shutil.which(program)
    debian = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{program}"))
    if path is None and not debian:
        raise FileNotFoundError(f"{program} is not installed.")
    return path or str(debian[-1])


def _postgres_answers(url: str) -> bool:
    try:
        with psycopg.connect(url, connect_timeout=5) as connection:
            may = "SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = user"
            return connection.execute(may).fetchone() == (True,)
    except psycopg.OperationalError:
        return False


def _redis_answers(url: str) -> bool:
    try:
        with redis.Redis.from_url(url, socket_timeout=5, socket_connect_timeout=5) as client:
            return bool(client.ping())
    except redis.RedisError:
        return False


def _provided(variable: str, usual: str, answers: Callable[[str], bool], make: type[Instance]) -> Instance | None:
    """Set `variable` where it is not set; the private instance that was started for it, if one was."""
    if os.environ.get(variable):
        return None
    if answers(usual):
        os.environ[variable] = usual
        return None
    own = make()
    own.start()
    os.environ[variable] = own.url
    return own


def main() -> int:
    """Run the command in the arguments, and say its exit code."""
    usual = f"postgres://{getpass.getuser()}@127.0.0.1:5432/test"
    started = [
        _provided("TEST_DATABASE_URL", usual, _postgres_answers, Postgres),
        _provided("TEST_REDIS_URL", "redis://127.0.0.1:6379/9", _redis_answers, Redis),
    ]
    try:
        return subprocess.run(sys.argv[1:], check=False).returncode
    finally:
        for instance in started:
            if instance is not None:
                instance.stop()


if __name__ == "__main__":
    sys.exit(main())
