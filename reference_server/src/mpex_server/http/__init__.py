"""The edge: operations of the OpenAPI document, validation, the unit of work around each handler."""
