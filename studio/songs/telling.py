"""What is said of a song: whole sentences of what happened, what it cost and what comes next."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from studio.accounts import ledger
from studio.songs.models import Generation, Status

if TYPE_CHECKING:
    from studio.songs.line import Place
    from studio.songs.state import Take


def say(generation: Generation, takes: Sequence[Take], place: Place | None = None) -> str:
    """The one sentence that screen readers hear. `place`: where it stands in the line, for a song that waits."""
    match generation.status:
        case Status.COMPLETED:
            return _("Saved. Both takes are in your library.")
        case Status.PARTIAL:
            kept = next((take.letter for take in takes if take.status == "saved"), "A")
            said = {"kept": kept, "lost": "B" if kept == "A" else "A"}
            return _("Take %(kept)s is saved. Take %(lost)s did not come.") % said
        case Status.FAILED:
            return generation.error or _("This song could not be made.")
        case Status.CANCELLED:
            return _("Cancelled.")
    if generation.cancel_requested_at:
        return _("Cancelling.")
    if generation.status == Status.INTERRUPTED:
        if generation.upstream_message_id:
            return _("The line to the engine broke. We are finding out what became of this song.")
        return _("The line broke before the engine said whether it takes the order.")
    if generation.status == Status.QUEUED:
        return _waiting(generation, place)
    if not generation.accepted_at:
        return _("Sending your request.")
    return _recording(generation, takes)


def headline(generation: Generation) -> str:
    """What became of a song that failed, in a few words; empty for any other."""
    if generation.status != Status.FAILED:
        return ""
    match generation.error_code:
        case "rejected_prompt":
            return _("The prompt was declined")
        case "rejected_words":
            return _("The words were declined")
        case "rejected_input":
            return _("The given audio was declined")
        case "upstream_unreachable":
            return _("The engine is not answering")
        case "upstream_auth" | "upstream_tls" | "no_credits":
            return _("The engine takes no orders from this site")
        case "upstream_busy":
            return _("The engine stayed busy")
        case "storage_failed":
            return _("There is no room for this song")
    return _("This song was not made")


def detail(generation: Generation) -> str:
    """What was kept, what it cost, what may still come; may be empty."""
    match generation.status:
        case Status.FAILED:
            # Without a price of ours, somebody may still have paid the host.
            free = generation.error_code in ("engine_failed", "storage_failed") or generation.submitted_at is None
            return _kept(generation, is_free=free)
        case Status.CANCELLED:
            return _kept(generation, is_free=False)
        case Status.PARTIAL | Status.COMPLETED:
            return " ".join(part for part in (generation.error, _used(generation)) if part)
        case Status.INTERRUPTED:
            return f"{_meanwhile(generation)} {_again()}"
    return ""


def kept(letter: str, length: str) -> str:
    """Which take its owner has chosen, and how long it is."""
    return _("Take %(letter)s kept, %(length)s") % {"letter": letter, "length": length}


def facts(kept: int, length: str) -> str:
    """How many takes there are (1 or 2), and how long the first of them is: "2 takes, 3:07"."""
    return ngettext("%(n)s take, %(length)s", "%(n)s takes, %(length)s", kept) % {"n": kept, "length": length}


def _waiting(generation: Generation, place: Place | None) -> str:
    if generation.retry_at and generation.retry_at > timezone.now():
        return _("The engine is busy. Your song is kept and starts by itself.")
    if place is None:
        return _("Waiting for its turn.")
    if place.is_held:
        return _("Waiting in line. It begins when one of your other songs is done.")
    if not place.before:
        return _("Next in line.")
    return ngettext("In line. %d song comes first.", "In line. %d songs come first.", place.before) % place.before


def _recording(generation: Generation, takes: Sequence[Take]) -> str:
    saved = [take.letter for take in takes if take.status == "saved"]
    ready = [take.letter for take in takes if take.status == "playable"]
    if not takes:  # somebody deleted the song since its row was read
        return _("Deleted.")
    one, other = [*saved, *ready, *(take.letter for take in takes if take.letter not in (*saved, *ready))][:2]
    said = {"one": one, "other": other, "percent": generation.progress}
    if len(saved) == len(takes):
        return _("Both takes are done. Saving to your library.")
    if saved and ready:
        return _("Take %(one)s is done. Take %(other)s is ready to hear, at %(percent)d percent.") % said
    if saved:
        return _("Take %(one)s is done. Take %(other)s is at %(percent)d percent.") % said
    if len(ready) == len(takes):
        return _("Both takes are ready to hear, at %(percent)d percent.") % said
    if ready:
        return _("Take %(one)s is ready to hear. Take %(other)s is at %(percent)d percent.") % said
    if generation.progress:
        return _("Recording both takes, %(percent)d percent.") % said
    if generation.cost:
        return _("Accepted. %(credits)s used.") % {"credits": ledger.in_words(generation.cost)}
    return _("Accepted. Starting.")


def _kept(generation: Generation, *, is_free: bool) -> str:
    if generation.cost:
        said = {"credits": ledger.in_words(generation.cost)}
        return _("Your prompt and words are kept. Nothing was charged; %(credits)s returned.") % said
    if is_free:
        return _("Your prompt and words are kept. Nothing was charged.")
    return _("Your prompt and words are kept.")


def _used(generation: Generation) -> str:
    if not generation.cost:
        return ""
    if generation.refunded_at:
        words = ngettext("%(credits)s was given back.", "%(credits)s were given back.", generation.cost)
    else:
        words = ngettext("%(credits)s was used.", "%(credits)s were used.", generation.cost)
    return words % {"credits": ledger.in_words(generation.cost)}


def _meanwhile(generation: Generation) -> str:
    """What holds for an interrupted song."""
    said = {"credits": ledger.in_words(generation.cost)}
    if generation.upstream_message_id and generation.cost:
        return (
            ngettext(
                "If its takes come after all, they are kept here; if not, its credit comes back.",
                "If its takes come after all, they are kept here; if not, its %(credits)s come back.",
                generation.cost,
            )
            % said
        )
    if generation.upstream_message_id:
        return _("If its takes come after all, they are kept here.")
    if generation.cost:
        return (
            ngettext(
                "It is never ordered twice by itself, and its credit comes back.",
                "It is never ordered twice by itself, and its %(credits)s come back.",
                generation.cost,
            )
            % said
        )
    return _("It is never ordered twice by itself.")


def _again() -> str:
    if settings.CREDITS_PER_SONG:
        price = ledger.in_words(settings.CREDITS_PER_SONG)
        return _("Making it again is an order of its own and costs %(price)s.") % {"price": price}
    return _("Making it again is an order of its own.")
