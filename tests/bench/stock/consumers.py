"""The control is careful: the room is looked up once, one INSERT a message, ack after it."""

from typing import Any

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncJsonWebsocketConsumer, AsyncWebsocketConsumer

from .models import Message, Room


class Echo(AsyncWebsocketConsumer):
    async def receive(self, text_data: str = "", bytes_data: bytes = b"") -> None:
        await self.send(text_data=text_data)


class Relay(AsyncWebsocketConsumer):
    groups = ["relay"]

    async def receive(self, text_data: str = "", bytes_data: bytes = b"") -> None:
        await self.channel_layer.group_send("relay", {"type": "relay.text", "text": text_data})

    async def relay_text(self, message: dict[str, Any]) -> None:
        await self.send(text_data=message["text"])


class Chat(AsyncJsonWebsocketConsumer):
    async def connect(self) -> None:
        route = self.scope["url_route"]["kwargs"]
        self.author = route["author"]
        self.group = f"room.{route['name']}"
        self.room = await self.find_room(route["name"])
        await self.channel_layer.group_add(self.group, self.channel_name)
        await self.accept()

    async def disconnect(self, code: int) -> None:
        await self.channel_layer.group_discard(self.group, self.channel_name)

    async def receive_json(self, content: Any, **kwargs: Any) -> None:
        message = await self.store(content["text"])
        push = {
            "type": "chat.message",
            "id": message.pk,
            "author": message.author,
            "text": message.text,
            "created_at": message.created_at.isoformat(),
        }
        await self.channel_layer.group_send(self.group, push)
        await self.send_json({"type": "ack", "id": content["id"]})

    async def chat_message(self, event: dict[str, Any]) -> None:
        await self.send_json({**event, "type": "message"})

    @database_sync_to_async
    def find_room(self, name: str) -> Room:
        return Room.objects.get_or_create(name=name)[0]

    @database_sync_to_async
    def store(self, text: str) -> Message:
        return Message.objects.create(room=self.room, author=self.author, text=text)
