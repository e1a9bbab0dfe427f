"""The rig that breaks things on purpose; see docs/reliability.md."""
