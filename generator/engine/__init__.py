"""The embedded song engine: from a prompt and words to two finished takes.

One door: `Workers.submit(job)` gives typed reports while child processes make the song. Importing this package loads
none of what they need; that happens in the children.
"""

from generator.engine.pool import Workers
from generator.engine.reports import Finished, Job, Planned, Playable, Progress, Report

__all__ = ["Finished", "Job", "Planned", "Playable", "Progress", "Report", "Workers"]
