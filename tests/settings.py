"""The site's settings, with nothing of the environment in them and a folder of their own for everything that is kept.

TEST_DATABASE_URL=postgres://… runs the tests on PostgreSQL, TEST_REDIS_URL=redis://… with a Redis beside it.
"""

import os
import re
import secrets
import tempfile
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
for name in re.findall(r'env\.\w+\(\s*"([A-Z_]+)"', (REPOSITORY / "studio" / "settings.py").read_text("utf-8")):
    os.environ.pop(name, None)
os.environ["DATA_DIR"] = tempfile.mkdtemp(prefix="duplet-tests-")
os.environ["SECRET_KEY"] = "only-for-tests-" + secrets.token_urlsafe(40)
for name in ("DATABASE_URL", "REDIS_URL"):
    if os.environ.get(f"TEST_{name}"):
        os.environ[name] = os.environ[f"TEST_{name}"]

from studio.settings import *  # noqa: E402, F403  after the environment is set
from studio.settings import DATABASES, STATIC_ROOT, STORAGES  # noqa: E402  named for type checkers

if os.environ.get("TEST_DATABASE_URL"):
    # Several runs may share one PostgreSQL.
    DATABASES["default"]["TEST"] = {"NAME": f"test_duplet_{os.getpid()}"}

# Hashed names need collected files; the tests of a running server use those.
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
STATIC_ROOT.mkdir()
