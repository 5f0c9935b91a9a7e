"""What a person writes, checked: every fault is told beside its field, and no typed word is lost."""

from __future__ import annotations

import unicodedata
import uuid
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, TypedDict

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from generator.protocol.errors import Rejected
from generator.protocol.text import one_line
from generator.upstream import SongRequest
from studio.songs import engine, nsfw
from studio.songs.models import Visibility

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

WORDS = (("mine", _("My words")), ("write", _("Write for me")), ("instrumental", _("Instrumental")))
LONGEST_ADDRESS = 2048
LONGEST_NOTES = 5000
WORDS_NAMED = 3
"""How many refused words are named, with their lines."""
AUDIO_INPUTS = ("reference_url", "instrumental_url", "vocal_url", "melody_url")


class GivenAudio(TypedDict):
    """Addresses of sound that a song is made from, by their names on the wire."""

    reference_url: str
    instrumental_url: str
    vocal_url: str
    melody_url: str


class Asked(GivenAudio):
    """All that a song is asked to be made from, by the names on the wire; empty where nothing was given."""

    prompt: str
    lyrics: str


class PlainText(forms.CharField):
    """Text without control characters: CRLF becomes LF, NUL and its kin are refused with their place."""

    def __init__(self, *, limit: int, **kwargs: Any) -> None:
        super().__init__(strip=False, **kwargs)
        self.limit = limit

    def to_python(self, value: Any) -> str:
        """The text, trimmed at its ends."""
        return str(super().to_python(value) or "").replace("\r\n", "\n").replace("\r", "\n").strip()

    def validate(self, value: str) -> None:
        """Length and characters."""
        super().validate(value)
        if len(value) > self.limit:
            raise ValidationError(
                _("This has %(there)s characters; up to %(fit)s fit. Nothing was cut off."),
                params={"there": _figure(len(value)), "fit": _figure(self.limit)},
            )
        for number, line in enumerate(value.split("\n"), start=1):
            if any(unicodedata.category(char) in ("Cc", "Cs") and char != "\t" for char in line):
                raise ValidationError(
                    _("Line %(line)s holds a character that is no text. Delete that line's end and retype it."),
                    params={"line": number},
                )


class AudioAddress(forms.CharField):
    """A whole http(s) address of at most `LONGEST_ADDRESS` characters."""

    def __init__(self, label: StrPromise, help_text: StrPromise) -> None:
        whole = URLValidator(("http", "https"), message=_("This is not an http:// or https:// address."))
        super().__init__(
            label=label, help_text=help_text, required=False, max_length=LONGEST_ADDRESS, validators=[whole]
        )


class CreateForm(forms.Form):
    """A request for a song, whichever door it comes through. Only the prompt is required.

    `words` says where the words come from. An error carries the code "required", "nsfw", or one of the closed list in
    `generator.protocol.errors`, where it is more than a matter of form.
    """

    prompt = PlainText(
        limit=settings.LIMIT_PROMPT,
        error_messages={"required": _("Say what it should sound like: a style, a mood, a story.")},
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    lyrics = PlainText(limit=settings.LIMIT_LYRICS, required=False, widget=forms.Textarea(attrs={"rows": 9}))
    reference_url = AudioAddress(_("Reference"), _("Carry its feel over"))
    instrumental_url = AudioAddress(_("Instrumental"), _("Sing over this"))
    vocal_url = AudioAddress(_("Vocal"), _("Build around this voice"))
    melody_url = AudioAddress(_("Melody"), _("Follow this tune"))
    words = forms.ChoiceField(choices=WORDS, required=False, widget=forms.RadioSelect)
    form_token = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("words", "mine")
        self.initial.setdefault("form_token", uuid.uuid4())

    def clean(self) -> dict[str, Any]:
        """What one field alone cannot know: whether words and choice agree, and what the upstream cannot sing."""
        data = super().clean() or {}
        given = data.get("lyrics", "")
        if given and data.get("words") in ("write", "instrumental"):
            told = _("There are words here. Choose My words to have them sung, or clear them.")
            self.add_error("lyrics", ValidationError(told))
        for name in AUDIO_INPUTS:
            if self.data.get(name) and name not in engine.current().inputs:
                told = _("%(name)s: the engine in use here does not take audio. Leave it out.")
                self.add_error(None, ValidationError(told, code="rejected_input", params={"name": name}))
        for name in ("prompt", "lyrics"):
            self._refuse_words(name, data.get(name, ""))
        if not self.errors:
            self._ask_upstream(data)
        return data

    @property
    def request_prompt(self) -> str:
        """The prompt as it is sent: the protocol has no field for "no voice", so that wish is said in words."""
        prompt = str(self.cleaned_data["prompt"])
        if self.cleaned_data.get("words") == "instrumental" and "instrumental" not in prompt.lower():
            return f"{prompt.rstrip('.')}, instrumental"
        return prompt

    @property
    def asked(self) -> Asked:
        """What a song is asked to be made from."""
        return Asked(prompt=self.request_prompt, lyrics=self.cleaned_data["lyrics"], **self.audio)

    @property
    def audio_fields(self) -> list[forms.BoundField]:
        """The audio inputs that the engine in use takes; the others are not shown."""
        return [self[name] for name in AUDIO_INPUTS if name in engine.current().inputs]

    @property
    def audio(self) -> GivenAudio:
        """The addresses of given sound; empty where there is none."""
        data = self.cleaned_data
        return GivenAudio(
            reference_url=data["reference_url"],
            instrumental_url=data["instrumental_url"],
            vocal_url=data["vocal_url"],
            melody_url=data["melody_url"],
        )

    def _refuse_words(self, name: str, text: str) -> None:
        found = [finding for finding in nsfw.check(text) if finding.kind in settings.NSFW_REFUSE]
        if found:
            self.add_error(name, ValidationError(_not_sung(found), code="nsfw"))

    def _ask_upstream(self, data: dict[str, Any]) -> None:
        request = SongRequest(
            prompt=data["prompt"],
            lyrics=data["lyrics"] or None,
            reference_url=data["reference_url"] or None,
            instrumental_url=data["instrumental_url"] or None,
            vocal_url=data["vocal_url"] or None,
            melody_url=data["melody_url"] or None,
        )
        try:
            engine.current().check(request)
        except Rejected as refusal:
            field = refusal.field if refusal.field in self.fields else None
            self.add_error(field, ValidationError(refusal.sentence, code=refusal.code))


def _not_sung(found: list[nsfw.Finding]) -> str:
    """The sentence that names the first of the words that are refused here."""
    said = [str(_("“%(word)s” in line %(line)s")) % asdict(finding) for finding in found[:WORDS_NAMED]]
    named, more = ", ".join(said), len(found) - len(said)
    if not more:
        return str(_("This site does not sing %(words)s. Change that and send it again.")) % {"words": named}
    return ngettext(
        "This site does not sing %(words)s and %(more)s more. Change that and send it again.",
        "This site does not sing %(words)s and %(more)s more. Change that and send it again.",
        more,
    ) % {"words": named, "more": more}


def _figure(number: int) -> str:
    return number_format(number, force_grouping=True)


class RenameForm(forms.Form):
    """A new title."""

    title = forms.CharField(
        max_length=200,
        error_messages={
            "required": _("A song needs a title."),
            "max_length": _("This has %(show_value)s characters; up to %(limit_value)s fit. Nothing was cut off."),
        },
    )

    def clean_title(self) -> str:
        """One line, which reorders nothing around it: others may read it."""
        title = one_line(self.cleaned_data["title"], 200)
        if not title:
            raise ValidationError(_("A title needs a letter that can be seen."))
        return title


class ShareForm(forms.Form):
    """Who may hear a song."""

    visibility = forms.ChoiceField(choices=Visibility.choices)
