"""What kind of file it is, told by its first bytes and lines."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from erp.rules.reading import (
    CP1252,
    MIXED,
    UTF8,
    Kind,
    TextShape,
    UnreadableFileError,
    decode,
    is_iif,
    kind_of,
    looks_like_header,
    separator_of,
    text_shape,
    without_nul,
)


@pytest.mark.parametrize(
    ("head", "shape"),
    [
        (b"a,b\n1,2\n", TextShape(UTF8)),
        (b"\xef\xbb\xbfa,b\n", TextShape(UTF8, 3)),
        (b"\xff\xfea\0,\0", TextShape("utf-16-le", 2)),
        (b"\xfe\xff\0a\0,", TextShape("utf-16-be", 2)),
        ("Kunde,Ort\n".encode("utf-16-le"), TextShape("utf-16-le")),
        ("Kunde,Ort\n".encode("utf-16-be"), TextShape("utf-16-be")),
        (b"M\xfcller,1\n", TextShape(UTF8)),
    ],
)
def test_the_encoding_is_told_by_the_first_bytes(head, shape):
    assert text_shape(head) == shape


def test_random_bytes_are_no_text():
    with pytest.raises(UnreadableFileError, match="no text file"):
        text_shape(bytes(range(256)) * 20)


@pytest.mark.parametrize(
    ("head", "words"),
    [
        (b"\x89PNG\r\n\x1a\n", "picture"),
        (b"%PDF-1.7", "PDF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 99, "old Excel"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "password"),
    ],
)
def test_what_is_no_list_is_said_plainly(head, words):
    with pytest.raises(UnreadableFileError, match=words):
        kind_of(head)


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"PK\x03\x04", Kind.WORKBOOK),
        (b"a,b", Kind.TEXT),
        (b"  <html><table>", Kind.PAGE),
        (b"\xef\xbb\xbf<!-- made by us --><table border=1>", Kind.PAGE),
        (b"\xff\xfe" + "<html>".encode("utf-16-le"), Kind.PAGE),
        (b'<?xml version="1.0"?><Workbook>', Kind.PAGE),
        (b"MIME-Version: 1.0\r\nContent-Type: multipart/related", Kind.PAGE),
        (b"<none>;a@b.com", Kind.TEXT),
    ],
)
def test_workbooks_and_web_pages_are_told_by_their_first_bytes(head, kind):
    assert kind_of(head) is kind


def test_an_iif_file_starts_with_a_list_head():
    assert is_iif(["!HDR\tPROD\n", "HDR\tQuickBooks\n", "!CUST\tNAME\n"])
    assert not is_iif(["Name\tEmail\n", "!CUST\tx\n"])


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        (["a,b,c", "1,2,3"], (",", 0)),
        (["a;b;c", "1;2,5;3"], (";", 0)),
        (["a\tb", "1\t2"], ("\t", 0)),
        (["a|b|c", "1|2|3"], ("|", 0)),
        (["sep=;", "a,1;b,2"], (";", 1)),
        (["List of customers", "", "a;b;c", "1;2;3", "4;5;6"], (";", 0)),
        (["a,b", '"Smith; Sons; Co","x"'], (",", 0)),
        (["alone"], (",", 0)),
    ],
)  # fmt: skip
def test_the_separator_is_the_even_one(lines, found):
    assert separator_of(lines) == found


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (["Account", "Name", "Email"], True),
        (["10000", "Firm 0", "500", "pat@firm.com"], False),
        (["10000", "7", "500"], False),
        (["Customers as of June", "", ""], False),
        (["", "Name", "Zip", ""], True),
    ],
)
def test_column_names_are_words_not_values(cells, expected):
    assert looks_like_header(cells) is expected


def test_a_line_that_is_not_utf8_is_read_as_windows_1252():
    assert decode("Müller".encode("cp1252"), MIXED) == ("Müller", True)
    assert decode("Müller".encode(), MIXED) == ("Müller", False)
    assert decode("Müller".encode("cp1252"), CP1252) == ("Müller", False)


@given(st.binary(max_size=200))
def test_every_line_can_be_decoded(line):
    for encoding in (UTF8, CP1252, MIXED):
        decode(line, encoding)[0].encode()


@given(st.text(st.characters(codec=None), max_size=30))
def test_no_text_keeps_a_nul_or_a_lone_surrogate(text):
    clean = without_nul(text)

    assert "\x00" not in clean
    clean.encode()
