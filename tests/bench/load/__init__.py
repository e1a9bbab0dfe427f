"""The load generator: a process of its own, so that no server shares its time with its clients."""
