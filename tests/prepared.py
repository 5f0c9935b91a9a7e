"""What every new site begins with, made once: a database that is up to date, and its styles and scripts in place.

A server brings both about by itself (`tests.flows.test_setup` sees it do so), in about three seconds of work.
"""

from __future__ import annotations

import atexit
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
DATABASE = "duplet.sqlite3"


def lay(data_dir: Path) -> None:
    """Into the folder of a site that has not been started yet."""
    made = _made()
    shutil.copy(made / DATABASE, data_dir / DATABASE)
    shutil.copytree(made / "static", data_dir / "static", copy_function=os.link, dirs_exist_ok=True)


def migrate(environment: Mapping[str, str]) -> None:
    """The database that an environment names."""
    _manage(environment, "migrate")


@cache
def _made() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="duplet-prepared-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    environment = {"DATA_DIR": str(folder)}
    _manage(environment, "prepare")
    return folder


def _manage(environment: Mapping[str, str], command: str) -> None:
    arguments = [sys.executable, "manage.py", command, "--verbosity=0"]
    subprocess.run(arguments, cwd=REPOSITORY, env={"PATH": os.environ["PATH"], **environment}, check=True)
