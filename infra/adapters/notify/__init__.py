"""Plugs that carry notices out of the house: mail, robots of group chats. Text messages: `infra.adapters.sms`."""
