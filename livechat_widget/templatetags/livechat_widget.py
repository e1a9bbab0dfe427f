from typing import Any

from django.template import Context, Library
from django.urls import reverse
from django.utils.safestring import SafeString

from ..domain.reasons import explain
from ..linkify import link_page, linkify

register = Library()


@register.inclusion_tag("livechat_widget/launcher.html", takes_context=True)
def livechat_widget(context: Context, greetings: bool = False) -> dict[str, Any]:
    """The button that opens the chat. It says nothing about who looks: the page may be cached.

    With ``greetings`` each page asks whether there is a greeting, for which visitors get a cookie.
    """
    return {
        "greetings": greetings,
        "widget_url": reverse("livechat_widget:widget"),
        "csp_nonce": context.get("csp_nonce"),
    }


@register.filter
def lc_text(value: object) -> SafeString:
    """What somebody wrote, escaped, with its addresses as links."""
    return linkify(str(value))


@register.filter
def lc_page(value: object) -> SafeString:
    """The address of a page as a link, or as text where it is no page on the web."""
    return link_page(str(value))


@register.filter
def lc_why(value: dict[str, Any]) -> dict[str, Any]:
    """Why somebody got a chat, from the decision that is kept with the thread."""
    return explain(value)


@register.filter
def lc_initials(value: object) -> str:
    """The first letters of the first and the last word of a name, for who has no picture."""
    words = str(value).split()
    return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()
