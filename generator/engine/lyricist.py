"""Asks a language model of the operator's choice for words, over the chat API that many servers share.

It is optional, and trusted with nothing: its answer is a draft, which `draft.Drafted` takes only as far as it rhymes,
scans and can be sung. Any fault at all means no draft, and the song's words come from our own writer. Words come before
notes, so a song waits for them, for `SECONDS` at most; after a fault nobody waits for `REST_SECONDS`.

The address is the operator's own, so it may well lie in a private network: the guard on addresses that people give does
not apply to it.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
import re
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

from generator.protocol import json_text

from .draft import HOOK_LINES, read_draft

log = logging.getLogger(__name__)

SECONDS = 8.0
"""For the whole answer."""
REST_SECONDS = 60.0
MOST_BYTES = 64 * 1024
"""Of an answer; words for a song are under 2 KiB."""
WORDLESS = re.compile(r"\binstrumental|\b(?:no|without)\s+(?:vocals?|singing|voices?|lyrics|words|singer)\b", re.I)
TASK = """You write the words of songs, in plain, concrete, singable English. Answer with one JSON object, nothing else:
{"verses": [[four lines], [four lines]], "lift": [two lines], "bridge": [two lines], "chorus": [four lines]}
Verses, lift and bridge rhyme in pairs of lines, with exact rhymes of different words. Each of their lines has eight
syllables; ten if the song is rap, four if it is house or ambient music. The chorus has lines of four to eight
syllables: its first line is the hook and comes again word for word as the third, its second and fourth lines rhyme.
No line comes twice elsewhere. Only words and punctuation: no titles, no labels, no figures."""


class Lyricist:
    """Asks one endpoint for drafts, and keeps them, so that the same request has the same words for good."""

    def __init__(
        self,
        url: str,
        key: str,
        model: str,
        folder: Path,
        *,
        refuses: Callable[[str], bool] | None = None,
        seconds: float = SECONDS,
    ) -> None:
        """`url` is the API's base address, such as https://api.example.org/v1; `key` may be empty.

        Without a `url` nobody is asked, and only what was drafted before is known. `folder` keeps the drafts. `refuses`
        says whether words are such as this site does not sing.
        """
        self._url, self._key, self._model = url.rstrip("/"), key, model
        self._folder, self._refuses, self._seconds = folder, refuses, seconds
        self._rests_until = 0.0

    async def draft(self, prompt: str, lyrics: str | None, seed: int) -> str:
        """A draft of the words for a song, as `draft.Drafted` reads it; empty if there is none. Raises nothing."""
        given = [line for line in (lyrics or "").splitlines() if line.strip()]
        if len(given) > HOOK_LINES or WORDLESS.search(prompt):
            return ""
        kept = self._kept(prompt, lyrics, seed)
        try:
            return await asyncio.to_thread(kept.read_text, "utf-8")
        except (OSError, UnicodeDecodeError):
            if not self._url:
                return ""
            draft = await self._ask(prompt, given)
        try:
            await asyncio.to_thread(_keep, kept, draft)
        except OSError:
            log.warning("A draft of a song's words could not be kept in %s.", self._folder)
            return ""  # without it the song could not be made again
        return draft

    def forget(self, prompt: str, lyrics: str | None, seed: int) -> None:
        """Remove the draft of a song that is deleted for good, if there is one. Raises OSError."""
        self._kept(prompt, lyrics, seed).unlink(missing_ok=True)

    def _kept(self, prompt: str, lyrics: str | None, seed: int) -> Path:
        """Where the draft for this request lies."""
        asked = json.dumps([prompt, lyrics, seed]).encode()
        return self._folder / f"{hashlib.sha256(asked).hexdigest()}.json"

    async def _ask(self, prompt: str, given: list[str]) -> str:
        if time.monotonic() < self._rests_until:
            return ""
        try:
            async with asyncio.timeout(self._seconds):
                draft = read_draft(_content(await self._answer(prompt, given)))
        except Exception as fault:
            # Its kind alone: what the other side sent may hold anything.
            log.warning("The endpoint in LYRICS_URL gave no words: %s.", type(fault).__name__)
            self._rests_until = time.monotonic() + REST_SECONDS
            return ""
        if self._refuses and self._refuses("\n".join(draft.lines)):
            log.warning("The endpoint in LYRICS_URL gave words that this site does not sing.")
            return ""
        return draft.text

    async def _answer(self, prompt: str, given: list[str]) -> bytes:
        """The endpoint's answer, whole. Raises ValueError for any but a plain, short one."""
        wish = f"Write the words for this song: {prompt}"
        if given:
            wish += "\nThe chorus is given; write the rest around it:\n" + "\n".join(given)
        messages = [{"role": "system", "content": TASK}, {"role": "user", "content": wish}]
        asked = {"model": self._model, "messages": messages, "stream": False, "max_tokens": 1200}
        headers = {"Authorization": f"Bearer {self._key}"} if self._key else {}
        address = f"{self._url}/chat/completions"
        from generator.outbound import bare_client  # noqa: PLC0415  a tenth of a second that few need

        async with (
            bare_client(self._seconds) as client,
            client.stream("POST", address, json=asked, headers=headers) as response,
        ):
            if response.status_code != 200 or response.headers.get("content-encoding", "identity") != "identity":
                raise ValueError(f"status {response.status_code}")
            return await _read(response.aiter_raw())


async def _read(pieces: AsyncIterator[bytes]) -> bytes:
    body = bytearray()
    async for piece in pieces:
        body += piece
        if len(body) > MOST_BYTES:
            raise ValueError("too long")
    return bytes(body)


def _content(body: bytes) -> str:
    """What the model said. Raises ValueError, or what reading something else raises."""
    answer: Any = json_text.read_object(body)
    content = answer["choices"][0]["message"]["content"]
    if not isinstance(content, str):
        raise ValueError("no text")
    return content


def _keep(path: Path, text: str) -> None:
    """Write a file whole or not at all."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    part.write_text(text, "utf-8")
    part.replace(path)
