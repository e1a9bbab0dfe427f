"""Who looks: decides what is seen, and under which id an agent goes."""

from enum import StrEnum


class View(StrEnum):
    CUSTOMER = "customer"
    AGENT = "agent"
