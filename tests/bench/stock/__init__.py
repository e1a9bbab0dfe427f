"""What one would write with Channels alone: an echo, a relay to a group, and a careful chat."""
