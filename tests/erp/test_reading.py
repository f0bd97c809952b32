"""Files of every kind as rows: web pages, XML spreadsheets, IIF, odd heads; and their limits."""

import csv
import io
import random

import openpyxl
import pytest

from contacts.rules.words import Entity
from erp.readers import tables
from erp.readers.tables import open_table
from erp.readers.workbook import Limits, write_sheets
from erp.rules.reading import UnreadableFileError

HEAD = "Account,Contact,Email"
ROW = "7,Ann Lee,ann@firm.com"


def keep(folder, content, encoding="utf-8"):
    """A file as it lies after an upload."""
    path = folder / "0"
    path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
    return path


def read(folder, content, encoding="utf-8"):
    """Format, heads and rows of a file."""
    table, _matched = open_table(keep(folder, content, encoding))
    return table.format, list(table.headers), [row.cells for row in tables.rows(table)]


def refusal(folder, content):
    with pytest.raises(UnreadableFileError) as raised:
        open_table(keep(folder, content))
    return str(raised.value)


PAGE = (
    "<html><head><title>List</title><style>td {color: red}</style></head><body>"
    "<table><tr><td colspan=3>Customers &amp; contacts</td></tr>"
    "<tr><th>Account</th><th>Contact</th><th>Email</th></tr>"
    "<tr><td rowspan='2'>7</td><td>Ann<br>Lee</td><td><a href='mailto:x'>ann@firm.com</a></td></tr>"
    "<tr><td>Bo&nbsp;Day</td><td>bo@firm.com<script>alert(1)</script></td></tr>"
    "</table></body></html>"
)
FROM_PAGE = [["7", "Ann\nLee", "ann@firm.com"], ["7", "Bo\xa0Day", "bo@firm.com"]]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_table_of_a_web_page_is_read_with_its_spans(tmp_path, encoding):
    told, heads, rows = read(tmp_path, PAGE, encoding)

    assert (told, heads) == ("HTML, table 1", ["Account", "Contact", "Email"])
    assert rows == FROM_PAGE


def test_a_page_says_how_it_is_encoded(tmp_path):
    page = PAGE.replace("<head>", '<head><meta charset="iso-8859-1">').replace("Ann", "Änne")
    _told, _heads, rows = read(tmp_path, page, "cp1252")

    assert rows[0][1] == "Änne\nLee"


def test_the_table_that_is_a_list_is_taken_not_the_layout_around_it(tmp_path):
    page = f"<table><tr><td>Menu</td></tr></table>{PAGE}"

    assert read(tmp_path, page)[2] == FROM_PAGE


def test_an_xml_spreadsheet_is_read_with_cells_left_out(tmp_path):
    sheet = (
        '<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"'
        ' xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet ss:Name="A"><Table>'
        "<Row><Cell><Data>Account</Data></Cell><Cell><Data>Contact</Data></Cell>"
        "<Cell><Data>Email</Data></Cell></Row>"
        '<Row><Cell><Data>007</Data></Cell><Cell ss:Index="3"><Data>a@b.com</Data></Cell></Row>'
        "</Table></Worksheet></Workbook>"
    )

    assert read(tmp_path, sheet)[2] == [["007", "", "a@b.com"]]


def test_a_web_archive_is_read_like_the_page_in_it(tmp_path):
    archive = (
        "MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=X\r\n\r\n--X\r\n"
        f"Content-Type: text/html; charset=utf-8\r\n\r\n{PAGE}\r\n--X--\r\n"
    )

    assert read(tmp_path, archive)[2] == FROM_PAGE


def test_a_page_without_a_table_is_refused(tmp_path):
    assert refusal(tmp_path, "<html><p>Session expired</p></html>").startswith(
        "This is a web page without a table in it."
    )


def test_text_and_tags_without_end_do_not_fill_the_memory(tmp_path):
    table, _matched = open_table(keep(tmp_path, PAGE.replace("Ann", "A" * 6_000_000)))
    assert [row.problem for row in tables.rows(table)] == [
        "A cell has more than 131,072 characters.",
        "",
    ]
    assert refusal(tmp_path, b"<table><tr><td " + b"x" * 6_000_000).startswith(
        "The web page is damaged: a tag is never closed."
    )


def test_of_an_iif_file_only_the_customers_are_read_under_their_own_numbers(tmp_path):
    told, heads, rows = read(
        tmp_path,
        "!ACCNT\tNAME\nACCNT\tBank\n!CUST\tNAME\tBADDR1\tEMAIL\tCONT1\tNOTE\n"
        "CUST\tFirm\tFirm\ta@b.com\tAnn\t7\nVEND\tOther\n",
    )

    assert (told, heads[:2]) == ("IIF, UTF-8", ["!CUST", "NAME"])
    assert rows == [["CUST", "Firm", "Firm", "a@b.com", "Ann", "7"]]


def test_an_iif_file_without_customers_is_refused(tmp_path):
    assert "holds no list of customers" in refusal(tmp_path, "!ACCNT\tNAME\nACCNT\tBank\n")


@pytest.mark.parametrize(
    "lines",
    [
        ["Customer list", "printed for Sam", "", HEAD, ROW],
        [HEAD, HEAD, ROW],
        [HEAD, "CustID,ContactName,E-Mail", ROW],
        [HEAD, ROW, HEAD],
        [HEAD, ROW, "Total,1,"],
        [HEAD, ROW, "Printed 30.06.2025 09:12"],
        ["sep=,", HEAD, ROW],
    ],
)
def test_titles_second_heads_repeated_heads_and_footings_are_no_rows(tmp_path, lines):
    table, matched = open_table(keep(tmp_path, "\r\n".join(lines)))
    rows = [row.cells for row in tables.rows(table) if not row.cells[0].startswith("Total")]

    assert matched.entity is Entity.CONTACT
    assert rows == [ROW.split(",")]


def test_rows_that_a_program_cuts_short_are_filled_up(tmp_path):
    lines = [HEAD, *["7,Ann Lee"] * 3, ROW]

    assert [row[2] for row in read(tmp_path, "\n".join(lines))[2]] == ["", "", "", "ann@firm.com"]


def test_a_list_saved_in_a_spreadsheet_is_recognised_by_a_rounded_number(tmp_path):
    sentence = refusal(tmp_path, f"{HEAD}\n4.02E+11,Ann Lee,ann@firm.com\n")

    assert sentence == (
        "The file was opened and saved in a spreadsheet, which changed it: “4.02E+11” in the"
        " column Account. Zeros in front of account numbers may be lost too. Export it again and"
        " send it without opening it."
    )


def test_an_account_number_that_only_looks_like_one_is_text(tmp_path):
    assert read(tmp_path, f"{HEAD}\n1E5,Ann Lee,ann@firm.com\n")[2][0][0] == "1E5"


@pytest.mark.parametrize("head", ["Password", "Passwort", "Mot de passe", "Contraseña", "Hasło"])
def test_a_file_with_passwords_is_refused_and_a_blank_column_is_not(tmp_path, head):
    assert refusal(tmp_path, f"{HEAD},{head}\n{ROW},hunter2\n") == (
        f"The column “{head}” holds passwords. They are never imported: everybody chooses a"
        " password when registering. Delete the column and send the file again."
    )
    assert read(tmp_path, f"{HEAD},{head}\n{ROW},\n")[2] == [[*ROW.split(","), ""]]


def test_the_number_of_columns_is_a_setting(tmp_path, settings):
    settings.MAX_IMPORT_COLUMNS = 2

    assert refusal(tmp_path, f"{HEAD}\n{ROW}\n") == (
        "The file has 3 columns; up to 2 can be read. Leave out what is not needed."
    )


def test_the_length_of_a_cell_is_a_setting(tmp_path, settings):
    settings.MAX_IMPORT_CELL = 50
    table, _matched = open_table(keep(tmp_path, f"{HEAD}\n7,{'x' * 60},a@b.com\n{ROW}\n"))

    assert [row.problem for row in tables.rows(table)] == [
        "A cell has more than 50 characters.",
        "",
    ]


def workbook(rows):
    """An XLSX file with one sheet."""
    book = openpyxl.Workbook()
    for at, row in enumerate(rows, 1):
        for column, cell in enumerate(row, 1):
            book.active.cell(at, column, cell)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


@pytest.fixture
def large(monkeypatch):
    """Every workbook counts as large: it is unpacked by a process of its own."""
    monkeypatch.setattr("erp.readers.workbook.LARGE", 0)


BOOK = [HEAD.split(","), *([ROW.split(",")] * 30)]


@pytest.mark.usefixtures("large")
def test_a_large_workbook_is_unpacked_by_a_process_of_its_own(tmp_path):
    told, _heads, rows = read(tmp_path, workbook(BOOK))

    assert told == "XLSX, sheet Sheet"
    assert rows == BOOK[1:]


@pytest.mark.usefixtures("large")
def test_a_workbook_that_needs_more_memory_than_it_may_have_is_refused(tmp_path, settings):
    settings.MAX_IMPORT_MEMORY = 26 * 1024 * 1024
    noise = random.Random(1)  # noqa: S311 - text that does not pack well
    rows = [[noise.randbytes(4_500).hex() for _ in range(20)] for _ in range(60)]

    assert refusal(tmp_path, workbook([HEAD.split(","), *rows])) == (
        "The workbook needs more than 26 MB of memory. Export it as CSV, or split it."
    )


@pytest.mark.usefixtures("large")
@pytest.mark.parametrize(
    ("setting", "value", "sentence"),
    [
        ("MAX_IMPORT_SECONDS", 0, "The workbook took longer than 0 seconds to read."),
        ("MAX_IMPORT_ROWS", 10, "The file has more than 10 rows. Split it."),
        ("MAX_IMPORT_UNPACKED", 100, "The workbook would unpack to 0 MB"),
        ("MAX_IMPORT_COLUMNS", 2, "The file has 3 columns; up to 2 can be read."),
    ],
)
def test_a_workbook_stays_within_its_limits(tmp_path, settings, setting, value, sentence):
    setattr(settings, setting, value)

    assert refusal(tmp_path, workbook(BOOK)).startswith(sentence)


def test_sheets_are_written_with_blank_rows_so_that_numbers_stay_right(tmp_path):
    path = keep(tmp_path, workbook([["a", "b"], [], ["c", "d"]]))
    limits = Limits(unpacked=10**6, memory=10**9, seconds=10, columns=9, rows=9)

    assert write_sheets(path, limits) == ["Sheet"]
    with (tmp_path / "0.0.txt").open(encoding="utf-8", newline="") as stream:
        assert list(csv.reader(stream)) == [["a", "b"], [], ["c", "d"]]


def test_rows_that_end_in_cr_alone_may_hold_a_line_feed(tmp_path):
    text = f'{HEAD}\r{ROW}\r{ROW}\r{ROW}\r8,Bo Ray,"bo@firm.com\n(old)"\r'

    rows = read(tmp_path, text)[2]

    assert [row[2] for row in rows[2:]] == ["ann@firm.com", "bo@firm.com\n(old)"]


def test_a_row_that_is_cut_short_may_have_a_cell_of_two_lines(tmp_path):
    lines = [
        "No,Name,Email,Phone",
        *["7,Ann Lee"] * 3,
        '8,Bo,"bo@firm.com\n(old)"',
        "9,Cy,c@d.com,1",
    ]

    _told, _heads, rows = read(tmp_path, "\n".join(lines))

    assert rows[3:] == [["8", "Bo", "bo@firm.com\n(old)", ""], ["9", "Cy", "c@d.com", "1"]]
