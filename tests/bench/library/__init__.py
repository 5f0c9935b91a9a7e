"""What a page of a large library costs: `python -m tests.bench.library [SONGS]`, on SQLite or TEST_DATABASE_URL."""
