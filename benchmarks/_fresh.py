"""Django on a database of a benchmark's own, which goes away with it; other benchmarks use it."""

import atexit
import os
import shutil
import tempfile

import django
from django.core.management import call_command

__all__ = ["call_command", "django_here"]


def django_here() -> None:
    """This will start Django in a throw-away folder; a child process shares that of its parent."""
    if "BENCH_FOLDER" not in os.environ:
        folder = tempfile.mkdtemp(prefix="bench-")
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
        os.environ["BENCH_FOLDER"] = folder
    os.environ["DATA_DIR"] = os.environ["BENCH_FOLDER"]
    os.environ["DJANGO_SETTINGS_MODULE"] = "onboarding.settings"
    django.setup()
