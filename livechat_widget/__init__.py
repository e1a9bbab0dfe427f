"""Self-hosted live chat for Django: a widget for visitors, a console for agents in the admin."""

__version__ = "0.1.0"
