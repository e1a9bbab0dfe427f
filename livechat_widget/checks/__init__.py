"""System checks, numbered: every way of setting this app up wrongly, with what to type instead.

``manage.py check --tag livechat`` runs them alone. docs/install.md lists the numbers.
"""

from . import database, files, layer, operation, options, site, sockets

__all__ = ["database", "files", "layer", "operation", "options", "site", "sockets"]
