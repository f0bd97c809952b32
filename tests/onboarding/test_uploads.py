"""A file that is too large is not kept while it is being sent, and its reader is told."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import RequestFactory

MB = 1024 * 1024


def sent(settings, size):
    """How much is kept of an upload of this size, when a megabyte may be sent."""
    settings.MAX_IMPORT_BYTES = MB
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 0
    upload = SimpleUploadedFile("list.csv", b"x" * size)
    with RequestFactory().post("/", {"files": upload}).FILES["files"] as file:
        file.seek(0, io.SEEK_END)
        return file.size, file.tell()


@pytest.mark.parametrize("size", [10, MB])
def test_a_file_within_the_limit_is_kept_whole(settings, size):
    assert sent(settings, size) == (size, size)


def test_of_a_larger_file_no_more_is_kept_than_shows_that_it_is_too_large(settings):
    size, kept = sent(settings, 5 * MB)

    assert size == kept
    assert MB < kept <= MB + 64 * 1024
