"""System checks, numbered: every way of setting this app up wrongly, with what to type instead."""
