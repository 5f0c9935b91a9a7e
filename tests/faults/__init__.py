"""Processes are killed, frozen, starved and set to wrong clocks; no song and no credit is lost by it."""
