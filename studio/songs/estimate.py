"""How long a song is likely to take: as long as the last ones of this site took."""

from __future__ import annotations

import statistics

from django.utils.translation import ngettext

from studio.songs.models import Generation, Status

LOOKED_AT = 20
FEWEST = 3
"""Songs from which something can be said."""
LONGEST_IN_SECONDS = 90


def in_words(upstream: str) -> str:
    """ "about 20 seconds", the median of the last songs that `upstream` made; empty where there are too few."""
    rows = Generation.objects.filter(status=Status.COMPLETED, upstream=upstream, submitted_at__isnull=False)
    times = rows.order_by("-finished_at").values_list("submitted_at", "finished_at")[:LOOKED_AT]
    took = [(end - start).total_seconds() for start, end in times if start and end]
    if len(took) < FEWEST:
        return ""
    seconds = statistics.median(took)
    if seconds < LONGEST_IN_SECONDS:
        about = max(5, 5 * round(seconds / 5))
        return ngettext("about %(n)s second", "about %(n)s seconds", about) % {"n": about}
    minutes = round(seconds / 60)
    return ngettext("about %(n)s minute", "about %(n)s minutes", minutes) % {"n": minutes}
