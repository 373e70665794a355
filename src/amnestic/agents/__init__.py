"""The agents: each judges or words one thing, by a local engine and, where one is configured, a
chat model on top of it."""
