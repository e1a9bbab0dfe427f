"""Forms: which one a group asks, and what is asked in it."""

from collections.abc import Iterable
from typing import Any

from msgspec import UNSET

from ..errors import GroupNotFound
from ..models import Form, FormField, Group, Organization
from ..protocol import forms
from ..protocol.answers import FilledField, FilledGroupChooser
from .organizations import GENERAL_GROUP

_LONGEST_ID = 18  # digits, which both databases take for a key


def find(
    organization: Organization | int, group_number: int, form_type: forms.FormType
) -> forms.GroupForm | None:
    """The group's own form, else that of the general group; None where it is off or empty."""
    groups = Group.objects.filter(organization=organization)
    if not groups.filter(number=group_number).exists():
        raise GroupNotFound
    rows = Form.objects.filter(
        group__organization=organization,
        group__number__in={group_number, GENERAL_GROUP},
        type=form_type,
    )
    row = rows.order_by("-group__number").prefetch_related("fields").first()
    if row is None or not row.enabled:
        return None
    return _describe(row, list(groups))


def find_by_id(
    organization: Organization | int, form_id: str
) -> tuple[str, forms.GroupForm] | None:
    """A form of the organization, whatever group asks it, with its type; None where it is off,
    empty or absent."""
    if not (form_id.isascii() and form_id.isdecimal()) or len(form_id) > _LONGEST_ID:
        return None
    found = Form.objects.filter(pk=form_id, group__organization=organization, enabled=True)
    row = found.prefetch_related("fields").first()
    if row is None:
        return None
    form = _describe(row, list(Group.objects.filter(organization=organization)))
    return (row.type, form) if form else None


def chosen_group(answers: Iterable[FilledField], default: int) -> int:
    """The number of the group that the answers ask for."""
    for filled in answers:
        if isinstance(filled, FilledGroupChooser) and filled.answer:
            return filled.answer.group_id
    return default


def options_of(field: FormField) -> list[forms.Option]:
    """From the lines that were typed; one that begins with * is chosen beforehand."""
    return [
        forms.Option(str(place), line.removeprefix("*").strip(), checked=line.startswith("*"))
        for place, line in enumerate(lines_of(field))
    ]


def lines_of(field: FormField) -> list[str]:
    return [line.strip() for line in field.options.splitlines() if line.strip()]


def _describe(row: Form, groups: list[Group]) -> forms.GroupForm | None:
    fields = [_describe_field(row, field, groups) for field in row.fields.all()]
    return forms.GroupForm(id=str(row.pk), fields=fields) if fields else None


def _describe_field(row: Form, field: FormField, groups: list[Group]) -> Any:
    kind = forms.FIELDS[field.type]
    members: dict[str, Any] = {}
    if issubclass(kind, forms.Asked):
        members["required"] = field.required
    if issubclass(kind, forms.Choosing):
        members["options"] = options_of(field)
    if kind is forms.GroupChooser:
        members["options"] = [
            forms.GroupOption(str(group.number), group.name, group.number) for group in groups
        ]
    if kind is forms.CheckboxForEmail:
        members["checked"] = field.checked
    if kind is forms.Rating:
        members["comment_label"] = " ".join(lines_of(field))
    # Published clients take a form whose first field has no id for a ticket form.
    field_id = UNSET if row.type == Form.Type.TICKET else str(field.pk)
    return kind(id=field_id, label=field.label, **members)
