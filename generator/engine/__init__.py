"""The embedded song engine: from a prompt and words to two finished takes."""
