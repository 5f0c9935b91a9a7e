"""An upstream that misbehaves on purpose, and the real server against it: what a song's owner is told stays true."""
