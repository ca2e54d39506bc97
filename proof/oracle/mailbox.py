"""A mail server that keeps what it is sent: one file for each message, in a folder.

mailbox.py FOLDER CERTIFICATE KEY USER PASSWORD

Listens on a port of this machine, which it prints. Mail is taken after STARTTLS and a login only,
and refused for recipients whose name begins with "full-".
"""

import asyncio
import logging
import pathlib
import ssl
import sys

from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

logging.disable(logging.WARNING)

FOLDER, CERTIFICATE, KEY, USER, PASSWORD = sys.argv[1:]


class Mailbox:
    def __init__(self):
        self.count = 0

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("full-"):
            return "452 4.2.2 mailbox full"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        self.count += 1
        path = pathlib.Path(FOLDER) / f"{self.count:05}"
        # Seen whole or not at all.
        path.with_suffix(".part").write_bytes(envelope.content)
        path.with_suffix(".part").rename(path.with_suffix(".eml"))
        return "250 OK"


def authenticator(server, session, envelope, mechanism, data):
    known = isinstance(data, LoginPassword) and data == LoginPassword(
        USER.encode(), PASSWORD.encode()
    )
    return AuthResult(success=known)


async def serve():
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(CERTIFICATE, KEY)
    mailbox = Mailbox()

    def connection():
        return SMTP(
            mailbox,
            tls_context=context,
            require_starttls=True,
            authenticator=authenticator,
            auth_required=True,
        )

    server = await asyncio.get_running_loop().create_server(connection, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


asyncio.run(serve())
