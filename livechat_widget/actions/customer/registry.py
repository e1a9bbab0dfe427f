"""The actions of customers, by the doors that lead to them."""

from ..registry import Registry

# On the socket, and by POST.
ACTIONS = Registry()
# By POST alone.
POSTS = Registry()
# By POST of a form with a file.
UPLOADS = Registry()
# By GET, without a token: an ``Onlooker`` asks.
READS = Registry()
