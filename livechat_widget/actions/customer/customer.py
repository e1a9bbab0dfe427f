"""The customer itself (Customer Chat API: customers)."""

from msgspec import UNSET, Struct, UnsetType, structs

from ...domain import customers, greetings
from ...errors import ValidationFailed
from ...protocol.fields import Email, Name, SessionFields, Title, Url
from ...protocol.objects import Customer
from ..registry import Answer, Caller, Nothing
from .registry import ACTIONS


class GetCustomer(Struct):
    """The customer as it sees itself, with statistics."""


@ACTIONS.action
def get_customer(caller: Caller, request: GetCustomer) -> Answer[Customer]:
    caller.customer.refresh_from_db()
    return Answer(customers.describe(caller.customer))


class UpdateCustomer(Struct):
    """What the customer says of itself: at least one of these.

    Of a known customer, name, e-mail and avatar stay as the site has them.
    """

    name: Name | UnsetType = UNSET
    email: Email | UnsetType = UNSET
    avatar: Url | UnsetType = UNSET
    session_fields: SessionFields | UnsetType = UNSET

    def given(self) -> dict[str, object]:
        return {key: value for key, value in structs.asdict(self).items() if value is not UNSET}


@ACTIONS.action
def update_customer(caller: Caller, request: UpdateCustomer) -> Answer[Nothing]:
    given = request.given()
    if not given:
        raise ValidationFailed("payload: give a name, email, avatar or session_fields.")
    customers.introduce(caller.customer, **given)
    return Answer()


class SetCustomerSessionFields(Struct):
    """They take the place of those that were there."""

    session_fields: SessionFields


@ACTIONS.action
def set_customer_session_fields(
    caller: Caller, request: SetCustomerSessionFields
) -> Answer[Nothing]:
    customers.update(caller.customer, session_fields=request.session_fields)
    return Answer()


class UpdateCustomerPage(Struct):
    """The page that the customer is on now."""

    url: Url
    title: Title | UnsetType = UNSET


@ACTIONS.action
def update_customer_page(caller: Caller, request: UpdateCustomerPage) -> Answer[Nothing]:
    customers.open_page(caller.customer, request.url, request.title or "")
    greetings.offer(caller.customer, caller.group, caller.referrer)
    return Answer()
