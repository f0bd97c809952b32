"""What happens to a file while it is being sent: what is too large is not kept."""

from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import TemporaryFileUploadHandler


class LimitedFileUploadHandler(TemporaryFileUploadHandler):
    """Writes an upload to disk up to the limit, and lets the rest of it go by.

    What was kept is then larger than the limit by one chunk, so that whoever reads it sees that
    it is too large and can say so beside the files that are not.
    """

    written = 0

    def new_file(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - Django's signature
        """This will start counting for the next file."""
        super().new_file(*args, **kwargs)
        self.written = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        """This will write a chunk, unless the limit was passed before it."""
        if self.written <= settings.MAX_IMPORT_BYTES:
            super().receive_data_chunk(raw_data, start)
            self.written += len(raw_data)
        return None

    def file_complete(self, file_size: int) -> Any:  # noqa: ANN401 - Django's signature
        """This will hand the file over with the size that was kept."""
        return super().file_complete(min(file_size, self.written))
