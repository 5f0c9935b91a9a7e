"""The v6 song vocabulary, shared by the host we call and the host we are."""
