"""The one process of the embedded mode: gunicorn's threads, a Celery worker and beat."""

from typing import Any

from django.conf import settings as django_settings
from django.core.handlers.wsgi import WSGIHandler
from django.core.wsgi import get_wsgi_application
from gunicorn.app.base import BaseApplication

from jobs import embedded
from onboarding.celery import app

THREADS = 8


class EmbeddedServer(BaseApplication):  # type: ignore[misc]  # gunicorn has no types
    """Gunicorn with one process; the worker starts inside it, after the fork."""

    def __init__(self, bind: str) -> None:
        """This will serve on `bind`, "host:port"."""
        self.bind = bind
        super().__init__()

    def load_config(self) -> None:
        """This will set what gunicorn usually reads from a file."""
        settings: dict[str, Any] = {
            "bind": self.bind,
            "workers": 1,
            "threads": THREADS,
            "worker_class": "gthread",
            "timeout": 120,
            "graceful_timeout": 10,
            "loglevel": "warning",
            "control_socket_disable": True,
            "post_worker_init": _start_worker,
        }
        for name, value in settings.items():
            if name in self.cfg.settings:
                self.cfg.set(name, value)

    def load(self) -> WSGIHandler:
        """This will give the WSGI application; stylesheets come from the source tree here."""
        django_settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
        return get_wsgi_application()


def _start_worker(_worker: object) -> None:
    embedded.start(app)
