"""The embedded song engine: from a prompt and words to two finished takes.

One door: `Workers.submit(job)` gives typed reports while child processes make the song, and `Workers.separate(job, …)`
while one takes a take apart. Importing this package loads
none of what they need; that happens in the children.
"""

import os

from generator.engine.pool import Workers
from generator.engine.reports import Changed, Finished, Job, Planned, Playable, Progress, Report, Separated, StemsReport

__all__ = [
    "Changed",
    "Finished",
    "Job",
    "Planned",
    "Playable",
    "Progress",
    "Report",
    "Separated",
    "StemsReport",
    "Workers",
]

# onnxruntime reports its use to its maker, and keeps a device id in the home folder, unless this is set before it is
# imported; its own disable_telemetry_events() comes too late (both measured with 1.32.0).
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
