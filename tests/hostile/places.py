"""Places on loopback where no host answers as it should: nobody there, nobody awake, or somebody else."""

from __future__ import annotations

import datetime
import ipaddress
import socket
import ssl
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.server import free_port
from tests.upstream_host import Host

ADDRESS = "127.0.0.1"
Key = ec.EllipticCurvePrivateKey


@contextmanager
def places(folder: Path) -> Iterator[tuple[dict[str, str], Path, list[Host]]]:
    """The address of each place, the authority that signs (so that only dates and names are wrong), and the hosts."""
    authority, key = _certificate("an authority", None)
    trusted = folder / "authority.pem"
    trusted.write_bytes(authority.public_bytes(serialization.Encoding.PEM))
    now = datetime.datetime.now(datetime.UTC)
    month = datetime.timedelta(days=30)
    chains = {
        "self-signed": _certificate(ADDRESS, None),
        "expired": _certificate(ADDRESS, (authority, key), since=now - 2 * month, until=now - month),
        "misnamed": _certificate("another.example", (authority, key)),
    }
    found = {"refused": f"http://{ADDRESS}:{free_port()}", "nameless": "https://no-such-host.invalid"}
    with ExitStack() as stack:
        hosts = {name: stack.enter_context(Host(tls=_tls(folder / name, *chain))) for name, chain in chains.items()}
        found |= {name: host.url for name, host in hosts.items()}
        found["vanishing"] = stack.enter_context(_full())
        found["mute"] = f"https://{stack.enter_context(_listener(lambda guest: False))}"
        found["plain"] = f"https://{stack.enter_context(_listener(_speak_plainly))}"
        found["closing"] = f"http://{stack.enter_context(_listener(lambda guest: True))}"
        found["resetting"] = f"http://{stack.enter_context(_listener(_reset))}"
        yield found, trusted, list(hosts.values())


@contextmanager
def _full() -> Iterator[str]:
    """A door whose queue is full: whoever knocks is not heard, and gets no answer at all."""
    with socket.create_server((ADDRESS, 0), backlog=0) as door, ExitStack() as stack:
        address = door.getsockname()
        for _ in range(8):
            knock = stack.enter_context(socket.socket())
            knock.setblocking(False)
            knock.connect_ex(address)
        yield f"http://{ADDRESS}:{address[1]}"


@contextmanager
def _listener(meet: Callable[[socket.socket], bool]) -> Iterator[str]:
    """Whoever comes is let in and met; then shown out if `meet` says so, else left alone."""
    door = socket.create_server((ADDRESS, 0))
    kept: list[socket.socket] = []

    def stand() -> None:
        while True:
            try:
                guest, _ = door.accept()
            except OSError:
                return
            kept.append(guest)
            if meet(guest):
                guest.close()

    threading.Thread(target=stand, daemon=True).start()
    try:
        yield f"{ADDRESS}:{door.getsockname()[1]}"
    finally:
        door.shutdown(socket.SHUT_RDWR)
        door.close()
        for guest in kept:
            guest.close()


def _speak_plainly(guest: socket.socket) -> bool:
    guest.sendall(b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n")
    return False


def _reset(guest: socket.socket) -> bool:
    guest.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    return True


def _certificate(
    name: str,
    by: tuple[x509.Certificate, Key] | None,
    *,
    since: datetime.datetime | None = None,
    until: datetime.datetime | None = None,
) -> tuple[x509.Certificate, Key]:
    """A certificate for `name`, signed by that authority, or by itself."""
    now, key = datetime.datetime.now(datetime.UTC), ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    named: x509.GeneralName = x509.DNSName(name.replace(" ", "-"))
    if name == ADDRESS:
        named = x509.IPAddress(ipaddress.ip_address(name))
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(by[0].subject if by else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(since or now - datetime.timedelta(days=1))
        .not_valid_after(until or now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([named]), critical=False)
        .add_extension(x509.BasicConstraints(ca=by is None, path_length=None), critical=True)
        .sign(by[1] if by else key, hashes.SHA256())
    )
    return made, key


def _tls(path: Path, certificate: x509.Certificate, key: Key) -> ssl.SSLContext:
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(certificate.public_bytes(serialization.Encoding.PEM) + secret)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    return context
