"""No address, however it is written, named, answered or redirected to, leads anywhere but to public hosts."""

from __future__ import annotations

import ipaddress
import random
import socket
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator import outbound
from generator.protocol.errors import AudioUnusable
from tests.generator.outbound_addresses import BAD, PUBLIC, SPELLINGS, literal
from tests.generator.outbound_watch import Canary, Names, Watch, watching
from tests.upstream_host import Host, answer

NAT64 = ipaddress.ip_network("64:ff9b::/96")
ALLOWED = outbound.Allowance(stall=20.0, whole=40.0)


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> Names:
    names = Names()
    monkeypatch.setattr(socket, "getaddrinfo", names)
    return names


@pytest.fixture
def canary() -> Iterator[Canary]:
    bird = Canary()
    yield bird
    assert not bird.touched()
    bird.close()


@pytest.fixture(scope="module")
def host() -> Iterator[Host]:
    """A place the operator has named, which sends whoever comes to where its path says."""
    with Host() as running:
        yield running


@pytest.fixture
def watch(host: Host) -> Iterator[Watch]:
    """Closed to everything but `host`, and certain at the end that nothing else was tried."""
    with watching() as seen:
        name, _, port = host.place.partition(":")
        seen.open_to.add((name, int(port)))
        yield seen


async def fetched(address: str, *allow: str) -> bytes:
    pieces = outbound.fetch(address, allowance=ALLOWED, allow=allow)
    return b"".join([piece async for piece in pieces])


async def code(address: str, *allow: str) -> str:
    """How the door says no."""
    with pytest.raises(AudioUnusable) as fault:
        await fetched(address, *allow)
    assert "secret" not in fault.value.sentence
    return fault.value.code


def sent_to(host: Host, address: str) -> str:
    """Where `host` sends on to `address`."""
    host.on("GET /on", answer(302, b"", {"Location": address}))
    return f"{host.url}/on"


@pytest.mark.parametrize("address", BAD)
async def test_nothing_that_is_not_public_is_ever_connected_to(
    address: str, host: Host, names: Names, watch: Watch
) -> None:
    names.tell("bad.example", [address])
    names.tell("first.example", [address, "93.184.216.34"])
    names.tell("last.example", ["93.184.216.34", "2606:4700:4700::1111", address])
    for ask in (literal(address), "bad.example", "first.example", "last.example"):
        for scheme in ("http", "https"):
            for port in ("", ":80", ":443"):
                assert await code(f"{scheme}://{ask}{port}/1.mp3") == "audio_rejected"
        assert await code(sent_to(host, f"http://{ask}/1.mp3"), host.place) == "audio_rejected"
    assert watch.beyond == []
    assert outbound.refuses(f"https://{literal(address)}/")
    assert outbound.refuses("https://bad.example/", look_up=True)


@pytest.mark.parametrize("address", PUBLIC)
async def test_what_is_public_is_connected_to_at_the_address_that_was_judged(
    address: str, host: Host, names: Names, watch: Watch
) -> None:
    names.tell("good.example", [address])
    ways = {f"http://{literal(address)}/1.mp3": 80, "https://good.example/1.mp3": 443, "https://good.example:80/": 80}
    for ask, port in ways.items():
        watch.tried.clear()
        assert await code(ask) == "audio_unavailable"  # there is no internet in tests
        assert watch.tried == [(str(ipaddress.ip_address(address)), port)]
    assert await code(sent_to(host, "https://good.example/"), host.place) == "audio_unavailable"
    assert not outbound.refuses("https://good.example/", look_up=True)


def _neighbours(near: str) -> st.SearchStrategy[ipaddress.IPv4Address | ipaddress.IPv6Address]:
    known = ipaddress.ip_address(near)
    last = (1 << known.max_prefixlen) - 1
    step = st.one_of(st.integers(-70000, 70000), st.integers(-last, last))
    return step.map(lambda by: type(known)(min(last, max(0, int(known) + by))))


@given(st.one_of(st.ip_addresses(), st.sampled_from(BAD).flatmap(_neighbours)))
def test_whatever_is_not_global_to_python_is_not_public_to_the_door(
    address: ipaddress.IPv4Address | ipaddress.IPv6Address,
) -> None:
    refused = outbound.refuses(f"http://{literal(str(address))}/")
    if address in NAT64:
        address = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    if not address.is_global or address.is_multicast or address.is_reserved or address.is_private:
        assert refused
    if isinstance(address, ipaddress.IPv6Address) and (address.ipv4_mapped or address.sixtofour or address.teredo):
        assert refused


@pytest.mark.parametrize("address", SPELLINGS.values(), ids=SPELLINGS.keys())
async def test_no_spelling_gets_through(address: str, host: Host, names: Names, watch: Watch) -> None:
    assert await code(address) == "audio_rejected"
    assert watch.tried == []
    assert outbound.refuses(address)
    if not address.isprintable() or address.startswith(("/", "http:/", "http:\\")) or not address:
        return  # a header cannot hold it, or it is told without its beginning: then it means the host itself
    location = address.encode("utf-8", "replace").decode("latin-1")  # as bytes go into a header
    host.on("GET /on", answer(302, b"", {"Location": location}))
    with pytest.raises(AudioUnusable):
        await fetched(f"{host.url}/on", host.place)
    assert watch.beyond == []


@pytest.mark.parametrize(
    "address",
    [
        "http://93.184.216.34#@127.0.0.1/",
        "http://93.184.216.34?@127.0.0.1/",
        "http://93.184.216.34/@127.0.0.1/",
        "HTTP://93.184.216.34:080/",
        "http://93.184.216.34:/",
        "http://93.184.216.34/../../127.0.0.1",
        "http://good。example/",
        "http://GOOD.example./",
    ],
)
async def test_what_only_looks_odd_goes_where_every_reader_would_go(address: str, names: Names, watch: Watch) -> None:
    names.tell("good.example", ["93.184.216.34"])
    watch.tried.clear()
    assert await code(address) == "audio_unavailable"
    assert watch.tried == [("93.184.216.34", 80)]


async def test_a_name_is_looked_up_once_for_each_hop_and_not_again_to_connect(
    names: Names, watch: Watch, canary: Canary
) -> None:
    for _ in range(20):
        names.tell("rebind.example", ["93.184.216.34"], ["127.0.0.1"])
        names.asked.clear()
        watch.tried.clear()
        assert await code("http://rebind.example/1.mp3") == "audio_unavailable"
        assert watch.tried == [("93.184.216.34", 80)]
        assert names.asked.count("rebind.example") == 1
        assert await code("http://rebind.example/1.mp3") == "audio_rejected"
        assert watch.tried == [("93.184.216.34", 80)]


async def test_a_name_that_changes_its_mind_at_every_question_reaches_nothing_inside(
    names: Names, watch: Watch
) -> None:
    dice = random.Random(4)
    for _ in range(50):
        names.tell("dice.example", *[[dice.choice([*BAD, *PUBLIC])] for _ in range(8)])
        await code("https://dice.example/")
    assert {address for address, _ in watch.tried} <= {str(ipaddress.ip_address(one)) for one in PUBLIC}


async def test_a_name_with_many_addresses_is_tried_at_a_few(names: Names, watch: Watch) -> None:
    names.tell("many.example", [f"93.184.{one}.34" for one in range(250)])
    assert await code("https://many.example/") == "audio_unavailable"
    assert len(watch.tried) == outbound.MOST_CONNECTS


async def test_a_name_that_is_none_may_be_asked_for_again(names: Names, watch: Watch) -> None:
    names.tell("gone.example", [])
    assert await code("https://unknown.example/") == "audio_unavailable"
    assert await code("https://gone.example/") == "audio_unavailable"
    assert watch.tried == []


async def test_an_internal_name_is_not_even_looked_up(names: Names) -> None:
    for name in ("localhost", "intranet", "nas.local", "metadata.google.internal", "0x7f.1"):
        assert await code(f"http://{name}/") == "audio_rejected"
    assert names.asked == []


@pytest.mark.parametrize(
    "place", ["127.0.0.1:{port}", "localhost:{port}", "LocalHost:{port}", "[::1]:{port}", "maker.internal:{port}"]
)
async def test_the_operator_opens_one_host_at_one_port_by_the_name_it_was_given(
    place: str, host: Host, names: Names, watch: Watch, canary: Canary
) -> None:
    port = int(host.place.rpartition(":")[2])
    names.tell("maker.internal", ["127.0.0.1"])
    names.tell("localhost", ["127.0.0.1"])
    host.on("GET /1.mp3", answer(200, b"sound"))
    named = place.format(port=port)
    addresses = [f"http://{one.format(port=port)}/1.mp3" for one in PLACES]
    mine = f"http://{named.lower()}/1.mp3"
    watch.open_to.add(("::1", port))  # where nobody listens: it is tried, and that is enough
    for address in addresses:
        if address == mine and "::1" in address:
            assert await code(address, named) == "audio_unavailable"
        elif address == mine:
            assert await fetched(address, named) == b"sound"
        else:
            assert await code(address, named) == "audio_rejected"
    for elsewhere in (canary.port, 80, 443, port - 1):
        there = mine.replace(str(port), str(elsewhere))
        assert await code(there, named) == "audio_rejected"
        assert await code(sent_to(host, there), named, host.place) == "audio_rejected"
    assert watch.beyond == []


PLACES = ["127.0.0.1:{port}", "localhost:{port}", "[::1]:{port}", "maker.internal:{port}", "127.1:{port}"]
PLACES += ["[::ffff:127.0.0.1]:{port}", "2130706433:{port}", "a.localhost:{port}", "127.0.0.2:{port}"]


def test_a_place_is_the_same_however_its_name_is_written() -> None:
    for one, other in (
        ("[::1]:80", "[0:0:0:0:0:0:0:1]"),
        ("[fd00::a]:80", "[FD00:0::A]"),
        ("Maker.Example:80", "maker.example."),
        ("maker.example.:80", "MAKER.example"),
        ("xn--bcher-kva.example:80", "bücher.example"),
    ):
        assert not outbound.refuses(f"http://{other}/1.mp3", [one])
    assert outbound.refuses("http://[::ffff:127.0.0.1]/", ["127.0.0.1:80"])


@pytest.mark.parametrize(
    "told", ["/a\nb", "/a\r\nHost: b", "/a\tb", "\\\\127.0.0.1\\a", "/a\\b", "/" + "a" * 2048, "http://[a"]
)
def test_an_address_that_two_readers_would_read_in_two_ways_is_not_made_whole(told: str) -> None:
    with pytest.raises(AudioUnusable):
        outbound.joined("https://host.example/", told)


async def test_a_place_that_is_open_opens_no_other_to_users_schemes_or_lengths(host: Host, watch: Watch) -> None:
    for address in (
        f"http://user@{host.place}/",
        f"ftp://{host.place}/",
        f"http://{host.place}/{'a' * 2048}",
        f"http://{host.place}\\@127.0.0.1/",
        f"http://{host.place}@127.0.0.1/",
        f"http://127.0.0.1/?{host.place}",
    ):
        assert await code(address, host.place) == "audio_rejected"
    assert watch.tried == []


@pytest.mark.parametrize(
    "text", ["localhost", ":80", "a:0", "a:65536", "a:80/b", "u@a:80", "http://a:80", "a:b:80", "a b:80", "a:８０", ""]
)
def test_a_place_that_is_none_is_refused_loudly(text: str) -> None:
    with pytest.raises(ValueError, match="host:port"):
        outbound.refuses("https://example.org/", [text])
