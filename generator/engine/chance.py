"""Seeded chance. Every choice draws from its own stream, so a new choice in one place moves nothing elsewhere."""

from __future__ import annotations

import zlib

import numpy as np


def dice(seed: int, *about: str | int) -> np.random.Generator:
    """The random stream of one decision: the same for the same seed and the same `about`, in every process."""
    return np.random.default_rng([abs(seed), zlib.crc32("/".join(map(str, about)).encode("utf-8", "replace"))])
