"""Ten messages each way, with what happens to people meanwhile."""

import itertools

from playwright.sync_api import expect

from livechat_widget.models import Event
from tests.browser.line import Line
from tests.browser.people import Agent, Visitor

HELD = "Not sent yet. It will go out as soon as the connection is back."


class Conversation:
    """Of one visitor and one agent, each with a line of their own to a server."""

    def __init__(self, visitor: Visitor, agent: Agent, lines: tuple[Line, Line]) -> None:
        self.visitor, self.agent = visitor, agent
        self.visitors_line, self.agents_line = lines
        self._questions = (f"Question {number} of {visitor.name}" for number in range(1, 11))
        self._answers = (f"Answer {number} to {visitor.name}" for number in range(1, 11))

    def begin(self) -> None:
        """From the host page and from the console's list."""
        self.agent.visit(self.agents_line.url)
        self.visitor.page.goto(self.visitors_line.url)
        self.visitor.press_launcher()
        self.visitor.introduce()
        self.visitor.say(next(self._questions))
        expect(self.visitor.at("#lc-header")).to_contain_text("Waiting for an agent")
        self.agent.take(self.visitor.name)
        expect(self.visitor.at("#lc-header")).to_contain_text("Ann")
        self.answer()

    def ask(self) -> None:
        text = next(self._questions)
        self.visitor.say(text)
        expect(self.agent.messages.last).to_have_text(text)

    def answer(self) -> None:
        text = next(self._answers)
        self.agent.say(text)
        expect(self.visitor.messages.last).to_have_text(text)

    def exchange(self, times: int) -> None:
        for _ in range(times):
            self.ask()
            self.answer()

    def reload_host_page(self) -> None:
        """Its panel was open, and opens again."""
        self.visitor.page.reload()
        self.visitor.enter_frame()
        expect(self.visitor.messages.last).to_be_visible()

    def reload_console(self) -> None:
        """Its panes were open, and open again."""
        self.agent.page.reload()
        expect(self.agent.messages.last).to_be_visible()

    def cut_visitor(self) -> None:
        """Both write while the visitor is cut off."""
        question, answer = next(self._questions), next(self._answers)
        self.visitors_line.cut()
        self.visitor.write(question)
        expect(self.visitor.note).to_have_text(HELD)
        expect(self.visitor.banner).to_be_visible()
        self.agent.say(answer)
        expect(self.visitor.messages.filter(has_text=answer)).to_have_count(0)
        self.visitors_line.restore()
        self._expect_both(question, answer)
        expect(self.visitor.banner).to_be_hidden()
        expect(self.visitor.field).to_have_value("")

    def cut_agent(self) -> None:
        """Both write while the agent is cut off."""
        question, answer = next(self._questions), next(self._answers)
        self.agents_line.cut()
        self.agent.write(answer)
        expect(self.agent.note).to_have_text(HELD)
        self.visitor.say(question)
        expect(self.agent.messages.filter(has_text=question)).to_have_count(0)
        self.agents_line.restore()
        self._expect_both(question, answer)
        expect(self.agent.state).to_have_attribute("data-state", "open")
        expect(self.agent.field).to_have_value("")

    def _expect_both(self, *texts: str) -> None:
        for messages, text in itertools.product(
            (self.visitor.messages, self.agent.messages), texts
        ):
            expect(messages.filter(has_text=text)).to_have_count(1)

    def check(self) -> None:
        """Both pages show the same twenty messages, each once, as they are stored."""
        chat = self.agent.pane.get_attribute("data-chat")
        rows = Event.objects.filter(chat=chat, type="message").order_by("created_at")
        texts = [row.content["text"] for row in rows]
        kinds = [(text.startswith("Question"), int(text.split()[1])) for text in texts]
        for asked in (True, False):
            assert [number for one, number in kinds if one is asked] == list(range(1, 11))
        for messages in (self.visitor.messages, self.agent.messages):
            expect(messages).to_have_text(texts)
