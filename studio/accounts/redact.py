"""Nothing that opens a door may stand in a log."""

from __future__ import annotations

import logging
import re

MASK = "[hidden]"
_SECRETS = (
    # What follows the first group is hidden.
    re.compile(r"(/signin/)[^/\s?#\"']+"),
    re.compile(r"(/stream/)[^/\s?#\"']+(?=\.mp3)"),
    re.compile(r"(/art/[0-9a-f-]{36}/)[^/\s?#\"']+"),
    re.compile(r"(/mail/off/)[^/\s?#\"']+"),
    re.compile(r"(/account/password/reset/key/)[^/\s?#\"']+"),
    re.compile(r"(/account/confirm-email/)[^/\s?#\"']+"),
    re.compile(r"(?i)(\bauthorization\b[\"']?\s*[:=,]\s*b?[\"']?)[^\r\n\"',]+"),
    re.compile(r"(?i)(\b(?:session|csrf|csrftoken|csrfmiddlewaretoken)=)[^\s;&\"']+"),
    re.compile(
        r"(?i)(\b[\w-]{0,40}(?:password\d?|passwd|secret(?:_key)?|api_key|access_token)\b[\"']?\s*[:=]\s*)"
        r"(?:\"[^\"]*\"|'[^']*'|[^\s&,}\"']+)"
    ),
    re.compile(r"(\bduplet_[0-9A-Za-z]+_)[0-9A-Za-z]+"),
    re.compile(r"(://[^/\s:@]+:)[^/\s@]+(?=@)"),
)


_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


def in_place(text: str) -> str:
    """`text` in which no stranger can begin a line of the log, or tell a terminal what to do.

    Lines after the first are indented; control characters are written out.
    """
    return _CONTROL.sub(lambda found: f"\\u{ord(found[0]):04x}", text).replace("\n", "\n    ")


def redact(text: str) -> str:
    """`text` with sign-in links, stream keys, credentials and passwords hidden."""
    for pattern in _SECRETS:
        text = pattern.sub(rf"\1{MASK}", text)
    return text


class NoSecrets(logging.Filter):
    """Hides secrets in everything a handler is about to write: the message, its arguments and the traceback."""

    _plain = logging.Formatter()

    def filter(self, record: logging.LogRecord) -> bool:
        """Always keeps the record; rewrites it where something in it must not be read."""
        record.msg, record.args = in_place(redact(record.getMessage())), ()
        if record.exc_info and not record.exc_text:
            record.exc_text = self._plain.formatException(record.exc_info)
        if record.exc_text:
            record.exc_text = in_place(redact(record.exc_text))
        if record.stack_info:
            record.stack_info = in_place(redact(record.stack_info))
        return True
