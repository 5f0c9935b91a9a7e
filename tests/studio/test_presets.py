"""Presets: a form under a name, one's own, few enough, and never lost by another one."""

from __future__ import annotations

import pytest
from django.test import Client

from studio.accounts.models import User
from studio.songs import drafts, presets
from studio.songs.presets import Preset

pytestmark = pytest.mark.django_db
FIELDS = {"prompt": "A slow waltz", "lyrics": "[Verse]\nwe are home", "words": "mine"}


def keep(client: Client, name: str, **fields: str) -> None:
    response = client.post("/presets/", {**FIELDS, **fields, "preset_name": name})
    assert (response.status_code, response.headers["Location"]) == (302, "/")


def test_a_preset_fills_the_form_and_leaves_the_draft(alice_client: Client, alice: User) -> None:
    keep(alice_client, "Waltzes")
    drafts.save(alice, {"prompt": "Something else"}, revision=drafts.of(alice).revision)
    page = alice_client.get(f"/?preset={Preset.objects.get().pk}")
    held = page.context["form"]
    assert {name: held[name].value() for name in FIELDS} == FIELDS
    assert page.context["is_over_draft"]
    assert alice_client.get("/").context["form"]["prompt"].value() == "Something else"


def test_keeping_a_preset_leaves_the_form_as_it_is(alice_client: Client) -> None:
    keep(alice_client, "Waltzes")
    assert alice_client.get("/").context["form"]["prompt"].value() == "A slow waltz"


def test_without_a_name_it_is_called_after_its_prompt(alice_client: Client) -> None:
    keep(alice_client, " \n ")
    assert Preset.objects.get().name == "A slow waltz"


def test_an_empty_form_is_no_preset(alice_client: Client) -> None:
    page = alice_client.post("/presets/", {"preset_name": "Nothing", "words": "mine"}, follow=True)
    assert "nothing to keep" in page.content.decode()
    assert not Preset.objects.exists()


def test_a_name_is_one_preset_whatever_its_case_and_the_former_form_is_set_aside(
    alice_client: Client, alice: User
) -> None:
    keep(alice_client, "STRASSE", prompt="The first")
    keep(alice_client, "Straße", prompt="The second")
    assert Preset.objects.get().fields["prompt"] == "The second"
    assert "The first" in [fields["prompt"] for fields in drafts.of(alice).aside]


def test_two_people_may_use_one_name(alice_client: Client, bob_client: Client) -> None:
    keep(alice_client, "Waltzes")
    keep(bob_client, "Waltzes")
    assert Preset.objects.count() == 2


def test_there_are_fifty_at_most_and_the_form_is_kept(alice_client: Client, alice: User) -> None:
    for number in range(presets.MOST):
        presets.keep(alice, f"Preset {number}", {"prompt": "pop"})
    page = alice_client.post("/presets/", {**FIELDS, "preset_name": "One more"}, follow=True)
    assert "50 presets already" in page.content.decode()
    assert page.context["form"]["prompt"].value() == "A slow waltz"
    assert Preset.objects.count() == presets.MOST
    keep(alice_client, "preset 7", prompt="changed")
    assert Preset.objects.get(name="preset 7").fields["prompt"] == "changed"


def test_it_can_be_renamed_but_not_to_the_name_of_another(alice_client: Client) -> None:
    keep(alice_client, "Waltzes")
    keep(alice_client, "Polkas")
    first = Preset.objects.get(name="Waltzes")
    alice_client.post(f"/presets/{first.pk}/rename/", {"name": "WALTZES"})
    first.refresh_from_db()
    assert first.name == "WALTZES"
    page = alice_client.post(f"/presets/{first.pk}/rename/", {"name": "polkas"}, follow=True)
    assert "Another preset is called “polkas”" in page.content.decode()
    page = alice_client.post(f"/presets/{first.pk}/rename/", {"name": " "}, follow=True)
    assert "A preset needs a name" in page.content.decode()
    first.refresh_from_db()
    assert first.name == "WALTZES"


def test_it_can_be_deleted(alice_client: Client, alice: User) -> None:
    keep(alice_client, "Waltzes")
    alice_client.post(f"/presets/{Preset.objects.get().pk}/delete/")
    assert not Preset.objects.exists()


def test_nobody_reaches_the_presets_of_somebody_else(alice_client: Client, bob_client: Client) -> None:
    keep(alice_client, "Waltzes")
    pk = Preset.objects.get().pk
    page = bob_client.get(f"/?preset={pk}")
    assert (page.status_code, page.context["form"]["prompt"].value()) == (404, None)
    assert bob_client.post(f"/presets/{pk}/rename/", {"name": "Mine"}).status_code == 404
    assert bob_client.post(f"/presets/{pk}/delete/").status_code == 404
    assert Preset.objects.get().name == "Waltzes"
    assert b"Waltzes" not in bob_client.get("/presets/").content


@pytest.mark.parametrize("number", ["0", "-1", "9" * 30, "x", "1; drop", ""])
def test_a_preset_that_is_none_is_said_kindly(alice_client: Client, number: str) -> None:
    page = alice_client.get("/", {"preset": number})
    assert page.status_code == 404
    assert "Your draft is as it was" in page.content.decode()
