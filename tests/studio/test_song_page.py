"""A song's own page: what its owner keeps beside it, which take plays first, and the page in every state."""

from __future__ import annotations

import json
import re

import pytest
from django.test import Client
from django.utils import timezone

from generator.protocol import events as v6
from studio.accounts.models import User
from studio.live import apply
from studio.songs import generations, state
from studio.songs.models import Generation, Section, Status, Version, Visibility
from tests.studio.rows import saved_song

pytestmark = pytest.mark.django_db
JSON = {"accept": "application/json"}


def page_of(client: Client, row: Generation) -> str:
    response = client.get(f"/songs/{row.pk}/")
    assert response.status_code == 200
    return response.content.decode()


def checked_take(html: str) -> str:
    found = re.findall(r'value="(\d)" data-take-choice checked', html)
    assert len(found) == 1
    return str(found[0])


@pytest.mark.parametrize("headers", [{}, JSON])
def test_a_favourite_is_set_and_unset_and_sent_twice_does_no_harm(
    alice_client: Client, alice: User, headers: dict[str, str]
) -> None:
    row = saved_song(alice, "Dear")
    for on, expected in (("1", True), ("1", True), ("0", False), ("0", False)):
        response = alice_client.post(f"/songs/{row.pk}/favourite/", {"on": on}, headers=headers)
        assert response.status_code == (204 if headers else 302)
        row.refresh_from_db()
        assert row.is_favourite is expected
        pressed = f'aria-pressed="{str(expected).lower()}" aria-label="Favourite: Dear"'
        assert pressed in page_of(alice_client, row)
        assert pressed in alice_client.get("/library/").content.decode()
        assert pressed in alice_client.get("/").content.decode()


def test_what_says_neither_yes_nor_no_changes_nothing(alice_client: Client, alice: User) -> None:
    row = saved_song(alice, "Dear")
    for fields in ({}, {"on": "maybe"}, {"on": ""}):
        assert alice_client.post(f"/songs/{row.pk}/favourite/", fields).status_code == 422
    row.refresh_from_db()
    assert row.is_favourite is False


@pytest.mark.parametrize(
    ("asked", "place"),
    [
        ("/library/?q=dear&page=2", "/library/?q=dear&page=2"),
        ("/", "/"),
        ("//elsewhere.example/", "/songs/{pk}/"),
        ("https://elsewhere.example/", "/songs/{pk}/"),
        ("javascript:alert(1)", "/songs/{pk}/"),
        ("", "/songs/{pk}/"),
    ],
)
def test_a_plain_form_leads_back_to_the_page_it_stood_on_and_never_elsewhere(
    alice_client: Client, alice: User, asked: str, place: str
) -> None:
    row = saved_song(alice, "Dear")
    response = alice_client.post(f"/songs/{row.pk}/favourite/", {"on": "1", "next": asked})
    assert response["Location"] == place.format(pk=row.pk)


def test_the_kept_take_plays_first_everywhere_and_the_other_one_stays(
    alice_client: Client, client: Client, alice: User
) -> None:
    row = saved_song(alice, "Two ways")
    Version.objects.filter(generation=row, number=2).update(duration_ms=61_000)
    generations.share(row, Visibility.UNLISTED)
    html = page_of(alice_client, row)
    assert checked_take(html) == "1"
    assert 'data-kept=""' in html
    assert alice_client.post(f"/songs/{row.pk}/keep/", {"take": "2"}).status_code == 302
    for path in (f"/songs/{row.pk}/", f"/s/{row.share_id}/"):
        html = (alice_client if "songs" in path else client).get(path).content.decode()
        assert checked_take(html) == "2"
        assert 'aria-valuemax="61"' in html
        assert 'data-lyrics-of="2">' in html
        assert 'data-lyrics-of="1" hidden' in html
    assert f"/s/{row.share_id}/take-2.mp3" in re.findall(r'og:audio" content="([^"]*)"', html)[0]
    for path in ("/library/", "/"):
        html = alice_client.get(path).content.decode()
        assert "Take B kept, 1:01" in html
        assert 'data-kept="2"' in html
    assert alice_client.get(f"/songs/{row.pk}/take-1.mp3").status_code == 200
    assert alice_client.post(f"/songs/{row.pk}/keep/", {"take": ""}, headers=JSON).status_code == 204
    row.refresh_from_db()
    assert row.kept_take is None
    assert checked_take(page_of(alice_client, row)) == "1"


@pytest.mark.parametrize("take", ["0", "3", "x", "1.5"])
def test_only_a_take_that_is_there_can_be_kept(alice_client: Client, alice: User, take: str) -> None:
    row = saved_song(alice, "Two ways")
    assert alice_client.post(f"/songs/{row.pk}/keep/", {"take": take}, headers=JSON).status_code == 409
    response = alice_client.post(f"/songs/{row.pk}/keep/", {"take": take}, follow=True)
    assert "This take cannot be kept" in response.content.decode()
    row.refresh_from_db()
    assert row.kept_take is None


def test_a_take_that_did_not_come_cannot_be_kept_and_the_other_one_is_chosen(alice_client: Client, alice: User) -> None:
    row = saved_song(alice, "Half")
    Version.objects.filter(generation=row, number=1).update(state=Version.State.FAILED, audio="", peaks=[])
    Generation.objects.filter(pk=row.pk).update(status=Status.PARTIAL)
    assert alice_client.post(f"/songs/{row.pk}/keep/", {"take": "1"}, headers=JSON).status_code == 409
    html = page_of(alice_client, row)
    assert checked_take(html) == "2"
    assert "Did not come" in html
    assert "Keep take" not in html
    assert 'data-lyrics-of="1"' not in html


def test_a_choice_whose_take_is_gone_is_none(alice: User) -> None:
    row = saved_song(alice, "Half")
    generations.keep_take(row, 1)
    Version.objects.filter(generation=row, number=1).update(state=Version.State.FAILED)
    row.refresh_from_db()
    item = state.shown(row)
    assert (item.kept, item.first) == (None, 2)


def test_notes_are_kept_and_nobody_else_reads_them(alice_client: Client, client: Client, alice: User) -> None:
    row = saved_song(alice, "Noted")
    generations.share(row, Visibility.PUBLIC)
    response = alice_client.post(f"/songs/{row.pk}/notes/", {"notes": "Ask Jo about\r\nthe <bridge>"})
    assert response["Location"] == f"/songs/{row.pk}/#notes-{row.pk}"
    row.refresh_from_db()
    assert row.notes == "Ask Jo about\nthe <bridge>"
    assert "Ask Jo about\nthe &lt;bridge&gt;" in page_of(alice_client, row)
    for path in (f"/s/{row.share_id}/", "/library/", "/"):
        assert "Ask Jo" not in client.get(path, follow=True).content.decode()


def test_notes_of_two_windows_never_write_over_each_other(alice_client: Client, alice: User) -> None:
    row = saved_song(alice, "Noted")
    address, seen = f"/songs/{row.pk}/notes/", row.notes_mark
    first = alice_client.post(address, {"notes": "From here", "seen": seen}, headers=JSON)
    assert first.status_code == 200
    late = alice_client.post(address, {"notes": "From there", "seen": seen}, headers=JSON)
    assert late.status_code == 409
    told = json.loads(late.content)
    assert told["others"] == "From here"
    row.refresh_from_db()
    assert row.notes == "From here"
    plain = alice_client.post(address, {"notes": "From there", "seen": seen})
    html = plain.content.decode()
    assert plain.status_code == 409
    assert "From there</textarea>" in html
    assert "From here" in html
    both = alice_client.post(address, {"notes": "From there. From here", "seen": told["seen"]}, headers=JSON)
    assert both.status_code == 200
    row.refresh_from_db()
    assert row.notes == "From there. From here"
    assert json.loads(both.content)["seen"] == row.notes_mark


@pytest.mark.parametrize("notes", ["x" * 5001, "a\0b", "a\x9bb"])
def test_notes_that_cannot_be_kept_are_refused_with_the_reason_and_stay_typed(
    alice_client: Client, alice: User, notes: str
) -> None:
    row = saved_song(alice, "Noted")
    plain = alice_client.post(f"/songs/{row.pk}/notes/", {"notes": notes})
    script = alice_client.post(f"/songs/{row.pk}/notes/", {"notes": notes}, headers=JSON)
    assert (plain.status_code, script.status_code) == (422, 422)
    assert len(json.loads(script.content)["error"]) > 20
    assert notes[:3].strip("\0") in plain.content.decode()
    row.refresh_from_db()
    assert row.notes == ""


def test_five_thousand_characters_of_notes_fit(alice_client: Client, alice: User) -> None:
    row = saved_song(alice, "Noted")
    assert alice_client.post(f"/songs/{row.pk}/notes/", {"notes": "🎶" * 5000}, headers=JSON).status_code == 200
    row.refresh_from_db()
    assert len(row.notes) == 5000


@pytest.mark.parametrize("title", ["  ", "\u202e\u2066", "y" * 201])
def test_a_title_that_cannot_be_taken_stays_in_its_field_with_the_reason(
    alice_client: Client, alice: User, title: str
) -> None:
    row = saved_song(alice, "Old")
    response = alice_client.post(f"/songs/{row.pk}/rename/", {"title": title})
    html = response.content.decode()
    assert response.status_code == 422
    assert "data-open" in html
    assert f'name="title" value="{title}"' in html
    assert 'id="title-bad" role="alert"' in html
    row.refresh_from_db()
    assert row.title == "Old"


def test_what_was_understood_is_told_once_where_both_takes_agree(alice_client: Client, alice: User) -> None:
    row = saved_song(alice, "Waltz")
    facts = {"tempo": 92, "key": "D minor", "metre": "3/4", "voice": "female", "style": "folk"}
    Version.objects.filter(generation=row).update(understood=facts)
    html = page_of(alice_client, row)
    assert html.count("92 bpm, D minor, waltz time, female voice, folk") == 1
    assert "Understood as" in html
    Version.objects.filter(generation=row, number=2).update(understood={**facts, "tempo": 96, "key": "E minor"})
    html = page_of(alice_client, row)
    assert "Take A understood as" in html
    assert "96 bpm, E minor" in html


def test_a_long_account_of_what_was_not_done_as_asked_is_told_whole(alice_client: Client, alice: User) -> None:
    row = saved_song(alice, "Polka")
    unmet = "200 bpm in place of 300, 4/4 in place of 7/8, one voice in each take in place of a duet"
    told = f"{unmet} and songs last from 20 seconds to 5 minutes"
    Version.objects.filter(generation=row).update(is_finished=False)
    versions = {version.number: version for version in row.versions.all()}
    event = v6.Finished(message_id="x", version=1, lyrics_sections=[], extra={"understood": {"unmet": told}})
    assert apply.apply(row, versions, event, None) == "finished"
    assert told in page_of(alice_client, row)


def test_lines_without_times_are_no_ways_and_parts_without_words_are_said(alice_client: Client, alice: User) -> None:
    """Another host may send words without times, and an instrumental has none."""
    row = saved_song(alice, "From afar")
    section = Section.objects.get(version__generation=row, version__number=1, kind="verse")
    section.lines = [{"start": 0, "end": 0, "text": "Untimed line", "words": []}]
    section.save()
    Section.objects.filter(version__generation=row, version__number=2).delete()
    html = page_of(alice_client, row)
    assert '<span class="line">Untimed line</span>' in html
    assert html.count("No words are sung in this take.") == 1
    assert 'data-strip="1"' in html
    assert 'data-strip="2"' not in html


@pytest.mark.parametrize("status", list(Status))
@pytest.mark.parametrize("trashed", [False, True])
def test_the_page_stands_in_every_state(alice_client: Client, alice: User, status: Status, trashed: bool) -> None:
    row = saved_song(alice, "x" * 200)
    without_sound = status in (Status.QUEUED, Status.RUNNING, Status.INTERRUPTED, Status.FAILED, Status.CANCELLED)
    if without_sound:
        Version.objects.filter(generation=row).update(state=Version.State.WAITING, audio="", peaks=[], duration_ms=0)
    Generation.objects.filter(pk=row.pk).update(status=status, trashed_at=timezone.now() if trashed else None)
    html = page_of(alice_client, row)
    assert ("big-wave" in html) != without_sound
    assert ("Restore" in html) == trashed
    assert ("Move to trash" in html) != trashed
    assert ("Favourite: x" in html) == (not without_sound and not trashed)


@pytest.mark.parametrize(("deed", "fields"), [("favourite", {"on": "1"}), ("keep", {"take": "1"}), ("notes", {})])
def test_nobody_marks_what_belongs_to_another_and_nothing_is_marked_by_a_link(
    bob_client: Client, alice_client: Client, alice: User, deed: str, fields: dict[str, str]
) -> None:
    row = saved_song(alice, "Hers")
    assert bob_client.post(f"/songs/{row.pk}/{deed}/", {**fields, "notes": "Mine"}).status_code == 404
    assert alice_client.get(f"/songs/{row.pk}/{deed}/").status_code == 405
    row.refresh_from_db()
    assert (row.is_favourite, row.kept_take, row.notes) == (False, None, "")
