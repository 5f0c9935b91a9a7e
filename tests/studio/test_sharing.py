"""A song for friends without an account, and the end of that."""

from __future__ import annotations

import pytest
from django.test import AsyncClient, Client

from studio.accounts.models import User
from studio.songs import generations
from studio.songs.models import Generation, Visibility
from tests.studio.rows import saved_song

pytestmark = pytest.mark.django_db(transaction=True)


def shared_by(alice_client: Client, row: Generation, visibility: str) -> str:
    alice_client.post(f"/songs/{row.pk}/share/", {"visibility": visibility})
    row.refresh_from_db()
    return f"/s/{row.share_id}/"


def test_songs_are_private_until_somebody_shares_them(alice_client: Client, alice: User) -> None:
    row = saved_song(alice, "Mine")
    assert (row.visibility, row.share_id) == (Visibility.PRIVATE, None)


@pytest.mark.parametrize("visibility", ["unlisted", "public"])
def test_a_friend_without_an_account_sees_title_words_and_cover(
    alice_client: Client, client: Client, alice: User, visibility: str
) -> None:
    page = shared_by(alice_client, saved_song(alice, "For you"), visibility)
    response = client.get(page)
    html = response.content.decode()
    assert response.status_code == 200
    assert "For you" in html
    assert "together we are home" in html
    assert f"{page}take-1.mp3" in html
    assert f"{page}take-2.mp3" in html
    assert client.get(f"{page}cover/").status_code == 200
    assert (visibility == "unlisted") == ("noindex" in html) == ("X-Robots-Tag" in response)


async def test_a_friend_hears_both_takes(async_client: AsyncClient, alice: User) -> None:
    from asgiref.sync import sync_to_async

    row = await sync_to_async(saved_song)(alice, "For you")
    await sync_to_async(generations.share)(row, Visibility.UNLISTED)
    for number in (1, 2):
        response = await async_client.get(f"/s/{row.share_id}/take-{number}.mp3", headers={"range": "bytes=0-99"})
        assert response.status_code == 206
        assert len(b"".join([piece async for piece in response])) == 100  # type: ignore[attr-defined]


def test_share_addresses_cannot_be_guessed_and_show_nothing_of_the_owners_pages(
    alice_client: Client, client: Client, alice: User
) -> None:
    row = saved_song(alice, "For you")
    page = shared_by(alice_client, row, "public")
    assert len(str(row.share_id)) >= 16
    html = client.get(page).content.decode()
    assert str(row.pk) not in html
    assert alice.email not in html


def test_going_private_ends_the_link_for_good(alice_client: Client, client: Client, alice: User) -> None:
    row = saved_song(alice, "For you")
    old = shared_by(alice_client, row, "public")
    shared_by(alice_client, row, "private")
    for path in (old, f"{old}cover/", f"{old}take-1.mp3"):
        assert client.get(path).status_code == 404
    new = shared_by(alice_client, row, "public")
    assert new != old
    assert client.get(old).status_code == 404
    assert client.get(new).status_code == 200


def test_a_shared_song_in_the_trash_is_not_there(alice_client: Client, client: Client, alice: User) -> None:
    row = saved_song(alice, "For you")
    page = shared_by(alice_client, row, "public")
    alice_client.post(f"/songs/{row.pk}/trash/")
    assert client.get(page).status_code == 404


def test_rubbish_links_are_not_there(client: Client) -> None:
    for path in ("/s/x/", "/s/%00/", "/s/..%2f/", f"/s/{'a' * 500}/"):
        assert client.get(path).status_code == 404
