"""The customer itself (Customer Chat API: customers)."""

import msgspec
from msgspec import UNSET, Struct, UnsetType

from ...domain import customers, greetings
from ...errors import ValidationFailed
from ...protocol.fields import Email, Name, Phone, SessionFields, Title, Url
from ...protocol.objects import Address, Customer, Omnichannel
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
    phone_number: Phone | UnsetType = UNSET
    address: Address | UnsetType = UNSET
    omnichannel: Omnichannel | UnsetType = UNSET
    session_fields: SessionFields | UnsetType = UNSET


@ACTIONS.action
def update_customer(caller: Caller, request: UpdateCustomer) -> Answer[Nothing]:
    given = msgspec.to_builtins(request)
    if not given:
        members = ", ".join(request.__struct_fields__)
        raise ValidationFailed(f"payload: give at least one of {members}.")
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


class ActivateCustomerPage(Struct):
    """The customer's page is in front of the others now."""


@ACTIONS.action
def activate_customer_page(caller: Caller, request: ActivateCustomerPage) -> Answer[Nothing]:
    customers.turn_to(caller.customer, active=True)
    return Answer()


class DeactivateCustomerPage(Struct):
    """The customer looks at something else now."""


@ACTIONS.action
def deactivate_customer_page(caller: Caller, request: DeactivateCustomerPage) -> Answer[Nothing]:
    customers.turn_to(caller.customer, active=False)
    return Answer()
