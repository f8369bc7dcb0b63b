"""Received releases: data of partners, kept under the conditions of the release."""
