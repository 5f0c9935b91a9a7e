"""What it costs to bring a thousand songs to a thousand tabs: Duplet as it runs, against a relay that keeps nothing.

    make bench                                  both, at 100 and at 1000 streams (about eight minutes)
    python -m tests.bench.relay --streams 100 --seconds 10

Four processes: the target on one core, and on another the host that tells the songs, the tabs that hear them, and this
one. The host notes the moment at which it tells each percent of each song in memory that the tabs read, so the way
from there to the tab is measured whatever the target makes of an event.
"""
