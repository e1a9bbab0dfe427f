from django.db import models
from django.utils.translation import gettext_lazy as _

from .group import Group


class Form(models.Model):
    """What visitors of a group are asked; a group without one has that of the general group."""

    class Type(models.TextChoices):
        PRECHAT = "prechat", _("before the chat")
        POSTCHAT = "postchat", _("after the chat")
        TICKET = "ticket", _("ticket")

    group = models.ForeignKey(
        Group,
        models.CASCADE,
        related_name="forms",
        verbose_name=_("group"),
        help_text=_("The form of the general group is for all groups that have none of their own."),
    )
    type = models.CharField(_("type"), max_length=8, choices=Type.choices)
    enabled = models.BooleanField(_("enabled"), default=True)

    class Meta:
        verbose_name = _("form")
        verbose_name_plural = _("forms")
        ordering = ["group", "type"]
        constraints = [models.UniqueConstraint(fields=["group", "type"], name="livechat_one_form")]

    def __str__(self) -> str:
        return f"{self.group}: {self.get_type_display()}"


class FormField(models.Model):
    """One thing that a form asks."""

    class Type(models.TextChoices):
        HEADER = "header", _("heading, asks nothing")
        NAME = "name", _("name")
        EMAIL = "email", _("e-mail address")
        QUESTION = "question", _("one line")
        TEXTAREA = "textarea", _("several lines")
        SUBJECT = "subject", _("subject")
        RADIO = "radio", _("one of several, as a list")
        SELECT = "select", _("one of several, to unfold")
        CHECKBOX = "checkbox", _("any of several")
        CHECKBOX_FOR_EMAIL = "checkbox_for_email", _("consent to e-mail")
        GROUP_CHOOSER = "group_chooser", _("choice of a group")
        RATING = "rating", _("rating of the chat")

    form = models.ForeignKey(Form, models.CASCADE, related_name="fields")
    position = models.PositiveSmallIntegerField(
        _("position"), default=0, help_text=_("Smaller numbers come first.")
    )
    type = models.CharField(_("type"), max_length=20, choices=Type.choices)
    label = models.CharField(_("label"), max_length=500)
    required = models.BooleanField(_("required"), default=False)
    checked = models.BooleanField(
        _("ticked"), default=False, help_text=_("Only for the consent: whether it is ticked first.")
    )
    options = models.TextField(
        _("options"),
        blank=True,
        max_length=5000,
        help_text=_(
            "What there is to choose from, one per line; a line that begins with * is chosen"
            " first. Of a rating: the label of its comment."
        ),
    )

    class Meta:
        verbose_name = _("field")
        verbose_name_plural = _("fields")
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.label
