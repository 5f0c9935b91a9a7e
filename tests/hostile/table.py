"""The whole table, by group; `python -m tests.hostile.table` prints what it holds."""

from __future__ import annotations

import sys

from tests.hostile.asking import ASKED, GIVEN_UP
from tests.hostile.bytes import CONTENT, FRAMING
from tests.hostile.cuts import CUTS
from tests.hostile.fault import WHOLE, Fault
from tests.hostile.files import ART, LED, SOUND
from tests.hostile.telling import GOOD, story, tell
from tests.hostile.wire import BODIES, CONNECTION, HEADERS, INSTEAD, REDIRECTS, STATUSES
from tests.hostile.words import FAILURES_TOLD, VALUES

GOOD_SONGS = [
    Fault(name="good", order=(GOOD,), end=WHOLE),
    Fault(name="good-and-slow", order=(tell(*story(), pause=0.6),), end=WHOLE),
]
GROUPS: dict[str, list[Fault]] = {
    "good": GOOD_SONGS,
    "connection": CONNECTION,
    "statuses": STATUSES,
    "documented errors": BODIES,
    "redirects": REDIRECTS,
    "headers": HEADERS,
    "json instead of a stream": INSTEAD,
    "cuts": CUTS,
    "framing": FRAMING,
    "content": CONTENT,
    "told failures": FAILURES_TOLD,
    "hostile values": VALUES,
    "sound": SOUND,
    "addresses": LED,
    "art": ART,
    "the status endpoint": ASKED,
    "given up": GIVEN_UP,
}
TABLE = [fault for faults in GROUPS.values() for fault in faults]
HARMLESS, HARMFUL = 12, 3
"""So many-th of the faults that cost two decoders each, and of those that end a song, is played in every run."""
WHOLLY = [fault.name for fault in TABLE if fault.end == WHOLE]
ENDED = [fault.name for fault in TABLE if fault.end != WHOLE]
OFTEN = {*WHOLLY[::HARMLESS], *ENDED[::HARMFUL], *(faults[0].name for faults in GROUPS.values())}
"""What every run of the tests plays; `make faults` plays all."""


def main() -> None:
    """How many faults there are in each group."""
    lines = [f"{len(faults):4}  {group}" for group, faults in GROUPS.items()]
    sys.stdout.write("\n".join([*lines, f"{len(TABLE):4}  in all, {len(OFTEN)} of them often", ""]))


if __name__ == "__main__":
    main()
