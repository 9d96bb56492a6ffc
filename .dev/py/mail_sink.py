"""An SMTP server that keeps every mail as a file and sends none.

The demonstration writes to invented people: without this, Odoo would hand its mails to
whatever listens on port 25, or mark each of them as failed.

Usage: mail_sink.py PORT FOLDER
"""

import asyncio
import sys
from datetime import datetime
from itertools import count
from pathlib import Path

NUMBERS = count(1)


async def read_message(reader):
    lines = []
    while (line := await reader.readline()) not in (b".\r\n", b""):
        lines.append(line[1:] if line.startswith(b"..") else line)
    return b"".join(lines)


async def serve(reader, writer, folder):
    async def answer(text):
        writer.write(f"{text}\r\n".encode())
        await writer.drain()

    await answer("220 demonstration")
    while line := await reader.readline():
        command = line[:4].upper().strip()
        if command == b"DATA":
            await answer("354 go on")
            name = f"{datetime.now():%Y%m%d-%H%M%S}-{next(NUMBERS):04}.eml"
            (folder / name).write_bytes(await read_message(reader))
        await answer("221 bye" if command == b"QUIT" else "250 ok")
        if command == b"QUIT":
            break
    writer.close()


async def main(port, folder):
    folder.mkdir(parents=True, exist_ok=True)

    async def connected(reader, writer):
        await serve(reader, writer, folder)

    server = await asyncio.start_server(connected, "127.0.0.1", port)
    await server.serve_forever()


if __name__ == "__main__":
    try:
        asyncio.run(main(int(sys.argv[1]), Path(sys.argv[2])))
    except KeyboardInterrupt:
        pass
