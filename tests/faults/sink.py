"""A mail server in a process of its own that fails on purpose: python -m tests.faults.sink.

It writes one line for each message into a file: what became of it, to whom, and its Message-ID.
A line is written before the answer leaves, so that a killed server forgets nothing it took.

    --fault WHAT:N[:DOMAIN]    what happens to every Nth message, to a domain or to all:
        later      451 at RCPT              refuse     550 5.1.1 at RCPT
        after      taken, then closed without an answer
        before     closed before the final dot
        close      421 after N messages of one connection
        hang       no answer after the text, for a long time
"""

import argparse
import asyncio
import os
from dataclasses import dataclass
from pathlib import Path

LONG = 3600
REFUSALS = {"later": b"451 4.3.0 try again later", "refuse": b"550 5.1.1 no such mailbox"}


@dataclass
class Fault:
    """What goes wrong with every Nth message."""

    does: str
    every: int
    domain: str = ""
    seen: int = 0

    def strikes(self, address: str) -> bool:
        """This will count one message where it may fail, and say whether this one does."""
        if not address.endswith(self.domain):
            return False
        self.seen += 1
        return self.seen % self.every == 0


@dataclass
class Book:
    """What was taken and what was not, in a file."""

    path: Path
    delay: float
    faults: list[Fault]

    def write(self, what: str, address: str, message_id: str = "-") -> None:
        """This will add one line, whole."""
        line = f"{what} {address} {message_id}\n".encode()
        handle = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        os.write(handle, line)
        os.close(handle)

    def strikes(self, does: str, address: str) -> bool:
        """This will say whether a message fails in one way."""
        return any(fault.strikes(address) for fault in self.faults if fault.does == does)

    def closes_after(self) -> int:
        """This will say how many messages one connection may bring; 0 for any number."""
        return next((fault.every for fault in self.faults if fault.does == "close"), 0)


class Session:
    """One connection."""

    def __init__(self, book: Book, reader: asyncio.StreamReader, writer: asyncio.StreamWriter):
        self.book, self.reader, self.writer = book, reader, writer
        self.address, self.taken = "", 0

    async def talk(self) -> None:
        """This will answer until the other side hangs up."""
        try:
            await self.say(b"220 ready")
            while line := await self.reader.readline():
                if not await self.answer(line.strip()):
                    break
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            self.writer.close()

    async def say(self, words: bytes) -> None:
        """This will send one answer."""
        self.writer.write(words + b"\r\n")
        await self.writer.drain()

    async def answer(self, line: bytes) -> bool:
        """This will answer one command; false when the connection ends."""
        verb = line[:4].upper()
        if verb == b"RCPT":
            return await self.recipient(line.partition(b"<")[2].partition(b">")[0].decode())
        if verb == b"DATA":
            return await self.data()
        await self.say(b"221 bye" if verb == b"QUIT" else b"250 fine")
        return verb != b"QUIT"

    async def recipient(self, address: str) -> bool:
        """This will take or refuse a recipient."""
        self.address, book = address, self.book
        if book.closes_after() and self.taken >= book.closes_after():
            await self.say(b"421 4.7.0 too many messages in one session")
            return False
        for does, words in REFUSALS.items():
            if book.strikes(does, address):
                book.write(does, address)
                await self.say(words)
                return True
        await self.say(b"250 fine")
        return True

    async def data(self) -> bool:
        """This will read a text and take it, or fail as told."""
        book = self.book
        await self.say(b"354 go on")
        if book.strikes("before", self.address):
            await self.reader.readline()
            book.write("before", self.address)
            return False
        message_id = await self.text()
        await asyncio.sleep(book.delay)
        if book.strikes("hang", self.address):
            book.write("hang", self.address, message_id)
            await asyncio.sleep(LONG)
        book.write("taken", self.address, message_id)
        self.taken += 1
        if book.strikes("after", self.address):
            book.write("after", self.address, message_id)
            return False
        await self.say(b"250 2.0.0 taken")
        return True

    async def text(self) -> str:
        """This will read up to the final dot and give the Message-ID."""
        text = await self.reader.readuntil(b"\r\n.\r\n")
        for line in text.split(b"\r\n"):
            if line.lower().startswith(b"message-id:"):
                return line.partition(b"<")[2].partition(b"@")[0].decode()
        return "-"


async def serve(port: int, book: Book) -> None:
    """This will take mail on a port of loopback until it is ended."""

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await Session(book, reader, writer).talk()

    server = await asyncio.start_server(connected, "127.0.0.1", port, limit=2**20)
    async with server:
        await server.serve_forever()


def main() -> None:
    """This will read the command line and serve."""
    parser = argparse.ArgumentParser()
    parser.add_argument("port", type=int)
    parser.add_argument("book", type=Path)
    parser.add_argument("--delay", type=float, default=0.0, help="seconds for each message")
    parser.add_argument("--fault", action="append", default=[], help="WHAT:N[:DOMAIN]")
    told = parser.parse_args()
    parts = [fault.split(":") for fault in told.fault]
    faults = [Fault(does, int(every), "".join(domain)) for does, every, *domain in parts]
    asyncio.run(serve(told.port, Book(told.book, told.delay, faults)))


if __name__ == "__main__":
    main()
