"""Kinds of text in requests. PostgreSQL cannot store NUL, so none of them may hold it."""

from typing import Annotated, Any

from msgspec import Meta

# As JSON Schema wants it, too, which knows neither \A nor \Z.
_NO_NUL = r"^[^\x00]*$"

Text = Annotated[str, Meta(pattern=_NO_NUL)]
Name = Annotated[str, Meta(pattern=_NO_NUL, max_length=200)]
Email = Annotated[str, Meta(pattern=_NO_NUL, max_length=254)]
Url = Annotated[str, Meta(pattern=_NO_NUL, max_length=2000)]
# Of a button.
Value = Annotated[str, Meta(pattern=_NO_NUL, min_length=1, max_length=2000)]
Title = Annotated[str, Meta(pattern=_NO_NUL, max_length=1000)]
Id = Annotated[str, Meta(pattern=_NO_NUL, min_length=1, max_length=255)]
# As E.164 has it; empty takes it back.
Phone = Annotated[str, Meta(pattern=r"^(\+[1-9][0-9]{1,14})?$(?!\n)")]
PageId = Annotated[str, Meta(max_length=1000)]
SessionFields = list[dict[Name, Text]]
SideStorage = Annotated[dict[Name, Text], Meta(max_length=100)]
# {namespace: {name: value}}, and of what is to be deleted {namespace: [name, ...]}
Properties = dict[str, dict[str, Any]]
NewProperties = dict[Name, dict[Name, bool | int | Text]]
PropertyNames = dict[Name, list[Name]]
