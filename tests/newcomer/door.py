"""Discord's addresses on this machine: TLS on a loopback address, in front of a stand-in's Unix socket.

python door.py CERTIFICATE KEY SOCKET ADDRESS; it ends when it is killed, or after twenty minutes.
"""

import asyncio
import contextlib
import ssl
import sys

from bot.clock import SystemClock

LIFE_S = 1_200.0


async def pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Copy bytes one way until their end."""
    with contextlib.suppress(OSError, ssl.SSLError):
        while data := await reader.read(65_536):
            writer.write(data)
            await writer.drain()
    with contextlib.suppress(OSError, RuntimeError):
        writer.close()


async def serve(certificate: str, key: str, socket: str, address: str) -> None:
    """Serve for a while."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)

    async def open_door(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        inner_reader, inner_writer = await asyncio.open_unix_connection(socket)
        await asyncio.gather(pass_on(reader, inner_writer), pass_on(inner_reader, writer))

    async with await asyncio.start_server(open_door, address, 443, ssl=context):
        await SystemClock().sleep(LIFE_S)


if __name__ == "__main__":
    asyncio.run(serve(*sys.argv[1:5]))
