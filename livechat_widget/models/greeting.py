from django.db import models
from django.utils.translation import gettext_lazy as _

from .agent import Agent
from .customer import Customer
from .group import Group
from .ids import draw_id


class GreetingTemplate(models.Model):
    """An invitation to chat, and when it is shown. Has a text, or a rich message instead."""

    class Subtype(models.TextChoices):
        GREETING = "greeting", _("greeting")
        ANNOUNCEMENT = "announcement", _("announcement")

    class Addon(models.TextChoices):
        EMAIL = "email", _("asks for the e-mail address")

    group = models.ForeignKey(
        Group,
        models.CASCADE,
        related_name="greeting_templates",
        verbose_name=_("group"),
        help_text=_("Greetings of the general group are for visitors of all groups."),
    )
    name = models.CharField(_("name"), max_length=200, help_text=_("Visitors do not see it."))
    text = models.TextField(_("text"), blank=True, max_length=4000)
    rich_message = models.JSONField(
        _("rich message"),
        null=True,
        blank=True,
        help_text=_("Instead of the text: a JSON object with template_id and elements."),
    )
    subtype = models.CharField(
        _("kind"), max_length=12, choices=Subtype.choices, default=Subtype.GREETING
    )
    addon = models.CharField(_("addition"), max_length=5, choices=Addon.choices, blank=True)
    active = models.BooleanField(
        _("active"), default=True, help_text=_("Whether it is shown without an agent's doing.")
    )
    conditions = models.JSONField(_("conditions"), default=list, blank=True)

    class Meta:
        verbose_name = _("greeting template")
        verbose_name_plural = _("greeting templates")

    def __str__(self) -> str:
        return self.name


class Greeting(models.Model):
    """One that was shown to a customer; neither accepted nor cancelled, it is waiting."""

    unique_id = models.CharField(
        _("unique id"), primary_key=True, max_length=10, default=draw_id, editable=False
    )
    customer = models.ForeignKey(Customer, models.CASCADE, related_name="greetings")
    template = models.ForeignKey(GreetingTemplate, models.CASCADE, related_name="greetings")
    agent = models.ForeignKey(Agent, models.CASCADE, related_name="greetings")
    accepted = models.BooleanField(_("accepted"), default=False)
    canceled = models.BooleanField(_("cancelled"), default=False)
    pressed = models.JSONField(_("pressed buttons"), default=list, blank=True)
    created_at = models.DateTimeField(_("created at"))

    class Meta:
        verbose_name = _("greeting")
        verbose_name_plural = _("greetings")
        constraints = [
            models.UniqueConstraint(
                fields=["customer"],
                condition=models.Q(accepted=False, canceled=False),
                name="livechat_one_waiting_greeting",
            )
        ]

    def __str__(self) -> str:
        return self.pk
