"""Places where a site may include the chat."""
