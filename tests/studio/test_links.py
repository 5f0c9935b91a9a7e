"""Further links to a song, what each of them gives, and how the song looks in the pages of others."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from xml.etree import ElementTree

import pytest
from django.conf import settings
from django.test import Client

from studio.accounts.models import User
from studio.songs import generations, links, reports
from studio.songs.models import Generation, Version, Visibility
from studio.songs.reports import Report
from tests.studio.rows import saved_song

pytestmark = pytest.mark.django_db

HOSTILE = '</script><script>alert(1)</script>"><img src=x onerror=alert(1)> \u202e{{ 7*7 }} & <b>'


class Head(HTMLParser):
    """What programs read of a page: its meta and link elements, and its scripts' texts."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.meta: dict[str, str] = {}
        self.links: dict[str, str] = {}
        self.data: list[str] = []
        self.elements: list[str] = []
        self._is_data = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        self.elements.append(tag)
        if tag == "meta" and (name := told.get("property") or told.get("name")):
            self.meta[name] = told.get("content") or ""
        if tag == "link":
            self.links[told.get("type") or told.get("rel") or ""] = told.get("href") or ""
        self._is_data = told.get("type") == "application/ld+json"

    def handle_data(self, data: str) -> None:
        if self._is_data:
            self.data.append(data)

    def handle_endtag(self, tag: str) -> None:
        self._is_data = False


def shared(
    owner: User, title: str = "For you", visibility: Visibility = Visibility.PUBLIC, **opens: bool
) -> Generation:
    row = saved_song(owner, title, prompt="a waltz for rainy days")
    generations.share(row, visibility, **opens)
    return row


def head(client: Client, path: str) -> Head:
    return Head(client.get(path).text)


def test_a_friend_has_a_link_of_their_own_which_ends_alone(alice_client: Client, client: Client, alice: User) -> None:
    row = shared(alice)
    alice_client.post(f"/songs/{row.pk}/sharing/links/", {"name": "Mum", "opens": ["shows_words"]})
    alice_client.post(f"/songs/{row.pk}/sharing/links/", {"name": "Band"})
    mum, band = row.links.all()
    assert "Mum" in alice_client.get(f"/songs/{row.pk}/sharing/").text
    alice_client.post(f"/songs/{row.pk}/sharing/links/{mum.pk}/end/")
    assert [client.get(f"/s/{key}/").status_code for key in (mum.share_id, band.share_id, row.share_id)] == [
        404,
        200,
        200,
    ]
    assert "Mum" not in client.get(f"/s/{band.share_id}/").text


def test_going_private_ends_all_links(alice: User, client: Client) -> None:
    row = shared(alice)
    link = links.add(row, "Mum")
    generations.share(row, Visibility.PRIVATE)
    generations.share(row, Visibility.PUBLIC)
    assert client.get(f"/s/{link.share_id}/").status_code == 404


def test_a_link_gives_what_it_is_said_to_give(alice: User, client: Client) -> None:
    row = shared(alice)
    bare = f"/s/{links.add(row, 'bare', shows_words=False).share_id}/"
    full = f"/s/{links.add(row, 'full', shows_prompt=True, allows_download=True).share_id}/"
    without, with_all = client.get(bare).text, client.get(full).text
    assert "together we are home" not in without
    assert "rainy days" not in without
    assert "together we are home" in with_all
    assert "rainy days" in with_all
    assert "download=1" in with_all
    assert client.get(f"{bare}take-1.mp3?download=1").status_code == 404
    assert client.get(f"{full}take-1.mp3?download=1")["Content-Disposition"].startswith("attachment")


def test_links_are_for_shared_songs_and_there_is_an_end_to_them(alice_client: Client, alice: User) -> None:
    row = saved_song(alice, "Mine")
    assert "Choose first who may hear it" in alice_client.post(f"/songs/{row.pk}/sharing/links/", follow=True).text
    generations.share(row, Visibility.UNLISTED)
    for number in range(links.MOST):
        links.add(row, str(number))
    assert "End one first" in alice_client.post(f"/songs/{row.pk}/sharing/links/", follow=True).text
    assert row.links.count() == links.MOST


def test_nobody_makes_or_ends_links_of_others(bob_client: Client, alice: User) -> None:
    row = shared(alice)
    link = links.add(row, "Mum")
    for path in ("", "links/", f"links/{link.pk}/end/"):
        assert bob_client.post(f"/songs/{row.pk}/sharing/{path}", {"visibility": "private"}).status_code == 404
    assert row.links.count() == 1


def test_only_the_own_page_of_a_public_song_is_for_search_engines(alice: User, client: Client) -> None:
    public, unlisted = shared(alice), shared(alice, visibility=Visibility.UNLISTED)
    further = links.add(public, "Mum")
    indexed = {}
    for share_id in (public.share_id, unlisted.share_id, further.share_id):
        answer = client.get(f"/s/{share_id}/")
        indexed[share_id] = "noindex" not in answer.text and "X-Robots-Tag" not in answer
    assert indexed == {public.share_id: True, unlisted.share_id: False, further.share_id: False}


def test_previews_are_told_all_there_is_with_whole_addresses(alice: User, client: Client) -> None:
    row = shared(alice)
    found = head(client, f"/s/{row.share_id}/")
    page = f"{settings.PUBLIC_URL}/s/{row.share_id}/"
    assert found.links["canonical"] == found.meta["og:url"] == page
    assert found.meta["og:type"] == "music.song"
    assert found.meta["og:audio"] == f"{page}take-1.mp3"
    assert found.meta["og:image"] == f"{page}poster.jpg"
    assert found.meta["og:image:type"] == "image/jpeg"
    assert found.meta["music:duration"] == "2"
    assert len(found.meta["og:description"]) <= 160
    assert client.get(found.meta["og:image"].removeprefix(settings.PUBLIC_URL))["Content-Type"] == "image/jpeg"


def test_cards_play_only_over_https(alice: User, client: Client, settings: pytest.MonkeyPatch) -> None:
    row = shared(alice)
    assert head(client, f"/s/{row.share_id}/").meta["twitter:card"] == "summary"
    settings.PUBLIC_URL = "https://songs.example.org"  # type: ignore[attr-defined]  # pytest-django's settings
    found = head(client, f"/s/{row.share_id}/")
    assert found.meta["twitter:card"] == "player"
    assert found.meta["twitter:player"] == f"https://songs.example.org/embed/{row.share_id}/"


def test_search_engines_are_told_that_it_is_made_with_ai(alice: User, client: Client) -> None:
    row = shared(alice)
    told = json.loads("".join(head(client, f"/s/{row.share_id}/").data))
    assert told["@type"] == "MusicRecording"
    assert told["digitalSourceType"].endswith("/TrainedAlgorithmicMediaDigitalSource")
    assert re.fullmatch(r"PT\d+M\d+S", told["duration"])
    assert "together we are home" in told["recordingOf"]["lyrics"]["text"]


def test_a_hostile_title_breaks_out_of_nothing(alice: User, client: Client) -> None:
    row = shared(alice, title=HOSTILE)
    Generation.objects.filter(pk=row.pk).update(title=HOSTILE, prompt=HOSTILE)
    User.objects.filter(pk=alice.pk).update(name=HOSTILE[:80])
    plain = shared(alice).share_id
    found = head(client, f"/s/{row.share_id}/")
    for form in ("/s/{}/", "/embed/{}/", "/s/{}/embed/", "/s/{}/report/"):
        elements = head(client, form.format(row.share_id)).elements
        assert elements == head(client, form.format(plain)).elements
    assert found.meta["og:title"] == HOSTILE
    assert json.loads("".join(found.data))["name"] == HOSTILE
    told = client.get("/oembed", {"url": f"{settings.PUBLIC_URL}/s/{row.share_id}/"}).json()
    frame = ElementTree.fromstring(told["html"].replace(' allow="autoplay"', ""))
    assert frame.tag == "iframe"
    assert frame.get("title") == HOSTILE


def test_only_the_embed_may_stand_in_a_frame(alice_client: Client, client: Client, alice: User) -> None:
    row = shared(alice)
    framed = client.get(f"/embed/{row.share_id}/")
    assert "frame-ancestors *" in framed["Content-Security-Policy"]
    assert "X-Frame-Options" not in framed
    assert 'method="post"' not in framed.text
    assert not framed.cookies
    for path in (f"/s/{row.share_id}/", f"/s/{row.share_id}/embed/", f"/songs/{row.pk}/sharing/", "/"):
        answer = alice_client.get(path)
        assert "frame-ancestors 'none'" in answer["Content-Security-Policy"]
        assert answer["X-Frame-Options"] == "DENY"


def test_the_code_for_other_pages_leads_to_a_page_that_is_there(alice: User, client: Client) -> None:
    row = shared(alice)
    page = f"{settings.PUBLIC_URL}/s/{row.share_id}/"
    told = client.get("/oembed", {"url": page, "format": "json"}).json()
    assert (told["version"], told["type"], told["title"], told["author_name"]) == ("1.0", "rich", "For you", "Alice")
    source = re.search(r'src="([^"]+)"', told["html"])
    assert source
    assert client.get(source[1].removeprefix(settings.PUBLIC_URL)).status_code == 200
    assert client.get(told["thumbnail_url"].removeprefix(settings.PUBLIC_URL)).status_code == 200


@pytest.mark.parametrize(
    ("most", "size"),
    [({}, (640, 152)), ({"maxwidth": "400"}, (320, 480)), ({"maxwidth": "400", "maxheight": "200"}, (400, 80)),
     ({"maxwidth": "x"}, (640, 152)), ({"maxwidth": "200", "maxheight": "60"}, (200, 60))],
)  # fmt: skip
def test_oembed_keeps_within_what_the_page_has_room_for(
    alice: User, client: Client, most: dict[str, str], size: tuple[int, int]
) -> None:
    row = shared(alice)
    told = client.get("/oembed", {"url": f"{settings.PUBLIC_URL}/s/{row.share_id}/", **most}).json()
    assert (told["width"], told["height"]) == size


@pytest.mark.parametrize(
    ("address", "status"),
    [("", 400), ("https://elsewhere.example/s/x/", 404), ("{site}/s/nobody-knows-it/", 404), ("{site}/library/", 404),
     ("javascript:alert(1)", 404), ("http://[", 404), ("{site}/s/%00/", 404)],
)  # fmt: skip
def test_oembed_knows_shared_songs_only(client: Client, address: str, status: int) -> None:
    assert client.get("/oembed", {"url": address.format(site=settings.PUBLIC_URL)}).status_code == status


def test_oembed_speaks_json_only(client: Client) -> None:
    assert client.get("/oembed", {"url": "x", "format": "xml"}).status_code == 501


def plays(row: Generation) -> list[int]:
    return list(Version.objects.filter(generation=row).order_by("number").values_list("plays", flat=True))


def test_others_are_counted_once_and_the_owner_not_at_all(alice_client: Client, client: Client, alice: User) -> None:
    row = shared(alice)
    path = f"/s/{row.share_id}/take-2/played/"
    for _ in range(3):
        assert client.post(path).status_code == 204
    alice_client.post(path)
    assert plays(row) == [0, 1]
    client.post(path, headers={"user-agent": "another browser"})
    assert plays(row) == [0, 2]
    assert client.get(path).status_code == 405
    assert "take A 0" in alice_client.get(f"/songs/{row.pk}/sharing/").text


def test_counting_keeps_no_address_and_no_browser(alice: User, client: Client) -> None:
    from django.db import connection

    row = shared(alice)
    client.post(
        f"/s/{row.share_id}/take-1/played/", headers={"user-agent": "Recognisable/1.0"}, REMOTE_ADDR="203.0.113.9"
    )
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f'SELECT * FROM "{table}"')
            kept = repr(cursor.fetchall())
            assert "203.0.113.9" not in kept
            assert "Recognisable" not in kept


def test_a_report_reaches_the_operator_and_not_the_owner(alice_client: Client, client: Client, alice: User) -> None:
    row = shared(alice)
    told = {"reason": "rights", "words": "That is my song.", "contact": "carol@example.org"}
    assert "Thank you" in client.post(f"/s/{row.share_id}/report/", told).text
    report = Report.objects.get()
    assert (report.reason, report.words, report.contact) == ("rights", "That is my song.", "carol@example.org")
    assert "carol" not in alice_client.get(f"/songs/{row.pk}/sharing/").text


def test_a_report_that_lacks_something_keeps_what_was_typed(alice: User, client: Client) -> None:
    row = shared(alice)
    answer = client.post(f"/s/{row.share_id}/report/", {"words": "Long words.", "contact": "no address"})
    assert answer.status_code == 422
    assert "Long words." in answer.text
    assert "Choose what is wrong" in answer.text
    assert "no e-mail address" in answer.text
    assert "few words" in client.post(f"/s/{row.share_id}/report/", {"reason": "other"}).text
    assert not Report.objects.exists()


def test_a_flood_of_reports_is_stopped(alice: User, client: Client) -> None:
    row = shared(alice)
    answers = [client.post(f"/s/{row.share_id}/report/", {"reason": "spam"}).status_code for _ in range(8)]
    assert answers.count(200) == reports.MOST_A_MINUTE
    assert answers[-1] == 422


def test_a_song_that_is_taken_down_says_so_everywhere_and_stays_its_owners(
    alice_client: Client, client: Client, alice: User
) -> None:
    row = shared(alice)
    link = links.add(row, "Mum")
    Report.objects.create(generation=row, reason="rights")
    reports.take_down(row)
    page = f"/s/{row.share_id}/"
    for path in (
        page,
        f"{page}cover/",
        f"{page}take-1.mp3",
        f"{page}embed/",
        f"/embed/{row.share_id}/",
        f"/s/{link.share_id}/",
    ):
        answer = client.get(path)
        assert answer.status_code == 410
        assert "no longer shared" in answer.text
    assert client.get("/oembed", {"url": f"{settings.PUBLIC_URL}{page}"}).status_code == 404
    assert alice_client.get(f"/songs/{row.pk}/take-1.mp3").status_code == 200
    assert "ended the sharing" in alice_client.get(f"/songs/{row.pk}/sharing/").text
    assert Report.objects.get().closed_at
    reports.give_back(row)
    assert client.get(page).status_code == 200
