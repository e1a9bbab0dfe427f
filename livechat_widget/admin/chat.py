from django.contrib import admin
from django.urls import URLPattern
from django.utils.translation import gettext_lazy as _

from ..models import Chat, ChatUser, Thread
from .console_urls import console_urls
from .event import EventInline
from .read_only import ReadOnlyAdmin, ReadOnlyInline


class ThreadInline(ReadOnlyInline):
    model = Thread
    fields = ["id", "group", "agent", "active", "created_at", "ended_at"]
    ordering = ["created_at"]
    show_change_link = True


class ChatUserInline(ReadOnlyInline):
    model = ChatUser
    fields = ["author", "agent", "present", "seen_up_to"]


@admin.register(Chat)
class ChatAdmin(ReadOnlyAdmin):
    change_list_template = "livechat_widget/admin/chat_list.html"
    list_display = ["customer", "group", "agent", "active", "created_at", "id"]
    list_filter = [
        "last_thread__active",
        ("last_thread__group", admin.RelatedOnlyFieldListFilter),
        ("last_thread__agent", admin.RelatedOnlyFieldListFilter),
        "organization",
    ]
    list_select_related = ["customer", "last_thread__group", "last_thread__agent"]
    search_fields = ["=id", "=threads__id", "customer__name", "customer__email"]
    date_hierarchy = "created_at"
    ordering = ["-created_at"]
    inlines = [ThreadInline, ChatUserInline, EventInline]

    def get_urls(self) -> list[URLPattern]:
        return [*console_urls(self.admin_site), *super().get_urls()]

    @admin.display(description=_("group"), ordering="last_thread__group__name")
    def group(self, chat: Chat) -> str:
        return chat.last_thread.group.name if chat.last_thread else ""

    @admin.display(description=_("agent"), ordering="last_thread__agent__name")
    def agent(self, chat: Chat) -> str:
        agent = chat.last_thread and chat.last_thread.agent
        return agent.name if agent else ""

    @admin.display(description=_("active"), boolean=True, ordering="last_thread__active")
    def active(self, chat: Chat) -> bool:
        return bool(chat.last_thread and chat.last_thread.active)


@admin.register(Thread)
class ThreadAdmin(ReadOnlyAdmin):
    organization_path = "chat__organization"
    list_display = ["id", "chat", "group", "agent", "active", "created_at", "ended_at"]
    list_filter = ["active", "group", "chat__organization"]
    list_select_related = ["chat", "group", "agent"]
    search_fields = ["=id", "=chat__id", "chat__customer__name", "chat__customer__email"]
    date_hierarchy = "created_at"
    ordering = ["-created_at"]
    inlines = [EventInline]


@admin.register(ChatUser)
class ChatUserAdmin(ReadOnlyAdmin):
    organization_path = "chat__organization"
    list_display = ["chat", "author", "agent", "present", "seen_up_to"]
    list_filter = ["present", "chat__organization"]
    list_select_related = ["chat", "agent"]
    search_fields = ["=chat__id", "=author", "agent__name"]
