"""Somebody who visits a running server over HTTP, with cookies and without a browser."""

import http.client
import mimetypes
import secrets
from dataclasses import dataclass
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urlsplit

SECONDS = 60


@dataclass(frozen=True)
class Answer:
    """What the server said."""

    status: int
    location: str
    text: str


class Visitor:
    """Keeps cookies as a browser does; sends the token that forms carry.

    `base_url` is the public address; `port` is where the server really listens on loopback, as
    a proxy in front of it would know.
    """

    def __init__(self, port: int, base_url: str) -> None:
        """This will start without cookies."""
        self.port = port
        self.origin = base_url
        parts = urlsplit(base_url)
        self.headers = {"Host": parts.netloc, "X-Forwarded-Proto": parts.scheme}
        self.cookies: dict[str, str] = {}

    def get(self, path: str) -> Answer:
        """This will fetch a page; redirects are not followed."""
        return self._ask("GET", path, None, {})

    def post(self, path: str, fields: dict[str, str], files: dict[str, object] | None = None):
        """This will send a form, with files by field name when there are some."""
        headers = {
            "X-CSRFToken": self.cookies.get("csrftoken", ""),
            "Origin": self.origin,
            "Referer": f"{self.origin}{path}",
        }
        if not files:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            return self._ask("POST", path, urlencode(fields).encode(), headers)
        boundary = secrets.token_hex(12)
        headers["Content-Type"] = f"multipart/form-data; boundary={boundary}"
        return self._ask("POST", path, _multipart(boundary, fields, files), headers)

    def fill_in(self, path: str, fields: dict[str, str], files=None) -> Answer:
        """This will open the page of a form and send it."""
        page = self.get(path)
        assert page.status == http.client.OK, (path, page)
        return self.post(path, fields, files)

    def _ask(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=SECONDS)
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        try:
            sent = {**self.headers, **headers, **({"Cookie": cookies} if cookies else {})}
            connection.request(method, path, body, sent)
            answer = connection.getresponse()
            for line in answer.headers.get_all("Set-Cookie") or []:
                for name, morsel in SimpleCookie(line).items():
                    self.cookies[name] = morsel.value
            text = answer.read().decode("utf-8", "replace")
            return Answer(answer.status, answer.headers.get("Location", ""), text)
        finally:
            connection.close()


def _multipart(boundary: str, fields: dict[str, str], files: dict[str, object]) -> bytes:
    """This will write a form with files; a file is its path."""
    parts: list[bytes] = []
    for name, value in fields.items():
        parts += [
            f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n'.encode(),
            f"{value}\r\n".encode(),
        ]
    for name, paths in files.items():
        for path in paths:
            kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
            head = f'name="{name}"; filename="{path.name}"\r\nContent-Type: {kind}\r\n\r\n'
            parts += [
                f"--{boundary}\r\nContent-Disposition: form-data; {head}".encode(),
                path.read_bytes(),
                b"\r\n",
            ]
    return b"".join([*parts, f"--{boundary}--\r\n".encode()])
