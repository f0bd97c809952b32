"""What this machine remembers of its own sending: a small file beside the uploaded files."""

import json
import os
import tempfile
from pathlib import Path

from django.conf import settings

from delivery.rules.holding import Note

NAME = "sending.json"


def read_note() -> Note | None:
    """This will give what was remembered; None when nothing was, or it cannot be read."""
    try:
        told = json.loads(_path().read_text(encoding="utf-8"))
        return Note(instance=str(told["instance"]), turn=int(told["turn"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def write_note(note: Note) -> None:
    """This will remember a note, whole or not at all."""
    path = _path()
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=NAME)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump({"instance": note.instance, "turn": note.turn}, file)
    Path(name).replace(path)


def _path() -> Path:
    return Path(settings.DATA_DIR) / NAME
