from ..registry import Registry

ACTIONS = Registry()
