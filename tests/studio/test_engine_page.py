"""What the operator learns about the host that makes this site's songs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from studio.accounts.models import User
from tests.upstream_host import Host, answer

pytestmark = pytest.mark.django_db(transaction=True)
PAGE = "/account/engine/"


@pytest.fixture
def maker(settings: Any) -> Iterator[Host]:
    """A host on this machine, which this site orders from."""
    with Host() as host:
        settings.UPSTREAM_URL, settings.UPSTREAM_API_KEY = host.url, "sk-very-secret-0123456789"
        yield host


@pytest.fixture
def operator(alice: User, alice_client: Client) -> Client:
    alice.is_superuser = True
    alice.save()
    return alice_client


def test_only_the_operator_finds_the_page(bob_client: Client, client: Client) -> None:
    assert bob_client.get(PAGE).status_code == 404
    assert client.get(PAGE).status_code == 302


def test_a_host_whose_audio_would_be_refused_is_told_with_what_to_set(
    operator: Client, maker: Host, settings: Any
) -> None:
    settings.OUTBOUND_ALLOW = frozenset({"localhost:1"})
    html = operator.post(PAGE).content.decode()
    assert "It answers and accepts the key." in html
    assert "Audio that lies at its own address will be refused" in html
    assert f"OUTBOUND_ALLOW={maker.place}" in html
    settings.OUTBOUND_ALLOW = frozenset({maker.place})
    html = operator.post(PAGE).content.decode()
    assert "It answers and accepts the key." in html
    assert "OUTBOUND_ALLOW" not in html


def test_a_name_that_leads_inside_is_found_out_by_asking_for_it(
    operator: Client, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.UPSTREAM_URL, settings.UPSTREAM_API_KEY = "http://maker.example", "sk-very-secret-0123456789"
    inside = [(2, 1, 6, "", ("127.0.0.2", 80))]
    monkeypatch.setattr("socket.getaddrinfo", lambda *question, **more: inside)
    html = operator.post(PAGE).content.decode()
    assert "OUTBOUND_ALLOW=maker.example:80" in html


def test_a_host_that_refuses_the_key_is_told(operator: Client, maker: Host) -> None:
    maker.on("GET /status/*", answer(401, {"detail": "Invalid key"}))
    html = operator.post(PAGE).content.decode()
    assert "It answers and accepts the key." not in html
    assert "sk-very-secret" not in html
