"""Strangers judge what certpress writes: other people's programs read, render and verify it."""
