"""`python -m mpex_server` is the command `mpex-server`."""

from mpex_server.cli import app

if __name__ == "__main__":
    app()
