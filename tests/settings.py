"""The site's settings, with nothing of the environment in them and a folder of their own for everything that is kept.

TEST_DATABASE_URL=postgres://… runs the tests on PostgreSQL.
"""

import os
import re
import tempfile
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
for name in re.findall(r'env\.\w+\(\s*"([A-Z_]+)"', (REPOSITORY / "studio" / "settings.py").read_text("utf-8")):
    os.environ.pop(name, None)
os.environ["DATA_DIR"] = tempfile.mkdtemp(prefix="duplet-tests-")
os.environ["SECRET_KEY"] = "only-for-tests-" + "0123456789abcdefghij" * 2
if os.environ.get("TEST_DATABASE_URL"):
    os.environ["DATABASE_URL"] = os.environ["TEST_DATABASE_URL"]

from studio.settings import *  # noqa: E402, F403  after the environment is set
from studio.settings import STATIC_ROOT, STORAGES  # noqa: E402  named for type checkers

# Hashed names need collected files; the tests of a running server use those.
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
STATIC_ROOT.mkdir()
