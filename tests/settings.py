"""The product's settings, free of the developer's environment; the data folder goes away."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

FOLDER = Path(tempfile.mkdtemp(prefix="onboarding-"))
atexit.register(shutil.rmtree, FOLDER, ignore_errors=True)

TAKEN = (
    "ALLOWED_HOSTS",
    "ANYMAIL",
    "BASE_URL",
    "DNS",
    "EMAIL",
    "LINK_KEY",
    "LOG_LEVEL",
    "OWN_DOMAINS",
    "PORT",
    "SECRET_KEY",
    "STATIC_ROOT",
    "TIME_ZONE",
    "TRUSTED_PROXIES",
)
SERVERS = ("DATABASE_URL", "REDIS_URL")
# `python -m tests.services` sets both servers; any other address in the environment is somebody's.
PREFIXES = TAKEN if os.environ.get("TEST_SERVERS") else TAKEN + SERVERS
for name in [name for name in os.environ if name.startswith(PREFIXES)]:
    del os.environ[name]
os.environ["DATA_DIR"] = str(FOLDER)
os.environ["SECRET_KEY"] = "a key for tests, and for nothing but tests, of fifty"
os.environ["LINK_KEY"] = "another key for tests, so that the two are told apart"

from onboarding.settings import *  # noqa: E402, F403 - only now is the environment clean
from onboarding.settings import CACHES, DATABASES, STATIC_ROOT, STORAGES  # noqa: E402

if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A file, as in the embedded mode: threads then see the same locks as there.
    DATABASES["default"]["TEST"] = {"NAME": str(FOLDER / "test.sqlite3")}
else:
    DATABASES["default"]["CONN_MAX_AGE"] = 0

# Test processes share one Redis server and must not read what another one wrote.
CACHES["default"]["KEY_PREFIX"] = os.environ.get("PYTEST_XDIST_WORKER", "")
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
WHITENOISE_USE_FINDERS = True
STATIC_ROOT.mkdir()
