"""The v6 song protocol as this site serves it, and the pages for those who write programs."""
