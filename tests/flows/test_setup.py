"""The README's first command on a fresh clone, in a folder whose name has a space in it. Installs everything: last."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from tests.server import REPOSITORY, free_port

pytestmark = pytest.mark.fresh_clone
LINK = re.compile(r"http://localhost:\d+/signin/[\w-]+/")
INSTALL_SECONDS = 600.0
START_SECONDS = 20.0


class Terminal:
    """`make run` in a clone, with the environment of somebody who has set nothing."""

    def __init__(self, clone: Path) -> None:
        self.clone, self.port = clone, free_port()
        kept = {name: os.environ[name] for name in os.environ if not name.startswith(("DJANGO", "PYTHON", "VIRTUAL"))}
        for name in ("HOST", "DATA_DIR", "PUBLIC_URL", "DEBUG", "SECRET_KEY", "DATABASE_URL", "SIGN_UP", "MAKEFLAGS"):
            kept.pop(name, None)
        self.env = {**kept, "PORT": str(self.port)}
        self.output = clone.parent / "output.txt"
        self.process: subprocess.Popen[bytes] | None = None

    def run(self) -> None:
        """Type `make run`."""
        with self.output.open("wb") as output:
            self.process = subprocess.Popen(
                ["make", "run"],
                cwd=self.clone,
                env=self.env,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # a process group, as a terminal gives it to a command
            )

    def page(self) -> int | None:
        """The status of the first page, None where nothing answers."""
        try:
            return httpx.get(f"http://localhost:{self.port}/account/login/", trust_env=False, timeout=5).status_code
        except httpx.TransportError:
            return None

    def wait(self, met: Callable[[], bool], seconds: float) -> float:
        """The seconds until `met`; fails with what the terminal shows where that takes longer."""
        begun = time.monotonic()
        while not met():
            ended = self.process is not None and self.process.poll() is not None
            assert not ended, self.text()
            assert time.monotonic() - begun < seconds, self.text()
            time.sleep(0.1)
        return time.monotonic() - begun

    def press_ctrl_c(self) -> int:
        """Interrupt the whole group, as a terminal does, and say make's exit code."""
        assert self.process
        os.killpg(self.process.pid, signal.SIGINT)
        return self.process.wait(30)

    def text(self) -> str:
        """What the terminal shows."""
        return self.output.read_text(errors="replace")


@pytest.fixture(scope="module")
def terminal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Terminal]:
    """A clone of what is committed."""
    clone = tmp_path_factory.mktemp("a place") / "duplet clone"
    if not (REPOSITORY / ".git").exists() or shutil.which("git") is None:
        pytest.skip("This is no checkout that could be cloned.")
    subprocess.run(["git", "clone", "--quiet", "--no-hardlinks", str(REPOSITORY), str(clone)], check=True)
    shown = Terminal(clone)
    try:
        yield shown
    finally:
        if shown.process and shown.process.poll() is None:
            shown.press_ctrl_c()
        shutil.rmtree(clone.parent)


def test_make_run_installs_starts_and_lets_its_owner_in(terminal: Terminal) -> None:
    terminal.run()
    terminal.wait(lambda: terminal.page() == 200, INSTALL_SECONDS)
    link = LINK.findall(terminal.text())[0]
    with httpx.Client(trust_env=False, follow_redirects=True) as owner:
        assert owner.get(link).url.path == "/"
        assert owner.get(f"http://localhost:{terminal.port}/library/").status_code == 200


def test_ctrl_c_leaves_nothing_behind(terminal: Terminal) -> None:
    assert terminal.process
    group = terminal.process.pid
    terminal.press_ctrl_c()
    assert "Traceback" not in terminal.text()
    terminal_is_free = time.monotonic() + 5
    while _group_lives(group) and time.monotonic() < terminal_is_free:
        time.sleep(0.05)
    assert not _group_lives(group)


def test_a_second_start_takes_seconds(terminal: Terminal) -> None:
    terminal.run()
    assert terminal.wait(lambda: terminal.page() == 200, START_SECONDS) < START_SECONDS
    assert "Installing" not in terminal.text()
    terminal.press_ctrl_c()


def test_it_leaves_the_checkout_as_it_was(terminal: Terminal) -> None:
    changed = subprocess.run(["git", "status", "--porcelain"], cwd=terminal.clone, capture_output=True, check=True)
    assert not changed.stdout


def test_clean_keeps_the_songs(terminal: Terminal) -> None:
    subprocess.run(["make", "clean"], cwd=terminal.clone, env=terminal.env, capture_output=True, check=True)
    assert not (terminal.clone / ".venv").exists()
    assert (terminal.clone / "var" / "duplet.sqlite3").exists()


def _group_lives(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True
